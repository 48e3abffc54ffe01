using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace MatchCluster.Api.Jobs;

/// <summary>What the report pages of jobs are made of.</summary>
internal static class ReportParts
{
    private const double Width = 640;
    private const double Height = 160;

    /// <summary>A row of a table of two columns.</summary>
    public static void Row(StringBuilder page, string name, string value) =>
        page.Append("<tr><th scope=\"row\">").Append(Text(name)).Append("</th><td>").Append(Text(value))
            .Append("</td></tr>");

    /// <summary>A plot of bars from the left to the right.</summary>
    /// <param name="page">Gets it.</param>
    /// <param name="caption">Its caption.</param>
    /// <param name="counts">Heights; one at least is above 0.</param>
    /// <param name="least">What stands below the first bar.</param>
    /// <param name="most">What stands below the last one.</param>
    public static void Bars(
        StringBuilder page, string caption, IReadOnlyList<int> counts, string least, string most)
    {
        page.Append(CultureInfo.InvariantCulture,
            $"<figure style=\"margin-top:1.5rem\"><figcaption>{Text(caption)}</figcaption>")
            .Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height + 20}\" role=\"img\" ")
            .Append(CultureInfo.InvariantCulture, $"aria-label=\"{Text(caption)}\">");
        for (int bar = 0; bar < counts.Count; bar++)
        {
            double height = Height * counts[bar] / counts.Max();
            page.Append(CultureInfo.InvariantCulture,
                $"<rect x=\"{bar * Width / counts.Count:F1}\" y=\"{Height - height:F1}\" ")
                .Append(CultureInfo.InvariantCulture,
                    $"width=\"{(Width / counts.Count) - 2:F1}\" height=\"{height:F1}\" fill=\"#2a6f97\">")
                .Append(CultureInfo.InvariantCulture, $"<title>{counts[bar]}</title></rect>");
        }

        page.Append(CultureInfo.InvariantCulture,
            $"<text x=\"0\" y=\"{Height + 16}\">{Text(least)}</text><text x=\"{Width}\" y=\"{Height + 16}\" ")
            .Append(CultureInfo.InvariantCulture, $"text-anchor=\"end\">{Text(most)}</text></svg></figure>");
    }

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    public static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
