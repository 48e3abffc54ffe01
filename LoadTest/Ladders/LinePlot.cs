using System.Globalization;
using System.Text;

namespace MatchCluster.LoadTest.Ladders;

/// <summary>Lines over one axis, as an SVG figure with a key.</summary>
internal static class LinePlot
{
    private const double Width = 480;
    private const double Height = 260;
    private const double Left = 52;
    private const double Right = 12;
    private const double Top = 10;
    private const double Bottom = 36;
    private const int Ticks = 5;

    /// <param name="Name">Shown in the key.</param>
    /// <param name="Colour">CSS colour.</param>
    /// <param name="Points">Points in the order of x.</param>
    internal sealed record Line(string Name, string Colour, (double X, double Y)[] Points);

    /// <param name="page">Where the figure goes.</param>
    /// <param name="title">Its caption.</param>
    /// <param name="x">Unit of the horizontal axis.</param>
    /// <param name="y">Unit of the vertical axis.</param>
    /// <param name="isLogarithmic">Whether the vertical axis is logarithmic; points at or below 0 are then
    /// left out.</param>
    /// <param name="lines">What is drawn.</param>
    public static void Append(
        StringBuilder page, string title, string x, string y, bool isLogarithmic, IReadOnlyList<Line> lines)
    {
        (double X, double Y)[] all = [.. lines.SelectMany(line => line.Points).Where(p => !isLogarithmic || p.Y > 0)];
        page.Append(CultureInfo.InvariantCulture, $"<figure><figcaption>{title}</figcaption>");
        if (all.Length == 0)
        {
            page.Append("<p class=\"key\">nothing to draw</p></figure>");
            return;
        }

        Scale across = Scale.Linear(0, all.Max(p => p.X), Left, Width - Right);
        Scale up = isLogarithmic
            ? Scale.Logarithmic(all.Min(p => p.Y), all.Max(p => p.Y), Height - Bottom, Top)
            : Scale.Linear(0, all.Max(p => p.Y), Height - Bottom, Top);
        page.Append(
            CultureInfo.InvariantCulture,
            $"""<svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{title}">""");
        AppendAxes(page, across, up, x, y);
        foreach (Line line in lines)
        {
            string points = string.Join(' ', line.Points.Where(p => !isLogarithmic || p.Y > 0).Select(p =>
                string.Create(CultureInfo.InvariantCulture, $"{across.At(p.X):0.0},{up.At(p.Y):0.0}")));
            page.Append(
                CultureInfo.InvariantCulture,
                $"""<polyline points="{points}" fill="none" stroke="{line.Colour}" stroke-width="1.8"/>""");
        }

        page.Append("</svg><div class=\"key\">");
        foreach (Line line in lines)
        {
            page.Append(
                CultureInfo.InvariantCulture, $"""<span style="color:{line.Colour}">&#9644;</span> {line.Name} """);
        }

        page.Append("</div></figure>");
    }

    private static void AppendAxes(StringBuilder page, Scale across, Scale up, string x, string y)
    {
        foreach (double tick in up.TicksOf(Ticks))
        {
            page.Append(CultureInfo.InvariantCulture, $"""
                <line class="axis" x1="{Left}" x2="{Width - Right}" y1="{up.At(tick):0.0}" y2="{up.At(tick):0.0}"/>
                <text x="{Left - 6}" y="{up.At(tick) + 4:0.0}" text-anchor="end">{tick:0.###}</text>
                """);
        }

        foreach (double tick in across.TicksOf(Ticks))
        {
            page.Append(CultureInfo.InvariantCulture, $"""
                <text x="{across.At(tick):0.0}" y="{Height - Bottom + 15}" text-anchor="middle">{tick:0.##}</text>
                """);
        }

        page.Append(CultureInfo.InvariantCulture, $"""
            <text x="{(Left + Width - Right) / 2}" y="{Height - 4}" text-anchor="middle">{x}</text>
            <text x="12" y="{Height / 2}" text-anchor="middle" transform="rotate(-90 12 {Height / 2})">{y}</text>
            """);
    }

    /// <summary>Maps values to places on the page.</summary>
    private readonly record struct Scale(double Least, double Most, double From, double To, bool IsLogarithmic)
    {
        public static Scale Linear(double least, double most, double from, double to) =>
            new(least, most > least ? most : least + 1, from, to, IsLogarithmic: false);

        public static Scale Logarithmic(double least, double most, double from, double to) => new(
            Math.Pow(10, Math.Floor(Math.Log10(least))), Math.Pow(10, Math.Ceiling(Math.Log10(most * 1.0001))),
            from, to, IsLogarithmic: true);

        public double At(double value) => From + ((To - From) * (IsLogarithmic
            ? Math.Log10(value / Least) / Math.Log10(Most / Least)
            : (value - Least) / (Most - Least)));

        /// <summary>Round values: powers of ten, or steps of 1, 2 or 5.</summary>
        public IEnumerable<double> TicksOf(int about)
        {
            if (IsLogarithmic)
            {
                for (double tick = Least; tick <= Most * 1.0001; tick *= 10)
                {
                    yield return tick;
                }

                yield break;
            }

            double rough = (Most - Least) / about;
            double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
            double step = power * (rough / power > 5 ? 10 : rough / power > 2 ? 5 : rough / power > 1 ? 2 : 1);
            for (int i = 0; Least + (i * step) <= Most * 1.0001; i++)
            {
                yield return Least + (i * step);
            }
        }
    }
}
