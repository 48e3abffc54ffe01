namespace MatchCluster.Matching.Extraction;

/// <summary>
/// A plane of floats, whole blocks wide and high, with a margin of zeros round it, so that filters need no
/// test at its edges. Its memory is kept from one picture to the next.
/// </summary>
internal sealed class PaddedPlane
{
    /// <summary>Zeros on each side: as far as the widest filter reaches, and whole vectors.</summary>
    public const int Margin = 24;

    /// <summary>Pixels of a row, a multiple of <see cref="RidgeGrid.Block"/>.</summary>
    public int Width { get; private set; }

    /// <summary>Rows, a multiple of <see cref="RidgeGrid.Block"/>.</summary>
    public int Height { get; private set; }

    /// <summary>Floats from one row to the next.</summary>
    public int Stride { get; private set; }

    public float[] Values { get; private set; } = [];

    /// <summary>Takes a size and sets everything to zero.</summary>
    public void Clear(int width, int height)
    {
        Width = width;
        Height = height;
        Stride = width + (2 * Margin);
        int length = Stride * (height + (2 * Margin));
        if (Values.Length < length)
        {
            Values = new float[length];
        }
        else
        {
            Array.Clear(Values, 0, length);
        }
    }

    /// <summary>Where the pixel lies in <see cref="Values"/>.</summary>
    public int At(int x, int y) => ((y + Margin) * Stride) + x + Margin;
}
