namespace MatchCluster.Matching.IrisImages;

/// <summary>A picture without its reflections at full, half and quarter size.</summary>
internal sealed class EyeLevels
{
    private readonly GrayPlane[] _levels;

    public EyeLevels(GrayPlane original)
    {
        Original = original;
        Reflections = Reflections.Find(Original);
        GrayPlane half = Reflections.Filled.Half();
        _levels = [Reflections.Filled, half, half.Half()];
    }

    public GrayPlane Original { get; }

    public Reflections Reflections { get; }

    public int Width => Original.Width;

    public int Height => Original.Height;

    /// <summary>
    /// The level for coarse searches: the first whose longer side has at most 200 pixels, else the last.
    /// </summary>
    public GrayPlane Coarse =>
        _levels.FirstOrDefault(level => Math.Max(level.Width, level.Height) <= 200) ?? _levels[^1];

    /// <summary>The coarsest level whose pixels are not wider than a step, or not much.</summary>
    public GrayPlane ForStep(double step) =>
        step >= 3.2 ? _levels[2] : step >= 1.6 ? _levels[1] : _levels[0];
}
