using System.Globalization;
using System.Text;

namespace MatchCluster.Benchmarks.Accuracy;

/// <summary>DET curves as an SVG, both axes logarithmic, as the FVC competitions draw them.</summary>
internal static class DetPlot
{
    private const int Width = 860;
    private const int Height = 680;
    private const int Left = 80;
    private const int Top = 50;
    private const int Side = 540;
    private const double LowestFmr = 1e-4;
    private const double LowestFnmr = 1e-3;

    /// <summary>Told apart by colour and by dash (the palette of M. Okabe and K. Ito, 2008).</summary>
    private static readonly (string Colour, string Dash)[] Strokes =
        [("#0072B2", ""), ("#D55E00", "7 3"), ("#009E73", "2 3"), ("#CC79A7", "9 3 2 3"), ("#E69F00", "4 4")];

    public static string Draw(IReadOnlyList<SetResult> sets, SetResult pooled)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}"
              font-family="sans-serif" font-size="13">
            <title>Detection error trade-off</title>
            <rect width="{Width}" height="{Height}" fill="#fff"/>
            <text x="{Left}" y="28" font-size="16" font-weight="bold">Detection error trade-off, finger scores</text>

            """);
        Grid(svg);
        for (int i = 0; i < sets.Count; i++)
        {
            (string colour, string dash) = Strokes[i % Strokes.Length];
            Curve(svg, sets[i], colour, dash, 1.6, i);
        }

        Curve(svg, pooled, "#000", "", 2.6, sets.Count);
        svg.Append("</svg>\n");
        return svg.ToString();
    }

    private static void Grid(StringBuilder svg)
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

        svg.Append(CultureInfo.InvariantCulture, $"""
            <path d="M{X(LowestFnmr):0.0} {Y(LowestFnmr):0.0}L{X(1):0.0} {Y(1):0.0}"
              stroke="#999" stroke-dasharray="1 4"/>
            <text x="{Left + (Side / 2)}" y="{Top + Side + 44}"
              text-anchor="middle">FMR: share of non-mated comparisons accepted</text>
            <text transform="translate(22 {Top + (Side / 2)}) rotate(-90)"
              text-anchor="middle">FNMR: share of mated comparisons rejected</text>

            """);
    }

    private static void Curve(StringBuilder svg, SetResult set, string colour, string dash, double width, int row)
    {
        svg.Append(CultureInfo.InvariantCulture,
            $"""<path fill="none" stroke="{colour}" stroke-width="{width}" stroke-dasharray="{dash}" d="M""");
        string separator = "";
        foreach (DetPoint point in DetCurve.Corners(set.Scores))
        {
            svg.Append(CultureInfo.InvariantCulture, $"{separator}{X(point.Fmr):0.0} {Y(point.Fnmr):0.0}");
            separator = "L";
        }

        int y = Top + 14 + (row * 22);
        const int LegendAt = Left + Side + 16;
        svg.Append("\"/>\n").Append(CultureInfo.InvariantCulture, $"""
            <path d="M{LegendAt} {y - 4}h28" stroke="{colour}" stroke-width="{width}" stroke-dasharray="{dash}"/>
            <text x="{LegendAt + 36}" y="{y}">{Escape(set.Name)}, EER {100 * set.Scores.EqualErrorRate():0.00} %</text>

            """);
    }

    private static void Line(StringBuilder svg, double x1, double y1, double x2, double y2) =>
        svg.Append(CultureInfo.InvariantCulture,
            $"""<path d="M{x1:0.0} {y1:0.0}L{x2:0.0} {y2:0.0}" stroke="#ddd"/>""").Append('\n');

    private static double X(double fmr) =>
        Left + (Side * (1 - (Math.Log10(Math.Max(fmr, LowestFmr)) / Math.Log10(LowestFmr))));

    private static double Y(double fnmr) =>
        Top + (Side * Math.Log10(Math.Max(fnmr, LowestFnmr)) / Math.Log10(LowestFnmr));

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.##} %");

    private static string Escape(string text) => System.Security.SecurityElement.Escape(text);
}
