namespace MatchCluster.Matching.Extraction;

/// <summary>
/// What is known of the ridges in every block of 8 x 8 pixels: the wave that crosses them, and how well it
/// explains the picture. A wave has a unit normal (x right, y down; it and its opposite are the same wave)
/// and a period.
/// </summary>
internal sealed class RidgeGrid
{
    /// <summary>Side of a block in pixels at 500 ppi: about one ridge.</summary>
    public const int Block = 8;

    public int Columns { get; private set; }

    public int Rows { get; private set; }

    public int Count => Columns * Rows;

    /// <summary>x of the wave's unit normal.</summary>
    public float[] NormalX { get; private set; } = [];

    /// <summary>y (down) of the wave's unit normal.</summary>
    public float[] NormalY { get; private set; } = [];

    /// <summary>Pixels from ridge to ridge.</summary>
    public float[] Period { get; private set; } = [];

    /// <summary>How much of one direction the surroundings have, 0..1.</summary>
    public float[] Coherence { get; private set; } = [];

    /// <summary>Share of the normalised picture's power that the wave explains, 0..1.</summary>
    public float[] Explained { get; private set; } = [];

    /// <summary>Square of the mean deviation from the local mean over the mean square, 0..1.</summary>
    public float[] Fullness { get; private set; } = [];

    /// <summary>
    /// Contrast before it was normalised: standard deviation in grey levels. 0 for a block at the edge whose middle
    /// lies outside the picture.
    /// </summary>
    public float[] Contrast { get; private set; } = [];

    /// <summary>Whether the block shows ridges of the finger.</summary>
    public bool[] Inside { get; private set; } = [];

    /// <summary>The block of a pixel; the nearest one for a place outside.</summary>
    public int BlockAt(float x, float y) =>
        (Math.Clamp((int)y / Block, 0, Rows - 1) * Columns) + Math.Clamp((int)x / Block, 0, Columns - 1);

    /// <summary>Grey levels of the part of the contrast that the ridges explain.</summary>
    public float RidgeContrast(int block) => Contrast[block] * MathF.Sqrt(Explained[block]);

    public void Clear(int columns, int rows)
    {
        Columns = columns;
        Rows = rows;
        if (NormalX.Length < Count)
        {
            NormalX = new float[Count];
            NormalY = new float[Count];
            Period = new float[Count];
            Coherence = new float[Count];
            Explained = new float[Count];
            Fullness = new float[Count];
            Contrast = new float[Count];
            Inside = new bool[Count];
        }

        Array.Clear(Inside, 0, Count);
        Array.Clear(Contrast, 0, Count);
    }
}
