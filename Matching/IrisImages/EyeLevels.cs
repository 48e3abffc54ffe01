namespace MatchCluster.Matching.IrisImages;

/// <summary>A picture without its reflections at full, half and quarter size.</summary>
internal sealed class EyeLevels
{
    private readonly GrayPlane[] levels;

    public EyeLevels(GrayPlane original)
    {
        Original = original;
        Reflections = Reflections.Find(Original);
        GrayPlane half = Reflections.Filled.Half();
        this.levels = [Reflections.Filled, half, half.Half()];
    }

    public GrayPlane Original { get; }

    public Reflections Reflections { get; }

    public int Width => Original.Width;

    public int Height => Original.Height;

    /// <summary>The longer side of the coarse level, as far as there is a level that small.</summary>
    public const int CoarseSide = 200;

    /// <summary>
    /// The level for coarse searches: the first whose longer side has at most 200 pixels, else the last.
    /// </summary>
    public GrayPlane Coarse =>
        this.levels.FirstOrDefault(level => Math.Max(level.Width, level.Height) <= CoarseSide) ?? this.levels[^1];

    /// <summary>The coarsest level whose pixels are not wider than a step, or not much.</summary>
    public GrayPlane ForStep(double step) =>
        step >= 3.2 ? this.levels[2] : step >= 1.6 ? this.levels[1] : this.levels[0];
}
