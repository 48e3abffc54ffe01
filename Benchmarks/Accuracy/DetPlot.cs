using System.Globalization;
using System.Text;

namespace MatchCluster.Benchmarks.Accuracy;

/// <summary>DET curves as an SVG, both axes logarithmic, as the FVC competitions draw them.</summary>
internal static class DetPlot
{
    private const int Width = 860;
    private const int Height = 680;
    private const int PanelSide = 300;
    private const int PanelWidth = 400;
    private const int PanelHeight = 400;
    private const int Columns = 3;
    private static readonly DetAxes Axes = new(80, 50, 540, 1e-4, 1e-3);

    /// <summary>The sets and their pooled curve in one field.</summary>
    public static string Draw(IReadOnlyList<SetResult> sets, SetResult pooled)
    {
        var svg = new StringBuilder();
        Head(svg, Width, Height, "Detection error trade-off, finger scores");
        Axes.Grid(svg);
        for (int i = 0; i < sets.Count; i++)
        {
            (string colour, string dash) = DetAxes.Strokes[i % DetAxes.Strokes.Count];
            Curve(svg, sets[i], colour, dash, 1.6, i);
        }

        Curve(svg, pooled, "#000", "", 2.6, sets.Count);
        svg.Append("</svg>\n");
        return svg.ToString();
    }

    /// <summary>
    /// A field for each set with a curve for each source, and one legend. All fields have the axes of the set with the
    /// most comparisons, down to one comparison of it.
    /// </summary>
    public static string Draw(string title, IReadOnlyList<DetGroup> groups)
    {
        double lowestFmr = Decade(groups.Max(group => group.Sources.Max(source => source.Scores.NonMated)));
        double lowestFnmr = Decade(groups.Max(group => group.Sources.Max(source => source.Scores.Mated)) * 10);
        int columns = Math.Min(Columns, groups.Count);
        int rows = (groups.Count + columns - 1) / columns;
        IReadOnlyList<string> labels = [.. groups[0].Sources.Select(source => source.Label)];
        int legend = 50 + (22 * labels.Count);
        var svg = new StringBuilder();
        Head(svg, (columns * PanelWidth) + 20, legend + (rows * PanelHeight), title);
        for (int i = 0; i < labels.Count; i++)
        {
            (string colour, string dash) = DetAxes.Strokes[i % DetAxes.Strokes.Count];
            Key(svg, 80, 50 + (22 * i), colour, dash, 2, labels[i]);
        }

        for (int i = 0; i < groups.Count; i++)
        {
            var axes = new DetAxes(
                80 + (i % columns * PanelWidth), legend + 16 + (i / columns * PanelHeight), PanelSide, lowestFmr,
                lowestFnmr);
            svg.Append(CultureInfo.InvariantCulture,
                $"""<text x="{axes.Left}" y="{axes.Top - 8}" font-weight="bold">{Escape(groups[i].Name)}</text>""")
                .Append('\n');
            axes.Grid(svg);
            for (int j = 0; j < groups[i].Sources.Count; j++)
            {
                (string colour, string dash) = DetAxes.Strokes[j % DetAxes.Strokes.Count];
                axes.Curve(svg, groups[i].Sources[j].Scores, colour, dash, 1.8);
            }
        }

        svg.Append("</svg>\n");
        return svg.ToString();
    }

    /// <summary>The power of ten that one of so many comparisons does not fall short of.</summary>
    private static double Decade(int comparisons) => Math.Pow(10, -Math.Floor(Math.Log10(Math.Max(10, comparisons))));

    private static void Head(StringBuilder svg, int width, int height, string title) =>
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"
              font-family="sans-serif" font-size="13">
            <title>Detection error trade-off</title>
            <rect width="{width}" height="{height}" fill="#fff"/>
            <text x="{Axes.Left}" y="28" font-size="16" font-weight="bold">{Escape(title)}</text>

            """);

    private static void Curve(StringBuilder svg, SetResult set, string colour, string dash, double width, int row)
    {
        Axes.Curve(svg, set.Scores, colour, dash, width);
        string label = string.Create(
            CultureInfo.InvariantCulture, $"{set.Name}, EER {100 * set.Scores.EqualErrorRate():0.00} %");
        Key(svg, Axes.Left + Axes.Side + 16, Axes.Top + 14 + (row * 22), colour, dash, width, label);
    }

    private static void Key(
        StringBuilder svg, int x, int y, string colour, string dash, double width, string label) =>
        svg.Append(CultureInfo.InvariantCulture, $"""
            <path d="M{x} {y - 4}h28" stroke="{colour}" stroke-width="{width}" stroke-dasharray="{dash}"/>
            <text x="{x + 36}" y="{y}">{Escape(label)}</text>

            """);

    private static string Escape(string text) => System.Security.SecurityElement.Escape(text);
}
