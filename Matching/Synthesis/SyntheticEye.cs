using MatchCluster.Matching.Images;

namespace MatchCluster.Matching.Synthesis;

/// <summary>
/// How one picture of a synthetic eye is taken. Lengths are in pixels; rows count downwards.
/// </summary>
/// <param name="Width">Pixels of a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="X">Column of the middle of the iris.</param>
/// <param name="Y">Row of the middle of the iris.</param>
/// <param name="Radius">Radius of the iris.</param>
public sealed record EyeView(int Width, int Height, double X, double Y, double Radius)
{
    /// <summary>Radius of the pupil over the radius of the iris.</summary>
    public double PupilRatio { get; init; } = 0.4;

    /// <summary>Turns by which the eye is turned counter-clockwise.</summary>
    public double Rotation { get; init; }

    /// <summary>
    /// Height of the upper lid over the middle of the iris, in radii; above 1 the iris is free.
    /// </summary>
    public double UpperLid { get; init; } = 0.8;

    /// <summary>Depth of the lower lid under it.</summary>
    public double LowerLid { get; init; } = 0.95;

    /// <summary>Deviation of the camera's noise, in grey values.</summary>
    public double Noise { get; init; } = 2;

    /// <summary>How far grey values are from middle grey; 1 is a good exposure.</summary>
    public double Contrast { get; init; } = 1;

    /// <summary>Degrees by which the eye looks to the right of the camera; negative to the left.</summary>
    public double GazeRight { get; init; }

    /// <summary>Degrees by which it looks above the camera; negative below.</summary>
    public double GazeUp { get; init; }

    /// <summary>Seed of noise, lashes and glints: another one is another picture of the eye.</summary>
    public ulong Capture { get; init; }
}

/// <summary>
/// The picture of an eye that nobody has: skin, sclera, a textured iris, a pupil off its middle, two lids as
/// parabolas, lashes, glints and noise. It looks enough like an eye under near-infrared light to try an
/// encoder with, and its borders are known. Error rates of it say nothing about those of people.
/// </summary>
public sealed class SyntheticEye
{
    private const int Angles = 256;
    private const int Depths = 24;
    private const double Skin = 205;
    private const double Sclera = 180;
    private const double Iris = 118;
    private const double Pupil = 28;

    /// <summary>
    /// Radii of the iris by which the pupil moves away from the reflection of a light at the lens, for a sine of one.
    /// </summary>
    private const double Lever = 0.72;

    /// <summary>Share of the iris' radius over which its outer border fades into the sclera.</summary>
    private const double Fade = 0.06;

    private readonly float[] texture = new float[Angles * Depths];

    /// <summary>The eye of a seed.</summary>
    public SyntheticEye(ulong seed)
    {
        StableRandom random = new(seed);
        float[] white = new float[this.texture.Length];
        foreach (ref float value in white.AsSpan())
        {
            value = (float)random.Gaussian();
        }

        // Neighbours along the radius are alike over four rows, along the angle over three columns: fibres.
        for (int depth = 0; depth < Depths; depth++)
        {
            for (int angle = 0; angle < Angles; angle++)
            {
                float sum = 0;
                for (int d = -3; d <= 3; d++)
                {
                    for (int a = -1; a <= 1; a++)
                    {
                        int row = Math.Clamp(depth + d, 0, Depths - 1);
                        sum += white[(row * Angles) + ((angle + a + Angles) % Angles)] / (1 + (d * d));
                    }
                }

                this.texture[(depth * Angles) + angle] = sum;
            }
        }
    }

    /// <summary>One picture.</summary>
    public GrayImage Take(EyeView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        StableRandom random = new(view.Capture);
        double pupilX = view.X + (0.02 * view.Radius);
        double pupilY = view.Y - (0.01 * view.Radius);
        double pupil = view.PupilRatio * view.Radius;
        byte[] pixels = new byte[view.Width * view.Height];
        for (int y = 0; y < view.Height; y++)
        {
            for (int x = 0; x < view.Width; x++)
            {
                double value = ValueAt(view, x, y, pupilX, pupilY, pupil);
                value = 128 + ((value - 128) * view.Contrast) + (view.Noise * random.Gaussian());
                pixels[(y * view.Width) + x] = (byte)Math.Clamp((int)Math.Round(value), 0, 255);
            }
        }

        DrawLashes(view, random, pixels);
        (double right, double up) = GazeOf(view);
        DrawGlint(
            view, pixels, pupilX + (0.3 * pupil) - (Lever * view.Radius * right),
            pupilY - (0.2 * pupil) + (Lever * view.Radius * up), Math.Max(2, 0.05 * view.Radius));
        DrawGlint(
            view, pixels, view.X + (0.6 * view.Radius), view.Y + (0.1 * view.Radius),
            Math.Max(1.5, 0.03 * view.Radius));
        return new GrayImage(view.Width, view.Height, pixels);
    }

