using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>One comparison of two different fingers.</summary>
/// <param name="Raw">Similarity, from <see cref="FingerScorer.Compare"/>.</param>
/// <param name="ProbeCylinders">Cylinders of the one.</param>
/// <param name="RowCylinders">Cylinders of the other.</param>
/// <param name="SameSet">Whether both come from one set, so from one sensor.</param>
internal readonly record struct FingerPair(int Raw, int ProbeCylinders, int RowCylinders, bool SameSet)
{
    /// <summary>What the engine says of it, -10 log10 FMR.</summary>
    public double Score => FingerCalibration.Score(Raw, ProbeCylinders, RowCylinders);
}

/// <summary>The non-mated comparisons that a finger calibration stands on.</summary>
internal static class FingerPairs
{
    private const int SyntheticFinger = 2;

    /// <summary>
    /// Every pair of impressions of different fingers of all sets, those left out that are known to be one finger.
    /// </summary>
    public static List<FingerPair> OfFolder(DirectoryInfo folder, Action<string> warn)
    {
        PreparedImpression[] all =
        [
            .. FingerFiles.Prepare([.. FvcFolder.Read(folder).SelectMany(set => set)], warn)
                .Where(impression => impression.Template is not null),
        ];
        return Compare(
            [.. all.Select(impression => impression.Template!)],
            (i, j) => Differ(all[i].Impression, all[j].Impression),
            (i, j) => all[i].Impression.Set == all[j].Impression.Set);
    }

    /// <summary>Every pair of right index fingers of synthetic people, enrolment captures.</summary>
    public static List<FingerPair> OfSyntheticPeople(int people, ulong seed)
    {
        var population = new SyntheticPopulation(seed);
        return Compare(
            [
                .. Enumerable.Range(0, people)
                    .Select(i => FingerTemplate.Prepare(population.Person(i).Finger(SyntheticFinger, 0))),
            ],
            (_, _) => true,
            (_, _) => true);
    }

    private static bool Differ(FvcImpression a, FvcImpression b) =>
        a.Set == b.Set ? a.Finger != b.Finger : !SamePeople.AreOne(a, b);

    private static List<FingerPair> Compare(
        FingerTemplate[] templates, Func<int, int, bool> differ, Func<int, int, bool> sameSet)
    {
        var scratch = new FingerScratch();
        List<FingerPair> pairs = [];
        for (int j = 1; j < templates.Length; j++)
        {
            for (int i = 0; i < j; i++)
            {
                if (differ(i, j))
                {
                    pairs.Add(new FingerPair(
                        FingerScorer.Compare(templates[j], templates[i].Row, scratch),
                        templates[j].Cylinders,
                        templates[i].Cylinders,
                        sameSet(i, j)));
                }
            }
        }

        return pairs;
    }
}
