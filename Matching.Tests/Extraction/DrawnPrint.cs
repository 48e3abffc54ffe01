using MatchCluster.Matching.Images;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Tests.Extraction;

/// <summary>
/// A print drawn from the formula of ridges: a phase that grows from a core outwards and turns once round
/// each minutia (Larkin and Fletcher 2007). So the places and directions of its minutiae are known exactly.
/// </summary>
internal sealed class DrawnPrint
{
    private const int Least = 26; // pixels between minutiae, and from a minutia to the core
    private readonly int width;
    private readonly int height;
    private readonly double period;
    private readonly double coreX;
    private readonly double coreY;

    public DrawnPrint(int seed, int width = 320, int height = 400, double period = 9, int minutiae = 24, int noise = 20)
    {
        this.width = width;
        this.height = height;
        this.period = period;
        var random = new Random(seed);
        coreX = (width / 2.0) + random.Next(-15, 16);
        coreY = (height * 0.45) + random.Next(-15, 16);
        List<Drawn> drawn = [];
        while (drawn.Count < minutiae)
        {
            double x = random.Next(0, width);
            double y = random.Next(0, height);
            int charge = random.Next(2) == 0 ? 1 : -1;
            if (Border(x, y) < 0.7 && Far(x - coreX, y - coreY, 2 * Least)
                && drawn.TrueForAll(other => Far(other.X - x, other.Y - y, Least)))
            {
                drawn.Add(Place(x, y, charge));
            }
        }

        Minutiae = drawn;
        byte[] pixels = new byte[width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            int x = i % width;
            int y = i / width;
            double ridge = Border(x, y) < 1 ? Math.Clamp(1.6 * StableMath.Cos(Phase(x, y)), -1, 1) : -1.1;
            pixels[i] = (byte)Math.Clamp(140 - (80 * ridge) + random.Next(-noise, noise + 1), 0, 255);
        }

        Image = new GrayImage(width, height, pixels) { StatedPpi = 500 };
    }

    public GrayImage Image { get; }

    public IReadOnlyList<Drawn> Minutiae { get; }

    /// <summary>What the ridges go round.</summary>
    public (double X, double Y) Core => (coreX, coreY);

    /// <summary>The picture with each pixel from another place, or of another value.</summary>
    public static GrayImage Changed(GrayImage image, int width, int height, Func<int, int, int> pixel)
    {
        byte[] pixels = new byte[width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)Math.Clamp(pixel(i % width, i / width), 0, 255);
        }

        return new GrayImage(width, height, pixels);
    }

    private static bool Far(double dx, double dy, double least) => (dx * dx) + (dy * dy) > least * least;

    /// <summary>
    /// Whether a place lies well inside the print and away from its core: elsewhere the drawing itself has ridges that
    /// end where it is cut, or rings too narrow to be ridges.
    /// </summary>
    public bool IsClear(double x, double y) => Border(x, y) < 0.9 && Far(x - coreX, y - coreY, 24);

    /// <summary>0 in the middle of the print, 1 at its edge.</summary>
    private double Border(double x, double y)
    {
        double u = (x - (width / 2.0)) / (0.46 * width);
        double v = (y - (height / 2.0)) / (0.46 * height);
        return Math.Sqrt((u * u) + (v * v));
    }

    /// <summary>Turns of the ridges' wave.</summary>
    private double Phase(double x, double y)
    {
        double dx = x - coreX;
        double dy = y - coreY;
        double phase = Math.Sqrt((dx * dx) + (0.8 * dy * dy)) / period;
        foreach (Drawn minutia in Minutiae)
        {
            phase += minutia.Charge * StableMath.Atan2(y - minutia.Y, x - minutia.X);
        }

        return phase;
    }

    /// <summary>
    /// A minutia: the phase grows along the normal, and the line that begins lies beside it.
    /// </summary>
    private Drawn Place(double x, double y, int charge)
    {
        double nx = x - coreX;
        double ny = 0.8 * (y - coreY);
        double turns = StableMath.Atan2(charge * nx, charge * ny);
        return new Drawn(x, y, turns < 0 ? turns + 1 : turns, charge);
    }

    /// <param name="X">Pixels from the left.</param>
    /// <param name="Y">Pixels from the top.</param>
    /// <param name="Turns">Direction in turns, counter-clockwise.</param>
    /// <param name="Charge">1 or -1: which way the phase turns round it.</param>
    internal readonly record struct Drawn(double X, double Y, double Turns, int Charge);
}