    private double ValueAt(EyeView view, int x, int y, double pupilX, double pupilY, double pupil)
    {
        double across = (x - view.X) / view.Radius;
        double up = (view.Y - y) / view.Radius;
        if (up > UpperEdge(view, across) || up < (0.25 * across * across) - view.LowerLid)
        {
            return Skin;
        }

        (across, up) = SeenStraight(view, across, up);
        double distance = Math.Sqrt((across * across) + (up * up));
        (double fromPupilX, double fromPupilY) = SeenStraight(view, x - pupilX, pupilY - y);
        double fromPupil = Math.Sqrt((fromPupilX * fromPupilX) + (fromPupilY * fromPupilY));
        double inside = Math.Clamp((fromPupil - pupil + 1) / 2, 0, 1);
        if (inside == 0)
        {
            return Pupil;
        }

        double outside = Math.Clamp(((distance - 1) / Fade) + 0.5, 0, 1);
        double iris = outside == 1 ? Sclera : Iris + (9 * TextureAt(view, across, up, fromPupil / view.Radius));
        double value = (iris * (1 - outside)) + (Sclera * outside);
        return (Pupil * (1 - inside)) + (value * inside);
    }

    /// <summary>Sines of the gaze to the right and upwards.</summary>
    private static (double Right, double Up) GazeOf(EyeView view) =>
        (StableMath.Sin(view.GazeRight / 360), StableMath.Sin(view.GazeUp / 360));

    /// <summary>
    /// A place on the iris as it would be seen if the eye looked into the camera: what is turned away is seen shortened
    /// by the cosine of the angle, along the direction of the gaze.
    /// </summary>
    private static (double Across, double Up) SeenStraight(EyeView view, double across, double up)
    {
        if (view.GazeRight == 0 && view.GazeUp == 0)
        {
            return (across, up);
        }

        (double right, double above) = GazeOf(view);
        double square = (right * right) + (above * above);
        double along = ((across * right) + (up * above)) / square;
        double stretch = (1 / Math.Sqrt(1 - square)) - 1;
        return (across + (along * right * stretch), up + (along * above * stretch));
    }

    private double TextureAt(EyeView view, double across, double up, double fromPupil)
    {
        double turns = StableMath.Atan2(up, across) - view.Rotation;
        double angle = (turns - Math.Floor(turns)) * Angles;
        double depth = Math.Clamp((fromPupil - view.PupilRatio) / (1 - view.PupilRatio), 0, 1) * (Depths - 1.001);
        int column = (int)angle % Angles;
        int row = (int)depth;
        double a = angle - (int)angle;
        double d = depth - row;
        int next = (column + 1) % Angles;
        double inner = (this.texture[(row * Angles) + column] * (1 - a)) + (this.texture[(row * Angles) + next] * a);
        row++;
        double outer = (this.texture[(row * Angles) + column] * (1 - a)) + (this.texture[(row * Angles) + next] * a);
        return (inner * (1 - d)) + (outer * d);
    }

    private static double UpperEdge(EyeView view, double across) => view.UpperLid - (0.3 * across * across);

    /// <summary>Thin dark lines from the edge of the upper lid downwards.</summary>
    private static void DrawLashes(EyeView view, StableRandom random, byte[] pixels)
    {
        for (int lash = 0; lash < 24; lash++)
        {
            double across = random.Uniform(-1, 1);
            double lean = random.Uniform(-0.3, 0.3);
            double length = random.Uniform(0.05, 0.25);
            double top = UpperEdge(view, across) + 0.03;
            int steps = (int)(length * view.Radius * 2);
            for (int step = 0; step <= steps; step++)
            {
                double along = length * step / Math.Max(1, steps);
                int x = (int)Math.Round(view.X + ((across + (lean * along)) * view.Radius));
                int y = (int)Math.Round(view.Y - ((top - along) * view.Radius));
                if ((uint)x < (uint)view.Width && (uint)y < (uint)view.Height)
                {
                    pixels[(y * view.Width) + x] = (byte)(128 - (int)(68 * view.Contrast));
                }
            }
        }
    }

    private static void DrawGlint(EyeView view, byte[] pixels, double x, double y, double radius)
    {
        for (int row = Math.Max(0, (int)(y - radius)); row <= Math.Min(view.Height - 1, (int)(y + radius)); row++)
        {
            int last = Math.Min(view.Width - 1, (int)(x + radius));
            for (int column = Math.Max(0, (int)(x - radius)); column <= last; column++)
            {
                if (((column - x) * (column - x)) + ((row - y) * (row - y)) <= radius * radius)
                {
                    pixels[(row * view.Width) + column] = 250;
                }
            }
        }
    }
}
