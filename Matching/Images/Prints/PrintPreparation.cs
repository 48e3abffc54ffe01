using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Prints;

/// <summary>
/// Makes a print's picture what an extractor takes (500 ppi, dark ridges on light), and says what was changed.
/// Whether a print stands on its head, or is mirrored, cannot be seen from one print.
/// </summary>
public static class PrintPreparation
{
    /// <summary>The resolution in which prints are extracted and compared.</summary>
    public const int Ppi = PrintResolution.Usual;

    /// <summary>Share by which a resolution may differ from 500 without being resampled.</summary>
    private const double Near = 0.01;

    /// <summary>The print, or why it is refused.</summary>
    public static Decoded<PreparedPrint> Prepare(GrayImage image, PrintReading? reading = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        List<ImageNote> notes =
            [.. image.Warnings.Select(warning => new ImageNote(ImageNote.File, warning))];
        Rejection? fault = PrintResolution.Choose(
            image, reading ?? new PrintReading(), RidgeSignature.PeriodOf(image), notes, out ResolutionSource source,
            out int ppi);
        if (fault is not null)
        {
            return fault;
        }

        bool isNear = Math.Abs(ppi - Ppi) <= Near * Ppi;
        int width = isNear ? image.Width : Resampling.SideAt(image.Width, ppi, Ppi);
        int height = isNear ? image.Height : Resampling.SideAt(image.Height, ppi, Ppi);
        if (ImageLimits.FaultOf(-1, width, height) is { } wrong)
        {
            return wrong with { Wanted = $"{wrong.Wanted} at {Ppi} pixels per inch" };
        }

        if (reading?.SizeFault?.Invoke(width, height) is { } refused)
        {
            return refused;
        }

        GrayImage upright = image;
        if (Polarity.IsNegative(image))
        {
            upright = Polarity.Invert(image);
            notes.Add(new ImageNote(ImageNote.Inverted, "light ridges on dark are taken for dark ones on light"));
        }

        if (!isNear)
        {
            upright = Resampling.ToPpi(upright, ppi, Ppi);
            notes.Add(new ImageNote(
                ImageNote.Resampled,
                $"{ppi} pixels per inch are resampled to {Ppi}, {upright.Width} x {upright.Height} pixels"));
        }

        return new PreparedPrint(upright with { StatedPpi = Ppi }, ppi, source, notes);
    }
}
