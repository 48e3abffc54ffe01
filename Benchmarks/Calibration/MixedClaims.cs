using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Scores;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>
/// How the committed curves hold where one print was extracted by one extractor and the other by another: every
/// impression of a folder against those of other fingers of the same set in a second folder.
/// </summary>
internal static class MixedClaims
{
    private static readonly int[] Levels = [20, 30, 40];

    /// <param name="console">Where it is written.</param>
    /// <param name="views">Views of the one extractor.</param>
    /// <param name="others">The same sets and fingers by the other.</param>
    public static void Write(IAnsiConsole console, FingerViews views, FingerViews others)
    {
        ScoredPair[] pairs = [.. Compare(views, others)];
        ClaimTable.WriteByFinger(
            console, $"mixed pairs inside the sets, scored by {ScoreCalibration.Default.NameOf(default)}", pairs);
        Table table = ClaimTable.New(
            ["set", "comparisons", .. Levels.SelectMany(level => new[] { $"at {level}", "times" })]);
        for (int set = 0; set < views.SetNames.Count; set++)
        {
            ScoredPair[] own = [.. pairs.Where(pair => pair.Set == set)];
            table.AddRow(
                [Markup.Escape(views.SetNames[set]), own.Length.ToString("#,0"), .. SetClaimTable.Cells(own, Levels)]);
        }

        console.Write(table);
    }

    private static IEnumerable<ScoredPair> Compare(FingerViews views, FingerViews others)
    {
        FingerTemplate[] probes = [.. views.Views.Select(FingerTemplate.Prepare)];
        FingerTemplate[] rows = [.. others.Views.Select(FingerTemplate.Prepare)];
        var scratch = new FingerScratch();
        for (int i = 0; i < probes.Length; i++)
        {
            for (int j = 0; j < rows.Length; j++)
            {
                // Both folders hold the same fingers in the same order, so that their numbers are the same.
                if (views.Sets[i] == others.Sets[j] && views.FingerOf[i] != others.FingerOf[j])
                {
                    yield return new ScoredPair(
                        views.SetOf[i], views.FingerOf[i], others.FingerOf[j],
                        ScoreCalibration.Default.FingerScore(
                            FingerMatcher.Compare(probes[i], rows[j].Row, scratch).Strength, probes[i], rows[j].Row));
                }
            }
        }
    }
}
