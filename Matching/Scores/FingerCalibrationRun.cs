using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Scores;

/// <summary>
/// Makes the non-mated comparisons that the calibration is fitted to, from one view per impression.
/// </summary>
/// <remarks>
/// Whole prints rarely are small, and small ones are the ones that score high by chance; so each print is also cut to
/// the 8, 12, 16 and 22 minutiae around one of them, and the cuts compared with cuts and with whole prints.
/// </remarks>
public static class FingerCalibrationRun
{
    private static readonly int[] Cuts = [8, 12, 16, 22];

    /// <summary>
    /// Every pair that the caller wants: different fingers, of
    /// one sensor, as a gallery holds them. Across sensors prints agree less by chance, and a curve fitted to
    /// such pairs claims too much inside a sensor's set. Repeatable: the cuts depend on the order of the views
    /// only.
    /// </summary>
    /// <param name="views">One per impression.</param>
    /// <param name="isWanted">Whether the views of two indexes, the first one smaller, are to be compared.</param>
    public static IReadOnlyList<NonMatedComparison> NonMated(
        IReadOnlyList<FingerView> views, Func<int, int, bool> isWanted)
    {
        FingerTemplate[] whole = [.. views.Select(FingerTemplate.Prepare)];
        FingerScratch scratch = new();
        List<NonMatedComparison> scores = [];
        Compare(whole, whole);
        foreach (int minutiae in Cuts)
        {
            FingerTemplate[] cut = [.. views.Select((view, i) => FingerTemplate.Prepare(Cut(view, i, minutiae)))];
            Compare(cut, cut);
            Compare(cut, whole);
        }

        return scores;

        void Compare(FingerTemplate[] probes, FingerTemplate[] rows)
        {
            for (int i = 0; i < probes.Length; i++)
            {
                for (int j = i + 1; j < rows.Length; j++)
                {
                    if (isWanted(i, j))
                    {
                        scores.Add(new NonMatedComparison(
                            i,
                            j,
                            FingerMatcher.Compare(probes[i], rows[j].Row, scratch).Strength,
                            Math.Min(probes[i].Cylinders, rows[j].Cylinders)));
                    }
                }
            }
        }
    }

    /// <summary>The minutiae nearest to one of them, which the index of the view picks.</summary>
    private static FingerView Cut(FingerView view, int index, int minutiae)
    {
        if (view.Minutiae.Count <= minutiae)
        {
            return view;
        }

        Minutia middle = view.Minutiae[new Random(index).Next(view.Minutiae.Count)];
        return view with
        {
            Minutiae = [.. view.Minutiae
                .OrderBy(m => ((m.X - middle.X) * (m.X - middle.X)) + ((m.Y - middle.Y) * (m.Y - middle.Y)))
                .Take(minutiae)],
        };
    }
}
