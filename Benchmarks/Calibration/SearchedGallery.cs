using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>One search for somebody who is enrolled.</summary>
/// <param name="Identities">Searched.</param>
/// <param name="Threshold">That the server takes for so many.</param>
/// <param name="Mate">Score of the identity itself.</param>
/// <param name="Stranger">The highest score of any other.</param>
internal readonly record struct SearchOutcome(double Identities, double Threshold, double Mate, double Stranger);

/// <summary>Generated people, right and left index finger of each, searched without a first stage.</summary>
internal sealed class SearchedGallery
{
    private const double Target = 0.01;

    /// <summary>Searched for by nothing else.</summary>
    private const ulong Seed = 91;

    private static readonly int[] Codes = [2, 7];

    private readonly FingerView[][] views;
    private readonly FingerTemplate[][] people;

    public SearchedGallery(int count)
    {
        var population = new SyntheticPopulation(Seed);
        views = new FingerView[count][];
        people = new FingerTemplate[count][];
        Parallel.For(0, count, i =>
        {
            views[i] = [.. Codes.Select(code => population.Person(i).Finger(code, 0))];
            people[i] = [.. views[i].Select(FingerTemplate.Prepare)];
        });
    }

    /// <summary>The first finger of everybody, as an installation reads its gallery.</summary>
    public FingerViews AsViews() => new(
        [.. views.Select(person => person[0])], [.. views.Select(_ => "the gallery")],
        [.. Enumerable.Range(0, views.Length)], (i, j) => i != j);

    /// <summary>
    /// Every impression but the first of a set's identities is searched for among them and the generated people.
    /// </summary>
    /// <param name="real">The sets.</param>
    /// <param name="set">Number of the one that is enrolled.</param>
    /// <param name="together">
    /// Fingers of an identity, 1 or 2: neighbours by number are one person's two index fingers.
    /// </param>
    /// <param name="by">What it is scored by.</param>
    public SearchOutcome[] Search(FingerViews real, int set, int together, ScoreCalibration by)
    {
        FingerTemplate[][] fingers =
        [
            .. Enumerable.Range(0, real.Views.Count).Where(i => real.SetOf[i] == set)
                .GroupBy(i => real.FingerOf[i], i => FingerTemplate.Prepare(real.Views[i]))
                .Select(finger => finger.ToArray()),
        ];
        FingerTemplate[][][] enrolled = [.. fingers.Chunk(together).Where(person => person.Length == together)];
        (int Person, int Impression)[] searches =
        [
            .. enrolled.SelectMany((person, p) => Enumerable.Range(1, person.Min(finger => finger.Length) - 1)
                .Select(impression => (p, impression))),
        ];
        int identities = people.Length + enrolled.Length;
        double threshold = Fpir.ThresholdFor(Target, identities);
        var found = new SearchOutcome[searches.Length];
        Parallel.For(0, searches.Length, () => new FingerScratch(), (n, _, scratch) =>
        {
            (int self, int impression) = searches[n];
            FingerTemplate[] probe = [.. enrolled[self].Select(finger => finger[impression])];
            double mate = 0;
            double stranger = 0;
            for (int p = 0; p < enrolled.Length; p++)
            {
                double score = Fused(probe, [.. enrolled[p].Select(finger => finger[0])], by, scratch);
                (mate, stranger) = p == self ? (score, stranger) : (mate, Math.Max(stranger, score));
            }

            foreach (FingerTemplate[] person in people)
            {
                stranger = Math.Max(stranger, Fused(probe, person, by, scratch));
            }

            found[n] = new SearchOutcome(identities, threshold, mate, stranger);
            return scratch;
        }, _ => { });
        return found;
    }

    private static double Fused(
        FingerTemplate[] probe, FingerTemplate[] rows, ScoreCalibration by, FingerScratch scratch)
    {
        Span<double> scores = stackalloc double[probe.Length];
        for (int i = 0; i < probe.Length; i++)
        {
            int strength = FingerMatcher.Compare(probe[i], rows[i].Row, scratch).Strength;
            scores[i] = by.FingerScore(strength, probe[i].Cylinders, rows[i].Cylinders);
        }

        return Fusion.Fuse(scores);
    }
}
