using System.Globalization;
using System.Text;
using MatchCluster.Matching.Extraction;
using MatchCluster.Matching.Model;

namespace MatchCluster.Benchmarks.Extraction;

/// <summary>
/// One picture's steps side by side at 500 ppi, as an SVG: the picture with its minutiae coloured by quality,
/// the directions of its ridges, the enhanced ridges, and how much of each block the ridges explain.
/// </summary>
internal static class ExtractionPlot
{
    private const int Gap = 12;
    private const int Header = 26;

    /// <summary>Draws what the extractor holds of its last picture.</summary>
    public static byte[] Draw(PictureFile picture, FingerExtraction found, FingerExtractor extractor)
    {
        PrintSteps steps = extractor.Steps;
        RidgeGrid grid = steps.Grid;
        double scale = (double)FingerExtractor.WorkingPpi / picture.Ppi;
        int width = (int)(picture.Image.Width * scale);
        int height = (int)(picture.Image.Height * scale);
        bool isRead = grid.Count > 0 && steps.Picture.Width >= width
            && found.Failure is not ExtractionFailure.Resolution;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="13"
              viewBox="0 0 {(4 * width) + (3 * Gap)} {Header + height}">
            <title>Steps of the extraction</title>
            <rect width="100%" height="100%" fill="#fff"/>
            <text x="4" y="17">{Headline(found)}</text>

            """);
        byte[] png = PngFile.Write(picture.Image.Pixels.Span, picture.Image.Width, picture.Image.Height);
        Image(svg, 0, width, height, png);
        Minutiae(svg, 0, found, scale);
        if (isRead)
        {
            Directions(svg, width + Gap, grid);
            int third = 2 * (width + Gap);
            Image(svg, third, steps.Waves.Even.Width, steps.Waves.Even.Height, Enhanced(steps));
            Minutiae(svg, third, found, scale);
            Blocks(svg, 3 * (width + Gap), grid);
        }

        svg.Append("</svg>\n");
        return Encoding.UTF8.GetBytes(svg.ToString());
    }

    private static string Headline(FingerExtraction found) => found.IsExtracted
        ? $"{found.Minutiae.Count} minutiae, quality {found.Quality}, {found.Area:0} mm², "
            + $"period {found.RidgePeriod:0.0}"
        : $"{found.Failure.Value.Word()}: {found.Reason}";

    private static void Image(StringBuilder svg, int left, int width, int height, byte[] png) =>
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<image x=\"{left}\" y=\"{Header}\" width=\"{width}\" height=\"{height}\" "
            + $"href=\"data:image/png;base64,{Convert.ToBase64String(png)}\"/>\n");

    /// <summary>Filled for endings, open for bifurcations; from red (poor) to green (good).</summary>
    private static void Minutiae(StringBuilder svg, int left, FingerExtraction found, double scale)
    {
        foreach (ExtractedMinutia minutia in found.Minutiae)
        {
            double x = left + ((minutia.X + 0.5) * scale);
            double y = Header + ((minutia.Y + 0.5) * scale);
            string colour = $"hsl({(int)(1.2 * minutia.Quality)},90%,40%)";
            string fill = minutia.Kind == MinutiaKind.RidgeEnding ? colour : "none";
            double angle = Math.Tau * minutia.Turns;
            svg.Append(CultureInfo.InvariantCulture, $"""
                <circle cx="{x:0.0}" cy="{y:0.0}" r="3" stroke="{colour}" fill="{fill}"/>
                <path d="M{x:0.0} {y:0.0}l{10 * Math.Cos(angle):0.0} {-10 * Math.Sin(angle):0.0}" stroke="{colour}"/>

                """);
        }
    }

    private static void Directions(StringBuilder svg, int left, RidgeGrid grid)
    {
        for (int block = 0; block < grid.Count; block++)
        {
            if (grid.Inside[block])
            {
                double x = left + ((block % grid.Columns) + 0.5) * RidgeGrid.Block;
                double y = Header + ((block / grid.Columns) + 0.5) * RidgeGrid.Block;
                double dx = -3.5 * grid.NormalY[block];
                double dy = 3.5 * grid.NormalX[block];
                svg.Append(
                    CultureInfo.InvariantCulture,
                    $"<path d=\"M{x - dx:0.0} {y - dy:0.0}l{2 * dx:0.0} {2 * dy:0.0}\" stroke=\"#0072B2\"/>\n");
            }
        }
    }

    private static byte[] Enhanced(PrintSteps steps)
    {
        PaddedPlane even = steps.Waves.Even;
        byte[] pixels = new byte[even.Width * even.Height];
        for (int i = 0; i < pixels.Length; i++)
        {
            float value = even.Values[even.At(i % even.Width, i / even.Width)];
            pixels[i] = (byte)Math.Clamp(170 + (80 * value), 0, 255);
        }

        return PngFile.Write(pixels, even.Width, even.Height);
    }

    private static void Blocks(StringBuilder svg, int left, RidgeGrid grid)
    {
        for (int block = 0; block < grid.Count; block++)
        {
            int hue = (int)(120 * Math.Clamp(2 * grid.Explained[block], 0, 1));
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{left + (block % grid.Columns * RidgeGrid.Block)}\" "
                + $"y=\"{Header + (block / grid.Columns * RidgeGrid.Block)}\" width=\"8\" height=\"8\" "
                + $"fill=\"hsl({hue},70%,{(grid.Inside[block] ? 50 : 92)}%)\"/>\n");
        }
    }
}
