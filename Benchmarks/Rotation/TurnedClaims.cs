using MatchCluster.Benchmarks.Calibration;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Scores;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Rotation;

/// <summary>
/// How often upright prints of different fingers reach a score: as sent, at 90, 180 and 270 degrees alone, the best of
/// the four, and with the price of turning. Each set is scored by curves that were fitted without it.
/// </summary>
internal static class TurnedClaims
{
    private static readonly int[] Levels = [10, 20, 30, 40];
    private static readonly string[] Ways =
    [
        "as sent", "90 degrees alone", "180 degrees alone", "270 degrees alone", "best of four",
        "every turn, with its price",
    ];

    public static void Write(IAnsiConsole console, FingerViews views, Func<int, ScoreCalibration> by)
    {
        List<ScoredPair>[] ways = [.. Ways.Select(_ => new List<ScoredPair>())];
        ScoreCalibration[] curves = [.. Enumerable.Range(0, views.SetNames.Count).Select(by)];
        FingerTemplate[] prints = [.. views.Views.Select(FingerTemplate.Prepare)];
        var scratch = new FingerScratch();
        double[] scores = new double[Ways.Length];
        for (int i = 0; i < prints.Length; i++)
        {
            for (int j = i + 1; j < prints.Length; j++)
            {
                if (!views.DifferInside(i, j))
                {
                    continue;
                }

                ScoreCalibration curve = curves[views.SetOf[i]];
                for (int quarters = 0; quarters < QuarterTurns.Count; quarters++)
                {
                    scores[quarters] = curve.FingerScore(
                        FingerMatcher.Compare(prints[j].Turned(quarters), prints[i].Row, scratch).Strength,
                        prints[j].Cylinders, prints[i].Cylinders);
                }

                scores[QuarterTurns.Count] = scores[..QuarterTurns.Count].Max();
                scores[^1] = TurnedPrints.Best(prints[j], prints[i].Row, curve, scratch).Score;
                for (int way = 0; way < ways.Length; way++)
                {
                    ways[way].Add(new ScoredPair(
                        views.SetOf[i], views.FingerOf[i], views.FingerOf[j], scores[way]));
                }
            }
        }

        console.WriteLine(
            $"non-mated pairs of upright prints, {ways[0].Count:#,0}: how many times the claim reached a score, sets "
            + "weighing the same, 95 % interval by finger");
        Table table = ClaimTable.New(["set", "probe", .. Levels.Select(level => $"at {level}")]);
        for (int way = 0; way < ways.Length; way++)
        {
            AddRow(table, "all", Ways[way], ways[way]);
        }

        for (int set = 0; set < views.SetNames.Count; set++)
        {
            foreach (int way in (int[])[0, ways.Length - 1])
            {
                AddRow(
                    table, views.SetNames[set], Ways[way], [.. ways[way].Where(pair => pair.Set == set)]);
            }
        }

        console.Write(table);
    }

    private static void AddRow(Table table, string set, string way, IReadOnlyList<ScoredPair> pairs) => table.AddRow(
    [
        Markup.Escape(set), way,
        .. FingerClaims.Of(pairs, Levels).Select(claim => Markup.Escape(
            $"{claim.Times:0.00} [{claim.Low / claim.Claimed:0.0}, {claim.High / claim.Claimed:0.0}]")),
    ]);
}
