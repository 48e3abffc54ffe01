using System.Globalization;
using System.Text;
using MatchCluster.Matching.Explain;
using MatchCluster.Matching.Model;

namespace MatchCluster.Benchmarks.Explain;

/// <summary>
/// Both minutiae sets side by side as an SVG: a ring with a tail in the minutia's direction, paired ones filled and
/// numbered alike on both sides, joined by a line that is the stronger the more the pair says.
/// </summary>
internal static class PairingPlot
{
    private const int Margin = 24;
    private const int Header = 64;
    private const int Gap = 60;
    private const string Paired = "#0072B2";
    private const string Alone = "#999";

    public static string Draw(FingerExplanation found, string probe, string reference)
    {
        FingerView a = found.Probe.View;
        FingerView b = found.Reference.View;
        (int aWidth, int aHeight) = Size(a);
        (int bWidth, int bHeight) = Size(b);
        int height = Math.Max(aHeight, bHeight);
        int shift = Margin + aWidth + Gap;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="13"
              viewBox="0 0 {shift + bWidth + Margin} {Header + height + Margin}">
            <title>Paired minutiae</title>
            <rect width="100%" height="100%" fill="#fff"/>
            <text x="{Margin}" y="24" font-size="16" font-weight="bold">{Headline(found)}</text>
            <text x="{Margin}" y="{Header - 14}">{Escape(probe)}: {a.Minutiae.Count} minutiae</text>
            <text x="{shift}" y="{Header - 14}">{Escape(reference)}: {b.Minutiae.Count} minutiae</text>
            <rect x="{Margin}" y="{Header}" width="{aWidth}" height="{aHeight}" fill="none" stroke="#ccc"/>
            <rect x="{shift}" y="{Header}" width="{bWidth}" height="{bHeight}" fill="none" stroke="#ccc"/>

            """);
        IReadOnlyList<PairedMinutiae> mates = found.Alignment?.Mates ?? [];
        foreach (PairedMinutiae mate in mates)
        {
            // From -0.5 for a pair at the edge of its tolerance to 2.5 for a perfect one.
            double opacity = Math.Clamp(0.12 + (0.15 * (mate.Evidence + 0.5)), 0.1, 0.6);
            svg.Append(CultureInfo.InvariantCulture, $"""
                <line stroke="{Paired}" stroke-opacity="{opacity:0.00}"
                  x1="{Margin + mate.Probe.X}" y1="{Header + mate.Probe.Y}"
                  x2="{shift + mate.Reference.X}" y2="{Header + mate.Reference.Y}"/>

                """);
        }

        Minutiae(svg, a, Margin, [.. mates.Select(mate => mate.ProbeIndex)], -9, "end");
        Minutiae(svg, b, shift, [.. mates.Select(mate => mate.ReferenceIndex)], 9, "start");
        svg.Append("</svg>\n");
        return svg.ToString();
    }

    /// <summary>Draws a view; a paired minutia bears the place of its pair in the list, counted from 1.</summary>
    private static void Minutiae(
        StringBuilder svg, FingerView view, int left, List<int> paired, int labelAt, string anchor)
    {
        for (int i = 0; i < view.Minutiae.Count; i++)
        {
            Minutia minutia = view.Minutiae[i];
            int number = paired.IndexOf(i) + 1;
            string colour = number > 0 ? Paired : Alone;
            double angle = 2 * Math.PI * minutia.Angle / 65536;
            int x = left + minutia.X;
            int y = Header + minutia.Y;
            svg.Append(CultureInfo.InvariantCulture, $"""
                <circle cx="{x}" cy="{y}" r="3.5" stroke="{colour}" fill="{(number > 0 ? Paired : "#fff")}"/>
                <path d="M{x} {y}l{13 * Math.Cos(angle):0.0} {-13 * Math.Sin(angle):0.0}" stroke="{colour}"/>

                """);
            if (number > 0)
            {
                svg.Append(CultureInfo.InvariantCulture, $"""
                    <text x="{x + labelAt}" y="{y + 4}" font-size="10" text-anchor="{anchor}">{number}</text>

                    """);
            }
        }
    }

    private static string Headline(FingerExplanation found)
    {
        string aligned = found.Alignment is { } alignment
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{alignment.Mates.Count} mates, {alignment.Expected:0.0} by chance, turned {alignment.Turn:0} degrees")
            : "not aligned";
        return string.Create(
            CultureInfo.InvariantCulture, $"score {found.Score:0.0}: similarity {found.Similarity:0.000}, {aligned}");
    }

    /// <summary>The record's size, or what its minutiae need where it states less.</summary>
    private static (int Width, int Height) Size(FingerView view) => (
        Math.Max(view.Width, view.Minutiae.Select(m => m.X + 16).DefaultIfEmpty(0).Max()),
        Math.Max(view.Height, view.Minutiae.Select(m => m.Y + 16).DefaultIfEmpty(0).Max()));

    private static string Escape(string text) => System.Security.SecurityElement.Escape(text);
}
