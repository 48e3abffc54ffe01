using System.Globalization;
using System.Text;

namespace MatchCluster.Benchmarks.Accuracy;

/// <summary>The square field of a DET plot: FMR to the right, FNMR upwards, both logarithmic up to 100 %.</summary>
/// <param name="Left">Left edge in the drawing, in its units, as the others.</param>
/// <param name="Top">Upper edge.</param>
/// <param name="Side">Length of an edge.</param>
/// <param name="LowestFmr">FMR at the left edge, a power of ten; lower ones are drawn there.</param>
/// <param name="LowestFnmr">FNMR at the lower edge, a power of ten; lower ones are drawn there.</param>
internal readonly record struct DetAxes(int Left, int Top, int Side, double LowestFmr, double LowestFnmr)
{
    /// <summary>Told apart by colour and by dash (the palette of M. Okabe and K. Ito, 2008).</summary>
    public static IReadOnlyList<(string Colour, string Dash)> Strokes { get; } =
    [
        ("#0072B2", ""), ("#D55E00", "7 3"), ("#009E73", "2 3"), ("#CC79A7", "9 3 2 3"), ("#E69F00", "4 4"),
        ("#56B4E9", "12 3"), ("#666666", "1 3"),
    ];

    /// <summary>Lines and labels of every power of ten, and the line of equal errors.</summary>
    public void Grid(StringBuilder svg)
    {
        for (double decade = LowestFmr; decade < 2; decade *= 10)
        {
            double x = X(decade);
            Line(svg, x, Top, x, Top + Side);
            svg.Append(CultureInfo.InvariantCulture,
                $"""<text x="{x:0.0}" y="{Top + Side + 20}" text-anchor="middle">{Percent(decade)}</text>""")
                .Append('\n');
        }

        for (double decade = LowestFnmr; decade < 2; decade *= 10)
        {
            double y = Y(decade);
            Line(svg, Left, y, Left + Side, y);
            svg.Append(CultureInfo.InvariantCulture,
                $"""<text x="{Left - 8}" y="{y + 4:0.0}" text-anchor="end">{Percent(decade)}</text>""").Append('\n');
        }

        double equal = Math.Max(LowestFmr, LowestFnmr);
        svg.Append(CultureInfo.InvariantCulture, $"""
            <path d="M{X(equal):0.0} {Y(equal):0.0}L{X(1):0.0} {Y(1):0.0}"
              stroke="#999" stroke-dasharray="1 4"/>
            <text x="{Left + (Side / 2)}" y="{Top + Side + 44}"
              text-anchor="middle">FMR: share of non-mated comparisons accepted</text>
            <text transform="translate({Left - 58} {Top + (Side / 2)}) rotate(-90)"
              text-anchor="middle">FNMR: share of mated comparisons rejected</text>

            """);
    }

    /// <summary>One curve through all of its corners.</summary>
    public void Curve(StringBuilder svg, ComparisonScores scores, string colour, string dash, double width)
    {
        svg.Append(CultureInfo.InvariantCulture,
            $"""<path fill="none" stroke="{colour}" stroke-width="{width}" stroke-dasharray="{dash}" d="M""");
        string separator = "";
        foreach (DetPoint point in DetCurve.Corners(scores))
        {
            svg.Append(CultureInfo.InvariantCulture, $"{separator}{X(point.Fmr):0.0} {Y(point.Fnmr):0.0}");
            separator = "L";
        }

        svg.Append("\"/>\n");
    }

    private static void Line(StringBuilder svg, double x1, double y1, double x2, double y2) =>
        svg.Append(CultureInfo.InvariantCulture,
            $"""<path d="M{x1:0.0} {y1:0.0}L{x2:0.0} {y2:0.0}" stroke="#ddd"/>""").Append('\n');

    private static string Percent(double share) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.####} %");

    private double X(double fmr) =>
        Left + (Side * (1 - (Math.Log10(Math.Max(fmr, LowestFmr)) / Math.Log10(LowestFmr))));

    private double Y(double fnmr) => Top + (Side * Math.Log10(Math.Max(fnmr, LowestFnmr)) / Math.Log10(LowestFnmr));
}
