using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// Cosines and sines of a whole turn in equal steps, counter-clockwise from three o'clock. They come from
/// <see cref="StableMath"/>, so that they are equal on every platform.
/// </summary>
internal sealed class Turn
{
    /// <summary>Columns of the normalised iris.</summary>
    public static readonly Turn Of512 = new(512);

    /// <summary>Rays of the searches for contours.</summary>
    public static readonly Turn Of128 = new(128);

    private Turn(int steps)
    {
        Cos = new double[steps];
        Sin = new double[steps];
        for (int i = 0; i < steps; i++)
        {
            Cos[i] = StableMath.Cos((double)i / steps);
            Sin[i] = StableMath.Sin((double)i / steps);
        }
    }

    public double[] Cos { get; }

    public double[] Sin { get; }

    public int Steps => Cos.Length;
}
