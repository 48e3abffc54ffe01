using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Prints;

/// <summary>
/// Which resolution counts: that of the request, else of the record, else of the file, else 500 ppi. What a request or
/// a record states is taken or refused. Files state the resolution of screens and of other devices so often that theirs
/// must be a scanner's and agree with the ridges.
/// </summary>
internal static class PrintResolution
{
    public const int Usual = 500;
    public const int Least = 250;
    public const int Most = 1_200;

    /// <summary>A byte that devices leave unset in WSQ comments.</summary>
    private const int Unset = 255;

    /// <summary>Pixels between ridges at 500 ppi: 7.3 to 11 in nearly all prints of adults.</summary>
    private const double UsualPeriod = 9;

    /// <summary>A share by which the ridges may differ from the usual before a resolution is doubtful.</summary>
    private const double Doubtful = 0.35;

    /// <summary>Pixels per inch and who says so, or a refusal.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="reading">What is stated besides.</param>
    /// <param name="period">Pixels between ridges; null where they were not found.</param>
    /// <param name="notes">Gets what was assumed or not believed.</param>
    /// <param name="source">Who states it.</param>
    /// <param name="ppi">Pixels per inch.</param>
    public static Rejection? Choose(
        GrayImage image, PrintReading reading, double? period, List<ImageNote> notes, out ResolutionSource source,
        out int ppi)
    {
        source = reading.RequestPpi is not null ? ResolutionSource.Request
            : reading.RecordPpi is not null ? ResolutionSource.Record : ResolutionSource.File;
        ppi = reading.RequestPpi ?? reading.RecordPpi ?? 0;
        if (source != ResolutionSource.File)
        {
            return ppi is >= Least and <= Most ? Doubt(ppi, period, notes)
                : new Rejection(-1, $"{ppi} pixels per inch", $"{Least}..{Most}");
        }

        if (Believed(image.StatedPpi, period, notes) is { } stated)
        {
            ppi = stated;
            return Doubt(ppi, period, notes);
        }

        source = ResolutionSource.Assumed;
        ppi = Usual;
        if (reading.RefusesAssumed)
        {
            return new Rejection(-1, "a picture whose resolution nobody states", "resolution, in pixels per inch");
        }

        notes.Add(new ImageNote(
            ImageNote.ResolutionAssumed, $"nobody states the resolution; {Usual} pixels per inch are assumed"));
        return Doubt(ppi, period, notes);
    }

    private static int? Believed(int? stated, double? period, List<ImageNote> notes)
    {
        if (stated is not { } ppi)
        {
            return null;
        }

        bool isScanner = ppi is >= Least and <= Most and not Unset;
        bool contradicts = period is { } found && Disagrees(ppi, found) && !Disagrees(Usual, found);
        if (isScanner && !contradicts)
        {
            return ppi;
        }

        notes.Add(new ImageNote(
            ImageNote.ResolutionNotBelieved,
            !isScanner ? $"the file states {ppi} pixels per inch, which no print is scanned at"
                : $"the file states {ppi} pixels per inch, but its ridges are {period:0.0} pixels apart"));
        return null;
    }

    private static Rejection? Doubt(int ppi, double? period, List<ImageNote> notes)
    {
        if (period is { } found && Disagrees(ppi, found))
        {
            notes.Add(new ImageNote(
                ImageNote.ResolutionDoubtful,
                $"ridges are {found:0.0} pixels apart, where {UsualPeriod * ppi / Usual:0.0} are usual at {ppi} pixels "
                + "per inch"));
        }

        return null;
    }

    private static bool Disagrees(int ppi, double period)
    {
        double ratio = period * Usual / ppi / UsualPeriod;
        return ratio < 1 - Doubtful || ratio > 1 / (1 - Doubtful);
    }
}
