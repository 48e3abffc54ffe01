using MatchCluster.Matching.Extraction;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Drawings;

/// <summary>What an extractor saw in its last picture of a finger, drawn at 500 ppi.</summary>
/// <param name="image">The picture.</param>
/// <param name="ppi">Its pixels per inch.</param>
/// <param name="found">What was extracted of it.</param>
/// <param name="steps">The planes of the steps.</param>
internal sealed class FingerDrawing(GrayImage image, int ppi, FingerExtraction found, PrintSteps steps)
{
    /// <summary>Length of a minutia's direction and of half a ridge's, in pixels.</summary>
    private const double MinutiaLength = 10;
    private const double RidgeLength = 3.5;
    private const double Radius = 3.5;

    private const string Blue = "#0072B2";

    private readonly double scale = (double)FingerExtractor.WorkingPpi / ppi;

    /// <summary>What can be drawn of a finger.</summary>
    public static IReadOnlyList<DrawingKind> Kinds { get; } =
    [
        DrawingKind.Image, DrawingKind.Minutiae, DrawingKind.Skeleton, DrawingKind.Orientation, DrawingKind.Enhanced,
        DrawingKind.Quality,
    ];

    /// <summary>Pixels of a row at 500 ppi.</summary>
    public int Width => (int)(image.Width * this.scale);

    /// <summary>Rows at 500 ppi.</summary>
    public int Height => (int)(image.Height * this.scale);

    /// <summary>Whether the steps were gone through: not for a picture that was refused before them.</summary>
    public bool HasSteps => steps.Grid.Count > 0 && steps.Picture.Width >= Width
        && found.Failure is not ExtractionFailure.Resolution;

    private string Counted => $"{found.Minutiae.Count} minutiae, quality {found.Quality}";

    /// <summary>Those of some kinds that a finger has; null where none is asked for.</summary>
    /// <param name="image">A picture at 500 ppi that gave minutiae.</param>
    /// <param name="found">What was extracted of it.</param>
    /// <param name="steps">The planes of that extraction.</param>
    /// <param name="kinds">What is to be drawn.</param>
    public static DrawnPicture? Of(
        GrayImage image, FingerExtraction found, PrintSteps steps, IReadOnlyList<DrawingKind> kinds)
    {
        FingerDrawing drawing = new(image, FingerExtractor.WorkingPpi, found, steps);
        return kinds.Count == 0 ? null : new DrawnPicture(
            image.Width, image.Height, [.. kinds.Where(Kinds.Contains).Select(drawing.Of)], []);
    }

    /// <summary>One drawing alone.</summary>
    public Drawing Of(DrawingKind kind)
    {
        if (kind == DrawingKind.Image)
        {
            return new Drawing(kind, SvgSheet.Png(image));
        }

        SvgSheet sheet = new(Width, Height, TitleOf(kind));
        Draw(sheet, kind);
        return new Drawing(kind, sheet.ToBytes());
    }

    /// <summary>Draws on a sheet, from its place on, <see cref="Width"/> wide and <see cref="Height"/> high.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind is none of a finger's SVGs.</exception>
    public void Draw(SvgSheet sheet, DrawingKind kind)
    {
        switch (kind)
        {
            case DrawingKind.Minutiae:
                sheet.Image(image, Width, Height);
                DrawMinutiae(sheet);
                break;
            case DrawingKind.Skeleton:
                sheet.Image(Skeleton(), steps.Waves.Even.Width, steps.Waves.Even.Height);
                DrawMinutiae(sheet);
                break;
            case DrawingKind.Orientation:
                DrawDirections(sheet);
                break;
            case DrawingKind.Enhanced:
                sheet.Image(Enhanced(), steps.Waves.Even.Width, steps.Waves.Even.Height);
                DrawMinutiae(sheet);
                break;
            case DrawingKind.Quality:
                DrawBlocks(sheet);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "wanted what is drawn of a finger");
        }
    }

    private string TitleOf(DrawingKind kind) => kind switch
    {
        DrawingKind.Minutiae => $"The picture with {Counted}",
        DrawingKind.Skeleton => $"Middle lines of the enhanced ridges with {Counted}",
        DrawingKind.Orientation => "Directions of the ridges",
        DrawingKind.Enhanced => $"Enhanced ridges with {Counted}",
        DrawingKind.Quality => "How much of each block the ridges explain, from red (nothing) to green",
        _ => kind.ToString(),
    };

    /// <summary>Filled for endings, open for bifurcations; from red (poor) to green (good).</summary>
    private void DrawMinutiae(SvgSheet sheet)
    {
        foreach (ExtractedMinutia minutia in found.Minutiae)
        {
            double x = (minutia.X + 0.5) * this.scale;
            double y = (minutia.Y + 0.5) * this.scale;
            string colour = $"hsl({(int)(1.2 * minutia.Quality)},95%,38%)";
            double angle = Math.Tau * minutia.Turns;
            sheet.Circle(x, y, Radius, colour, minutia.Kind == MinutiaKind.RidgeEnding ? colour : "none");
            sheet.Line(x, y, MinutiaLength * Math.Cos(angle), -MinutiaLength * Math.Sin(angle), colour);
        }
    }

    private void DrawDirections(SvgSheet sheet)
    {
        RidgeGrid grid = steps.Grid;
        for (int block = 0; block < grid.Count; block++)
        {
            if (grid.Inside[block])
            {
                double x = ((block % grid.Columns) + 0.5) * RidgeGrid.Block;
                double y = ((block / grid.Columns) + 0.5) * RidgeGrid.Block;
                double dx = -RidgeLength * grid.NormalY[block];
                double dy = RidgeLength * grid.NormalX[block];
                sheet.Line(x - dx, y - dy, 2 * dx, 2 * dy, Blue);
            }
        }
    }

    private GrayImage Enhanced()
    {
        PaddedPlane even = steps.Waves.Even;
        byte[] pixels = new byte[even.Width * even.Height];
        for (int i = 0; i < pixels.Length; i++)
        {
            float value = even.Values[even.At(i % even.Width, i / even.Width)];
            pixels[i] = (byte)Math.Clamp(170 + (80 * value), 0, 255);
        }

        return new GrayImage(even.Width, even.Height, pixels);
    }

    /// <summary>Black lines on white: the dark half of the ridges' wave, thinned.</summary>
    private GrayImage Skeleton()
    {
        PaddedPlane even = steps.Waves.Even;
        bool[] ridge = new bool[even.Width * even.Height];
        for (int i = 0; i < ridge.Length; i++)
        {
            ridge[i] = even.Values[even.At(i % even.Width, i / even.Width)] < 0;
        }

        Thinning.Apply(ridge, even.Width, even.Height);
        return new GrayImage(even.Width, even.Height, Array.ConvertAll(ridge, isSet => isSet ? (byte)0 : (byte)255));
    }

    private void DrawBlocks(SvgSheet sheet)
    {
        RidgeGrid grid = steps.Grid;
        for (int block = 0; block < grid.Count; block++)
        {
            int hue = (int)(120 * Math.Clamp(2 * grid.Explained[block], 0, 1));
            sheet.Square(
                block % grid.Columns * RidgeGrid.Block, block / grid.Columns * RidgeGrid.Block, RidgeGrid.Block,
                $"hsl({hue},70%,{(grid.Inside[block] ? 50 : 92)}%)");
        }
    }
}
