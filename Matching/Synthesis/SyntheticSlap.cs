using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Synthesis;

/// <summary>
/// Draws pictures of several fingers of a person who does not exist: four fingers of a hand, thumbs, or some of them,
/// with joints, lower phalanges, palm, lean, pressure and noise, and says where each fingertip is. Equal seeds give
/// equal pictures on every machine.
/// </summary>
public sealed class SyntheticSlap
{
    private const double PerMillimetre = 500 / 25.4;
    private const double CreaseMillimetres = 1.3;

    private readonly ulong seed;

    /// <param name="seed">The person; every finger has the same ridges in every picture.</param>
    public SyntheticSlap(ulong seed) => this.seed = seed;

    /// <summary>One picture.</summary>
    /// <param name="view">How it is captured.</param>
    /// <param name="impression">Another number gives another noise, pressure and place.</param>
    public DrawnSlap Take(SlapView view, ulong impression = 0)
    {
        ArgumentNullException.ThrowIfNull(view);
        IReadOnlyList<int> codes = SlapPositions.FromLeft(view.Code)
            ?? throw new ArgumentException($"found the code {view.Code}, wanted one of several fingers", nameof(view));
        var random = new StableRandom(StableRandom.Derive(seed, 1000 + impression));
        SlapHand hand = new(seed, codes, view, random);
        var ground = new SlapGround(random, view);
        double scale = 500.0 / view.Ppi;
        int width = view.Width * view.Ppi / 500;
        int height = view.Height * view.Ppi / 500;
        byte[] pixels = new byte[width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double sx = x * scale;
                double sy = y * scale;
                double ink = hand.InkAt(sx, sy);
                ink = Math.Max(ink, ground.InkAt(sx, sy));
                double grey = ground.Light - (ink * (ground.Light - 30)) + (view.Noise * random.Gaussian());
                pixels[(y * width) + x] = (byte)Math.Clamp(grey, 0, 255);
            }
        }

        return new DrawnSlap(
            new GrayImage(width, height, pixels) { StatedPpi = view.Ppi },
            [.. hand.Drawn.Select(finger => Scaled(finger, 1 / scale))]);
    }

    internal static double Pixels(double millimetres) => millimetres * PerMillimetre;

    internal static double Crease => Pixels(CreaseMillimetres);

    private static DrawnFinger Scaled(DrawnFinger finger, double scale) => new(
        finger.Finger, finger.TipX * scale, finger.TipY * scale, finger.JointX * scale, finger.JointY * scale,
        finger.Width * scale);
}
