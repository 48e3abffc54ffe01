namespace MatchCluster.Matching.Extraction;

/// <summary>
/// The steps from pixels at 500 ppi to minutiae, in their order, with the planes that they hand on.
/// </summary>
internal sealed class PrintSteps
{
    private static readonly GaborBank Wide = new(0.42, 0.42);
    private static readonly GaborBank Long = new(0.42, 0.5);

    private readonly FaintPicture faint = new();
    private readonly StraightLines lines = new();
    private readonly Normalisation normalisation = new();
    private readonly GradientWaves gradients = new();
    private readonly RidgeWaves coarse = new(Wide);
    private readonly PhaseWaves refined = new(1.2, 3);
    private readonly PhaseWaves last = new(0.8, 2);
    private readonly PrintMask mask = new();
    private readonly PhaseVortices vortices = new();
    private readonly MinutiaSelection selection = new();
    private readonly PrintMeasures measures = new();
    private readonly PaddedPlane between = new();
    private readonly PaddedPlane smooth = new();

    public PaddedPlane Picture { get; } = new();

    public RidgeGrid Grid { get; } = new();

    public RidgeWaves Waves { get; } = new(Long);

    /// <summary>What the last picture showed as a whole.</summary>
    public PrintSummary Summary { get; private set; }

    /// <summary>Hears the name of each step when it is done; null but where steps are timed.</summary>
    public Action<string>? StepDone { get; set; }

    /// <summary>The minutiae; valid until the next call.</summary>
    public Span<PhaseVortex> Read(ReadOnlySpan<byte> pixels, int width, int height)
    {
        int columns = (width + RidgeGrid.Block - 1) / RidgeGrid.Block;
        int rows = (height + RidgeGrid.Block - 1) / RidgeGrid.Block;
        Grid.Clear(columns, rows);
        Picture.Clear(columns * RidgeGrid.Block, rows * RidgeGrid.Block);
        between.Clear(Picture.Width, Picture.Height);
        smooth.Clear(Picture.Width, Picture.Height);
        ReadOnlySpan<byte> clean = lines.Apply(faint.Apply(pixels), width, height);
        StepDone?.Invoke("form");
        normalisation.Apply(clean, width, height, Picture, Grid);
        StepDone?.Invoke("brightness");
        Binomial.Smooth(Picture, between, smooth);
        mask.StartWithContrast(Grid, width, height);
        PrintMask.Exclude(Grid, lines.Steps);
        gradients.Estimate(smooth, Grid);
        StepDone?.Invoke("first look");
        coarse.Filter(Picture, Grid);
        StepDone?.Invoke("first filter");
        refined.Estimate(Picture, coarse, Grid);
        StepDone?.Invoke("second look");
        Waves.Filter(Picture, Grid);
        last.Estimate(Picture, Waves, Grid);
        mask.Settle(Grid);
        Waves.Filter(Picture, Grid, isSame: true);
        StepDone?.Invoke("second filter and print");
        Span<PhaseVortex> found = vortices.Find(Waves, Grid);
        StepDone?.Invoke("minutiae");
        found = selection.Select(found, Waves, Grid, mask.StrongContrast);
        Summary = measures.Of(pixels, width, height, Grid, mask, found);
        StepDone?.Invoke("choice and quality");
        return found;
    }
}
