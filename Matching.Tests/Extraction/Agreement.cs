using MatchCluster.Matching.Extraction;

namespace MatchCluster.Matching.Tests.Extraction;

/// <summary>How well found minutiae are the drawn ones.</summary>
internal static class Agreement
{
    /// <summary>Drawn minutiae with a found one within some pixels and a twentieth of a turn.</summary>
    public static int Found(
        IReadOnlyList<DrawnPrint.Drawn> drawn, IReadOnlyList<ExtractedMinutia> found, double pixels = 4) =>
        drawn.Count(wanted => found.Any(
            one => Distance(wanted, one) <= pixels && Turn(wanted.Turns, one.Turns) < 0.05));

    /// <summary>Found minutiae in the clear part of a print that are no drawn ones.</summary>
    public static int False(DrawnPrint print, IReadOnlyList<ExtractedMinutia> found) =>
        found.Count(one => print.IsClear(one.X, one.Y)
            && !print.Minutiae.Any(drawn => Distance(drawn, one) <= 6));

    /// <summary>Pixels from each drawn minutia to the nearest found one.</summary>
    public static IEnumerable<double> Distances(
        IReadOnlyList<DrawnPrint.Drawn> drawn, IReadOnlyList<ExtractedMinutia> found) =>
        drawn.Select(wanted => found.Min(one => Distance(wanted, one)));

    private static double Distance(DrawnPrint.Drawn a, ExtractedMinutia b) =>
        Math.Sqrt(((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y)));

    private static double Turn(double a, double b) => Math.Abs(a - b - Math.Round(a - b));
}
