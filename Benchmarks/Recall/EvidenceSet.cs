using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Fingers.Stage1;
using MatchCluster.Matching.Scan.Screening;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Benchmarks.Recall;

/// <summary>
/// First-stage evidence and second-stage scores of every two impressions of a set. Each probe is normalised by the
/// impressions of the set's other fingers, as a search normalises it by the gallery.
/// </summary>
internal sealed class EvidenceSet
{
    /// <summary>Score from which an exhaustive search finds somebody: one false match in 1,000.</summary>
    public const double FoundFrom = 30;

    private const int Draws = 20_000;
    private const int Seed = 7;
    private const int Resamples = 400;

    private readonly int[][] impressions;
    private readonly int[,] evidence;
    private readonly double[,] scores;
    private readonly int[,] similarities;

    private EvidenceSet(string name, int[][] impressions, int[,] evidence, double[,] scores, int[,] similarities)
    {
        Name = name;
        this.impressions = impressions;
        this.evidence = evidence;
        this.scores = scores;
        this.similarities = similarities;
    }

    public string Name { get; }

    /// <summary>Fingers of the set.</summary>
    public int Fingers => impressions.Length;

    public static EvidenceSet Of(string name, IReadOnlyList<PreparedImpression> set)
    {
        PreparedImpression[] read = [.. set.Where(impression => impression.Template is not null)];
        FingerTemplate[] templates = [.. read.Select(impression => impression.Template!)];
        int[] fingers = [.. read.Select(impression => impression.Impression.Finger)];
        int[,] evidence = new int[read.Length, read.Length];
        double[,] scores = new double[read.Length, read.Length];
        int[,] similarities = new int[read.Length, read.Length];
        var scratch = new FingerScratch();
        for (int i = 0; i < read.Length; i++)
        {
            int[] distances = Distances(templates[i], templates);
            var strangers = new NonMatedDistances();
            for (int j = 0; j < read.Length; j++)
            {
                if (fingers[i] != fingers[j])
                {
                    strangers.Add(distances[j]);
                }
            }

            for (int j = 0; j < read.Length; j++)
            {
                evidence[i, j] = ScreenEvidence.Of(
                    distances[j], strangers.Mean, strangers.Deviation,
                    ScreenEvidence.UnitOf(Math.Min(templates[i].Cylinders, templates[j].Cylinders)));
                FingerMatch match = FingerMatcher.Compare(templates[i], templates[j].Row, scratch);
                similarities[i, j] = match.Similarity;
                scores[i, j] = FingerCalibration.Score(
                    match.Strength, templates[i].Cylinders, templates[j].Cylinders);
            }
        }

        int[][] impressions =
            [.. Enumerable.Range(0, read.Length).GroupBy(i => fingers[i]).Select(finger => finger.ToArray())];
        return new EvidenceSet(name, impressions, evidence, scores, similarities);
    }

    /// <summary>
    /// Pseudo-persons of so many fingers of the set, drawn at random: the probe is one impression of each, the gallery
    /// another of those fingers (mated) or of as many others (non-mated).
    /// </summary>
    /// <param name="count">Fingers of a person.</param>
    /// <param name="threshold">Score (-10 log10 FMR) from which an exhaustive search finds somebody.</param>
    public PersonEvidence People(int count, double threshold)
    {
        List<Screened> mated = [];
        List<Screened> strangers = [];
        var random = new Random(Seed + count);
        int[] order = [.. Enumerable.Range(0, impressions.Length)];
        for (int draw = 0; draw < Draws; draw++)
        {
            random.Shuffle(order);
            (Screened own, Screened others, bool isFound) = Draw(order, count, threshold, random);
            strangers.Add(others);
            if (isFound)
            {
                mated.Add(own);
            }
        }

        return new PersonEvidence(mated, strangers, threshold);
    }

    /// <summary>
    /// 95 % interval of the recall: fingers drawn with replacement, so that what shares a finger stays together.
    /// </summary>
    public (double Low, double High) RecallInterval(int count, double threshold)
    {
        var random = new Random(Seed + count);
        List<double> recalls = [];
        for (int resample = 0; resample < Resamples; resample++)
        {
            int[] drawn = [.. impressions.Select(_ => random.Next(impressions.Length))];
            int[] fingers = [.. drawn.Distinct()];
            if (fingers.Length < count)
            {
                continue;
            }

            List<Screened> mated = [];
            for (int draw = 0; draw < Draws / Resamples * 5; draw++)
            {
                // A finger drawn twice is taken twice as often.
                random.Shuffle(drawn);
                (Screened own, _, bool isFound) = Draw(
                    [.. drawn.Distinct().Take(count), .. fingers], count, threshold, random);
                if (isFound)
                {
                    mated.Add(own);
                }
            }

            recalls.Add(new PersonEvidence(mated, [], threshold).Recall);
        }

        recalls.Sort();
        return (recalls[recalls.Count / 40], recalls[recalls.Count - 1 - (recalls.Count / 40)]);
    }

    private (Screened Own, Screened Others, bool IsFound) Draw(
        int[] order, int count, double threshold, Random random)
    {
        double[] reached = new double[count];
        Screened own = default;
        Screened others = default;
        for (int i = 0; i < count; i++)
        {
            int[] finger = impressions[order[i]];
            int[] other = impressions[order[i + count]];
            int probe = random.Next(finger.Length);
            int row = (probe + 1 + random.Next(finger.Length - 1)) % finger.Length;
            own = Add(own, finger[probe], finger[row], order[i]);
            others = Add(others, finger[probe], other[row % other.Length], order[i]);
            reached[i] = scores[finger[probe], finger[row]];
        }

        return (own, others, Fusion.Fuse(reached) >= threshold);
    }

    private Screened Add(Screened sum, int probe, int row, int finger) =>
        sum.With(evidence[probe, row], similarities[probe, row], scores[probe, row], finger);

    private static int[] Distances(FingerTemplate probeTemplate, FingerTemplate[] rows)
    {
        var probe = new Stage1Probe(probeTemplate.Row);
        ushort[] block = new ushort[Stage1Block.Length];
        ushort[] found = new ushort[Stage1Parameters.Rows];
        int[] distances = new int[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            Stage1Block.Clear(block);
            Stage1Block.Put(block, 0, FingerRow.Over(rows[i].Row), 0);
            Stage1Scan.Distances(block, probe, found);
            distances[i] = found[0] - ScreenEvidence.FartherOf(rows[i].Cylinders);
        }

        return distances;
    }
}
