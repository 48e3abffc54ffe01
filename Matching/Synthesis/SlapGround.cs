namespace MatchCluster.Matching.Synthesis;

/// <summary>What lies round the fingers: the light of the glass, and a card's lines and writing.</summary>
internal sealed class SlapGround
{
    private const int Stroke = 4;
    private const int Letter = 22;

    private readonly SlapView view;
    private readonly ulong letters;
    private readonly double frameLeft;
    private readonly double frameTop;

    public SlapGround(StableRandom random, SlapView view)
    {
        this.view = view;
        Light = random.Uniform(215, 250);
        letters = random.Next();
        frameLeft = random.Uniform(25, 60);
        frameTop = random.Uniform(70, 110);
    }

    /// <summary>Grey of the glass.</summary>
    public double Light { get; }

    /// <summary>How dark the card's print is at a place, 0..1.</summary>
    public double InkAt(double x, double y)
    {
        if (!view.HasCard)
        {
            return 0;
        }

        bool isLine = IsOn(x, frameLeft) || IsOn(x, view.Width - frameLeft) || IsOn(y, frameTop)
            || IsOn(y, view.Height - 40);
        return isLine || IsLetter(x, y) ? 0.85 : 0;
    }

    private static bool IsOn(double at, double line) => at >= line && at < line + Stroke;

    /// <summary>A row of letters above the frame: squares of strokes that a hash chooses.</summary>
    private bool IsLetter(double x, double y)
    {
        double row = y - 24;
        if (row < 0 || row >= Letter || x < frameLeft || x > 0.6 * view.Width)
        {
            return false;
        }

        int letter = (int)(x / Letter);
        int column = (int)(x % Letter) / 5;
        ulong shape = StableRandom.Derive(letters, (ulong)letter);
        return column < 3 && ((shape >> ((column * 5) + ((int)row / 5))) & 1) == 1;
    }
}
