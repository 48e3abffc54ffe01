using System.Globalization;
using System.Security;
using System.Text;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Png;
using MatchCluster.Matching.IrisImages;

namespace MatchCluster.Matching.Drawings;

/// <summary>
/// An SVG that is written from the back to the front. It has no scripts and no style sheets, and its pictures are
/// inside it, so that any page may show it.
/// </summary>
internal sealed class SvgSheet
{
    /// <summary>The longer side from which on a picture is halved: no screen shows more.</summary>
    private const int LongestSide = 1600;

    private const double LineWidth = 1.6;

    private readonly StringBuilder svg = new();

    /// <param name="width">Width of the sheet in its own units, which are pixels of the picture.</param>
    /// <param name="height">Its height.</param>
    /// <param name="title">What it shows, for those who do not see it.</param>
    public SvgSheet(double width, double height, string title)
    {
        this.svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="13"
              width="{width:0}" height="{height:0}" viewBox="0 0 {width:0} {height:0}">
            <title>{SecurityElement.Escape(title)}</title>
            <rect width="100%" height="100%" fill="#fff"/>

            """);
    }

    /// <summary>A picture as PNG; a large one is halved until a screen can show it.</summary>
    public static byte[] Png(GrayImage image)
    {
        GrayPlane plane = new(image.Width, image.Height, [], 0);
        if (Math.Max(image.Width, image.Height) > LongestSide)
        {
            plane = new GrayPlane(image.Width, image.Height, image.Pixels.ToArray(), 0);
            while (Math.Max(plane.Width, plane.Height) > LongestSide)
            {
                plane = plane.Half();
            }
        }

        return PngWriter.Write(plane.Level == 0 ? image : new GrayImage(plane.Width, plane.Height, plane.Pixels));
    }

    /// <summary>What follows, up to the end of the group, lies at another place.</summary>
    public void Begin(double left, double top) =>
        this.svg.Append(CultureInfo.InvariantCulture, $"<g transform=\"translate({left:0.##} {top:0.##})\">\n");

    public void End() => this.svg.Append("</g>\n");

    public void Text(double x, double y, string text) => this.svg.Append(
        CultureInfo.InvariantCulture, $"<text x=\"{x:0}\" y=\"{y:0}\">{SecurityElement.Escape(text)}</text>\n");

    /// <summary>A picture over the given width and height.</summary>
    public void Image(GrayImage image, double width, double height, string rendering = "auto") => this.svg.Append(
        CultureInfo.InvariantCulture,
        $"<image width=\"{width:0.##}\" height=\"{height:0.##}\" preserveAspectRatio=\"none\" "
        + $"image-rendering=\"{rendering}\" "
        + $"href=\"data:image/png;base64,{Convert.ToBase64String(Png(image))}\"/>\n");

    public void Circle(double x, double y, double radius, string stroke, string fill) => this.svg.Append(
        CultureInfo.InvariantCulture,
        $"<circle cx=\"{x:0.0}\" cy=\"{y:0.0}\" r=\"{radius:0.##}\" stroke=\"{stroke}\" stroke-width=\"{LineWidth}\" "
        + $"fill=\"{fill}\"/>\n");

    public void Line(double x, double y, double dx, double dy, string stroke) => this.svg.Append(
        CultureInfo.InvariantCulture,
        $"<path d=\"M{x:0.0} {y:0.0}l{dx:0.0} {dy:0.0}\" stroke=\"{stroke}\" stroke-width=\"{LineWidth}\"/>\n");

    public void Square(double x, double y, double side, string fill) => this.svg.Append(
        CultureInfo.InvariantCulture,
        $"<rect x=\"{x:0}\" y=\"{y:0}\" width=\"{side:0}\" height=\"{side:0}\" fill=\"{fill}\" "
        + $"shape-rendering=\"crispEdges\"/>\n");

    /// <summary>Lines through points, closed ones for areas or rings.</summary>
    /// <param name="lines">The points of each.</param>
    /// <param name="isClosed">Whether each ends where it begins.</param>
    /// <param name="stroke">Colour of the lines, or "none".</param>
    /// <param name="fill">Colour of the areas, or "none".</param>
    public void Path(IEnumerable<IReadOnlyList<LinePoint>> lines, bool isClosed, string stroke, string fill)
    {
        this.svg.Append("<path d=\"");
        foreach (IReadOnlyList<LinePoint> line in lines)
        {
            for (int i = 0; i < line.Count; i++)
            {
                this.svg.Append(
                    CultureInfo.InvariantCulture, $"{(i == 0 ? 'M' : 'L')}{line[i].X:0.0} {line[i].Y:0.0}");
            }

            this.svg.Append(isClosed && line.Count > 0 ? "Z" : "");
        }

        this.svg.Append(
            CultureInfo.InvariantCulture, $"\" stroke=\"{stroke}\" stroke-width=\"{LineWidth}\" fill=\"{fill}\"/>\n");
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(this.svg.ToString() + "</svg>\n");
}
