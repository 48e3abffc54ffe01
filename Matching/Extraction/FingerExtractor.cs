using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Extraction;

/// <summary>
/// From the picture of a finger to its minutiae. One extractor serves one thread and keeps its memory from
/// picture to picture. Equal pictures give equal minutiae on every machine.
/// </summary>
public sealed class FingerExtractor
{
    /// <summary>Resolution that every step works at, pixels per inch.</summary>
    public const int WorkingPpi = 500;

    private readonly Resampling resampling = new();
    private readonly PrintSteps steps = new();
    private readonly RidgeDetails details = new();

    /// <summary>The steps with their planes of the last picture, for drawings.</summary>
    internal PrintSteps Steps => steps;

    /// <summary>Extracts from a picture whose resolution is known.</summary>
    /// <param name="image">One plain or rolled print.</param>
    /// <param name="ppi">Its pixels per inch.</param>
    /// <param name="position">Finger that the view names.</param>
    public FingerExtraction Extract(GrayImage image, int ppi, BiometricPosition? position = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Pixels.Length != (long)image.Width * image.Height)
        {
            throw new ArgumentException(
                $"found {image.Pixels.Length} pixels, wanted {image.Width} x {image.Height}", nameof(image));
        }

        if (ExtractionLimits.FaultOf(image, ppi, out int width, out int height) is { } fault)
        {
            return fault;
        }

        ReadOnlySpan<byte> pixels = width == image.Width && height == image.Height
            ? image.Pixels.Span
            : resampling.Apply(image.Pixels.Span, image.Width, image.Height, width, height);
        Span<PhaseVortex> found = steps.Read(pixels, width, height);
        PrintSummary summary = steps.Summary;
        return PrintJudgement.FailureOf(summary, found.Length) ?? Result(image, ppi, width, position, found, summary);
    }

    internal static FingerExtraction Failed(ExtractionFailure failure, string found, string wanted) =>
        new() { Failure = failure, Rejection = new Rejection(-1, found, wanted) };

    private FingerExtraction Result(
        GrayImage image, int ppi, int width, BiometricPosition? position, Span<PhaseVortex> found,
        PrintSummary summary)
    {
        found.Sort(static (a, b) => (b.Quality, a.Y, a.X).CompareTo((a.Quality, b.Y, b.X)));
        if (found.Length > Limits.MinutiaePerView)
        {
            found = found[..Limits.MinutiaePerView];
        }

        // One scale for both axes; a resolution that records cannot state is stated as the working one.
        double scale = (double)image.Width / width;
        int perCentimetre = (int)Math.Round(ppi / 2.54);
        if (perCentimetre > Limits.PixelsPerCm)
        {
            scale = 1;
            perCentimetre = (int)Math.Round(WorkingPpi / 2.54);
        }

        var minutiae = new ExtractedMinutia[found.Length];
        for (int i = 0; i < minutiae.Length; i++)
        {
            minutiae[i] = Minutia(found[i], scale, summary.HasLightRidges);
        }

        Minutia[] rounded = [.. minutiae.Select(Rounded)];
        return new FingerExtraction
        {
            View = new FingerView
            {
                Position = position ?? BiometricPosition.UnknownFinger,
                Quality = summary.Quality,
                Width = image.Width,
                Height = image.Height,
                ResolutionX = perCentimetre,
                ResolutionY = perCentimetre,
                Minutiae = rounded,
                Extractor = FingerExtractorId.MatchCluster1,
                Ridges = new RidgeBlock(details.Of(steps.Waves, steps.Grid, found, rounded), rounded),
            },
            Minutiae = minutiae,
            Quality = summary.Quality,
            Area = summary.SquareMillimetres,
            RidgePeriod = summary.Period,
            HasLightRidges = summary.HasLightRidges,
            Warnings = PrintJudgement.WarningsOf(summary),
        };
    }

    private static ExtractedMinutia Minutia(in PhaseVortex vortex, double scale, bool hasLightRidges)
    {
        double turns = StableMath.Atan2(-vortex.AlongY, vortex.AlongX);
        return new ExtractedMinutia(
            ((vortex.X + 0.5) * scale) - 0.5,
            ((vortex.Y + 0.5) * scale) - 0.5,
            turns < 0 ? turns + 1 : turns,
            Math.Clamp((int)Math.Round(100 * vortex.Quality), 1, 100),
            vortex.IsEnding != hasLightRidges ? MinutiaKind.RidgeEnding : MinutiaKind.Bifurcation);
    }

    private static Minutia Rounded(ExtractedMinutia minutia) => new(
        (ushort)Math.Max(Math.Round(minutia.X), 0),
        (ushort)Math.Max(Math.Round(minutia.Y), 0),
        (ushort)((int)Math.Round(65536 * minutia.Turns) & 0xffff),
        (byte)minutia.Quality,
        minutia.Kind);
}
