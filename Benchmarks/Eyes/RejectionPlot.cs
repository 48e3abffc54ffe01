using System.Globalization;
using System.Text;

namespace MatchCluster.Benchmarks.Eyes;

/// <summary>A curve of what is missed, one value for each percent that is turned away.</summary>
internal sealed record RejectionLine(string Name, double Fmr, IReadOnlyList<double> Fnmr);

/// <summary>What is missed over the share of pictures that are turned away, as an SVG.</summary>
internal static class RejectionPlot
{
    private const int Width = 720;
    private const int Height = 420;
    private const int Left = 70;
    private const int Top = 40;
    private const int Across = 420;
    private const int Down = 320;

    /// <summary>Told apart by colour and by dash (the palette of M. Okabe and K. Ito, 2008).</summary>
    private static readonly (string Colour, string Dash)[] Strokes = [("#0072B2", ""), ("#D55E00", "7 3")];

    public static string Draw(IReadOnlyList<RejectionLine> lines)
    {
        double most = Math.Max(0.001, lines.SelectMany(line => line.Fnmr).Max() * 1.05);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}"
              font-family="sans-serif" font-size="13">
            <title>Missed comparisons of eyes without the pictures of the lowest quality</title>
            <rect width="{Width}" height="{Height}" fill="#fff"/>
            <text x="{Left}" y="24" font-size="16" font-weight="bold">FNMR without the lowest qualities, irises</text>

            """);
        for (int i = 0; i <= 6; i++)
        {
            int x = Left + (Across * i / 6);
            int y = Top + Down - (Down * i / 6);
            svg.Append(CultureInfo.InvariantCulture, $"""
                <path d="M{x} {Top}V{Top + Down}M{Left} {y}H{Left + Across}" stroke="#ddd"/>
                <text x="{x}" y="{Top + Down + 18}" text-anchor="middle">{5 * i} %</text>
                <text x="{Left - 6}" y="{y + 4}" text-anchor="end">{100 * most * i / 6:0.00} %</text>

                """);
        }

        for (int row = 0; row < lines.Count; row++)
        {
            (string colour, string dash) = Strokes[row % Strokes.Length];
            IReadOnlyList<double> fnmr = lines[row].Fnmr;
            string path = string.Join('L', fnmr.Select((rate, i) => string.Create(
                CultureInfo.InvariantCulture,
                $"{Left + (Across * i / (fnmr.Count - 1.0)):0.0} {Top + (Down * (1 - (rate / most))):0.0}")));
            int y = Top + 14 + (22 * row);
            svg.Append(CultureInfo.InvariantCulture, $"""
                <path fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}" d="M{path}"/>
                <path d="M{Left + Across + 16} {y - 4}h28" stroke="{colour}" stroke-width="2"
                  stroke-dasharray="{dash}"/>
                <text x="{Left + Across + 50}" y="{y}">{lines[row].Name}</text>

                """);
        }

        svg.Append(CultureInfo.InvariantCulture, $"""
            <text x="{Left + (Across / 2)}" y="{Top + Down + 40}" text-anchor="middle">pictures turned away</text>
            <text transform="translate(18 {Top + (Down / 2)}) rotate(-90)" text-anchor="middle">FNMR</text>
            </svg>

            """);
        return svg.ToString();
    }
}
