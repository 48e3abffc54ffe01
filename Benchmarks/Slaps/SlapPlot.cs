using System.Globalization;
using System.Text;
using MatchCluster.Matching.Extraction;
using MatchCluster.Matching.Extraction.Slaps;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Png;

namespace MatchCluster.Benchmarks.Slaps;

/// <summary>Draws the boxes of fingers over their picture.</summary>
internal static class SlapPlot
{
    /// <summary>The picture at half its size with the boxes as lines, dots for the code of each finger.</summary>
    public static byte[] Png(GrayImage image, SlapSegmentation found)
    {
        int width = image.Width / 2;
        int height = image.Height / 2;
        byte[] pixels = new byte[width * height];
        ReadOnlySpan<byte> source = image.Pixels.Span;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int at = (2 * y * image.Width) + (2 * x);
                int sum = source[at] + source[at + 1] + source[at + image.Width] + source[at + image.Width + 1];
                pixels[(y * width) + x] = (byte)(90 + (sum / 4 * 165 / 255));
            }
        }

        foreach (SlapFinger finger in found.Fingers)
        {
            for (int side = 0; side < 4; side++)
            {
                Line(finger.Corners[side], finger.Corners[(side + 1) % 4], 0);
            }

            for (int dot = 0; dot < finger.Position.Finger; dot++)
            {
                (double x, double y) = (finger.X - 90 + (40 * (dot % 5)), finger.Y + (40 * (dot / 5)));
                for (int k = 0; k < 9; k++)
                {
                    Line((x, y + k), (x + 16, y + k), 0);
                }
            }
        }

        return PngWriter.Write(new GrayImage(width, height, pixels));

        void Line((double X, double Y) from, (double X, double Y) to, byte grey)
        {
            int steps = (int)Math.Max(Math.Abs(to.X - from.X), Math.Abs(to.Y - from.Y)) + 1;
            for (int i = 0; i <= steps; i++)
            {
                int x = (int)((from.X + ((to.X - from.X) * i / steps)) / 2);
                int y = (int)((from.Y + ((to.Y - from.Y) * i / steps)) / 2);
                for (int k = 0; k < 4; k++)
                {
                    int px = x + (k % 2);
                    int py = y + (k / 2);
                    if (px >= 0 && py >= 0 && px < width && py < height)
                    {
                        pixels[(py * width) + px] = grey;
                    }
                }
            }
        }
    }

    /// <summary>The picture with boxes, positions, qualities and warnings.</summary>
    public static byte[] Svg(GrayImage image, SlapExtraction slap)
    {
        const int Header = 60;
        var svg = new StringBuilder();
        string head = slap.Segmentation.Failure is { } failure
            ? $"{failure.Word()}: {slap.Segmentation.Rejection}"
            : string.Join("; ", slap.Segmentation.Warnings.Prepend($"leans {slap.Segmentation.Degrees:0} degrees"));
        string png = Convert.ToBase64String(PngWriter.Write(image));
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="26"
              viewBox="0 0 {image.Width} {Header + image.Height}">
            <title>Fingers of a slap</title>
            <rect width="100%" height="100%" fill="#fff"/>
            <text x="8" y="38">{head}</text>
            <g transform="translate(0 {Header})">
            <image width="{image.Width}" height="{image.Height}" href="data:image/png;base64,{png}"/>

            """);
        foreach (SlapFinger finger in slap.Segmentation.Fingers)
        {
            ExtractedFinger? print = slap.Fingers.FirstOrDefault(each => each.Finger == finger);
            string said = print is null ? ""
                : print.Print.IsExtracted ? $", {print.Print.Minutiae.Count} minutiae, quality {print.Print.Quality}"
                : $", {print.Print.Failure.Value.Word()}";
            string corners = string.Join(' ', finger.Corners.Select(
                corner => string.Create(CultureInfo.InvariantCulture, $"{corner.X:0},{corner.Y:0}")));
            svg.Append(CultureInfo.InvariantCulture, $"""
                <polygon points="{corners}" fill="none" stroke="#D55E00" stroke-width="5"/>
                <text x="{finger.X - 120:0}" y="{finger.Y:0}" fill="#0072B2" stroke="#fff" stroke-width="6"
                  paint-order="stroke">{finger.Position}{said}</text>

                """);
        }

        svg.Append("</g></svg>\n");
        return Encoding.UTF8.GetBytes(svg.ToString());
    }
}
