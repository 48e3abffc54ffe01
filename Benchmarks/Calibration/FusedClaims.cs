using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Scores;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>
/// How fused scores hold: people of two fingers each, neighbours by number inside a set (in sets that were collected
/// finger by finger these are often one volunteer's), each compared with each, both fingers fused. Beside them stand
/// the same scores with the second finger's taken from another comparison of the set, so that nothing but the
/// dependence of the two is different.
/// </summary>
internal static class FusedClaims
{
    private static readonly int[] Levels = [10, 20, 30, 40];
    private const int Seed = 3;

    /// <param name="console">Where it is written.</param>
    /// <param name="views">Views of sets with four fingers or more.</param>
    /// <param name="by">What each set, by number, is scored by.</param>
    public static void Write(IAnsiConsole console, FingerViews views, Func<int, ScoreCalibration> by)
    {
        List<ScoredPair> together = [];
        List<ScoredPair> shuffled = [];
        var random = new Random(Seed);
        for (int set = 0; set < views.SetNames.Count; set++)
        {
            (int First, int Second, double One, double Other)[] compared = [.. OfSet(views, set, by(set))];
            int[] order = [.. Enumerable.Range(0, compared.Length)];
            random.Shuffle(order);
            for (int i = 0; i < compared.Length; i++)
            {
                (int first, int second, double one, double other) = compared[i];
                together.Add(new ScoredPair(set, first, second, Fusion.Fuse([one, other])));
                shuffled.Add(new ScoredPair(set, first, second, Fusion.Fuse([one, compared[order[i]].Other])));
            }
        }

        console.WriteLine(
            "two fingers fused, whole prints inside the sets, curves of the other sets: claimed and observed FMR of "
            + $"{together.Count:#,0} non-mated comparisons of two people");
        Table table = ClaimTable.New(
            "score", "claimed", "observed", "95 % by person", "times the claim", "times, second finger of others");
        FingerClaim[] alone = FingerClaims.Of(shuffled, Levels);
        foreach ((FingerClaim claim, FingerClaim other) in FingerClaims.Of(together, Levels).Zip(alone))
        {
            table.AddRow(
                claim.Score.ToString(), claim.Claimed.ToString("0.0e+0"), claim.Observed.ToString("0.0e+0"),
                Markup.Escape($"[{claim.Low:0.0e+0}, {claim.High:0.0e+0}]"), claim.Times.ToString("0.00"),
                other.Times.ToString("0.00"));
        }

        console.Write(table);
    }

    private static IEnumerable<(int First, int Second, double One, double Other)> OfSet(
        FingerViews views, int set, ScoreCalibration by)
    {
        var scratch = new FingerScratch();
        FingerTemplate[][] fingers =
        [
            .. Enumerable.Range(0, views.Views.Count).Where(i => views.SetOf[i] == set)
                .GroupBy(i => views.FingerOf[i], i => FingerTemplate.Prepare(views.Views[i]))
                .Select(finger => finger.ToArray()),
        ];
        for (int a = 0; a + 1 < fingers.Length; a += 2)
        {
            for (int b = a + 2; b + 1 < fingers.Length; b += 2)
            {
                int taken = Math.Min(fingers[a].Length, fingers[a + 1].Length);
                int met = Math.Min(fingers[b].Length, fingers[b + 1].Length);
                for (int i = 0; i < taken * met; i++)
                {
                    (int x, int y) = (i / met, i % met);
                    yield return (a / 2, b / 2, Score(fingers[a][x], fingers[b][y]),
                        Score(fingers[a + 1][x], fingers[b + 1][y]));
                }
            }
        }

        double Score(FingerTemplate probe, FingerTemplate row) => by.FingerScore(
            FingerMatcher.Compare(probe, row.Row, scratch).Strength, probe.Cylinders, row.Cylinders);
    }
}
