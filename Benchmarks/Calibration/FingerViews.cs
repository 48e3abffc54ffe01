using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>
/// The finger views that a calibration stands on, and which pairs of them are of different fingers.
/// </summary>
/// <param name="Views">One view per impression.</param>
/// <param name="Differ">Whether the views of two indexes are known to be of different fingers.</param>
/// <param name="SameSet">Whether both come from one set, so from one sensor.</param>
internal sealed record FingerViews(
    IReadOnlyList<FingerView> Views, Func<int, int, bool> Differ, Func<int, int, bool> SameSet)
{
    private const int SyntheticFinger = 2;

    /// <summary>
    /// Every impression of all sets; fingers known to be one under two names do not differ.
    /// </summary>
    /// <exception cref="InvalidDataException">The folder holds no set.</exception>
    public static FingerViews OfFolder(DirectoryInfo folder, Action<string> warn)
    {
        PreparedImpression[] read =
        [
            .. FingerFiles.Prepare([.. FvcFolder.Read(folder).SelectMany(set => set)], warn)
                .Where(impression => impression.View is not null),
        ];
        bool SameSet(int i, int j) => read[i].Impression.Set == read[j].Impression.Set;
        bool Differ(int i, int j) => SameSet(i, j)
            ? read[i].Impression.Finger != read[j].Impression.Finger
            : !SamePeople.AreOne(read[i].Impression, read[j].Impression);
        return new FingerViews([.. read.Select(impression => impression.View!)], Differ, SameSet);
    }

    /// <summary>The right index finger of each synthetic person, enrolment captures.</summary>
    public static FingerViews OfSyntheticPeople(int people, ulong seed)
    {
        var population = new SyntheticPopulation(seed);
        return new FingerViews(
            [.. Enumerable.Range(0, people).Select(i => population.Person(i).Finger(SyntheticFinger, 0))],
            (_, _) => true,
            (_, _) => true);
    }

    /// <summary>
    /// Scores of all comparisons of whole prints of different fingers, by where the two come from.
    /// </summary>
    public (List<double> Inside, List<double> Across) NonMatedScores()
    {
        FingerTemplate[] templates = [.. Views.Select(FingerTemplate.Prepare)];
        var scratch = new FingerScratch();
        List<double> inside = [];
        List<double> across = [];
        for (int j = 1; j < templates.Length; j++)
        {
            for (int i = 0; i < j; i++)
            {
                if (Differ(i, j))
                {
                    int raw = FingerScorer.Compare(templates[j], templates[i].Row, scratch);
                    (SameSet(i, j) ? inside : across).Add(
                        FingerCalibration.Score(raw, templates[j].Cylinders, templates[i].Cylinders));
                }
            }
        }

        return (inside, across);
    }
}
