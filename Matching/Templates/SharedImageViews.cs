using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// What ISO/IEC 19794-2:2005 and INCITS 378-2004 have in common, which is all but the first fields and the
/// unit of angles: one image size and resolution for the whole record, then views whose number and impression
/// type share a byte.
/// </summary>
internal static class SharedImageViews
{
    /// <summary>
    /// Width, height and both resolutions (16 bits each), number of views, one reserved byte.
    /// </summary>
    public const int HeaderBytes = 10;

    /// <summary>Position, view and impression, quality, number of minutiae.</summary>
    private const int ViewBytes = 4;

    private const int HighestNibble = 15;

    /// <summary>
    /// What a writer gives for a finger whose quality is not known; readers take 254 and 255 so.
    /// </summary>
    private const byte NoQuality = 254;

    /// <summary>Reads from the image width to the end of the record.</summary>
    public static Decoded<FingerRecord> Read(ref RecordReader reader, TemplateFormat format, AngleUnit unit)
    {
        ushort width = reader.WordIn(1, ushort.MaxValue, "image width in pixels");
        ushort height = reader.WordIn(1, ushort.MaxValue, "image height in pixels");
        ushort resolutionX = reader.Resolution("x resolution in pixels per cm");
        ushort resolutionY = reader.Resolution("y resolution in pixels per cm");
        int count = reader.ByteIn(1, Limits.ViewsPerRecord, "number of finger views");
        reader.Skip(1, "reserved byte");

        // Grows as views turn out to be there: a count alone allocates nothing.
        List<FingerView> views = [];
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            BiometricPosition position = reader.Finger();
            byte viewAndImpression = reader.Byte("view number and impression type");
            int? quality = reader.Quality();
            byte minutiaeCount = reader.Byte("number of minutiae");
            Minutia[] minutiae = MinutiaeBlock.Read(
                ref reader, minutiaeCount, MinutiaeBlock.BytesWithQuality, width, height, unit);
            RidgeBlock? ridges = ExtendedData.Read(
                ref reader, minutiae, isLast: i == count - 1, out FingerExtractorId extractor);
            views.Add(new FingerView
            {
                Position = position,
                ViewNumber = viewAndImpression >> 4,
                Impression = viewAndImpression & HighestNibble,
                Quality = quality,
                Width = width,
                Height = height,
                ResolutionX = resolutionX,
                ResolutionY = resolutionY,
                Minutiae = minutiae,
                Extractor = extractor,
                Ridges = ridges,
            });
        }

        return reader.Finish(format, views);
    }

    /// <summary>Bytes from the image width to the end.</summary>
    /// <param name="views">The views.</param>
    /// <param name="isIso">Which of the two formats (<see cref="ExtendedData"/>).</param>
    public static int Measure(IReadOnlyList<FingerView> views, bool isIso) =>
        HeaderBytes + views.Sum(view => ViewBytes + (view.Minutiae.Count * MinutiaeBlock.BytesWithQuality)
            + ExtendedData.Measure(view, isIso));

    /// <exception cref="ArgumentException">A view cannot be represented.</exception>
    public static void Check(IReadOnlyList<FingerView> views)
    {
        Representable.Check(views, HighestNibble, HighestNibble);
        for (int i = 1; i < views.Count; i++)
        {
            (int, int, int, int) image = ImageOf(views[i]);
            if (image != ImageOf(views[0]))
            {
                throw new ArgumentException(
                    $"view {i}: found width, height and resolutions {image}, wanted {ImageOf(views[0])}: "
                    + "the format states one image size and resolution for all its views",
                    nameof(views));
            }
        }
    }

    /// <summary>Writes from the image width to the end; the views are checked.</summary>
    public static void Write(
        ref RecordWriter writer, IReadOnlyList<FingerView> views, AngleUnit unit, bool isIso)
    {
        writer.Word(views[0].Width);
        writer.Word(views[0].Height);
        writer.Word(views[0].ResolutionX);
        writer.Word(views[0].ResolutionY);
        writer.Byte(views.Count);
        writer.Byte(0);
        foreach (FingerView view in views)
        {
            writer.Byte(view.Position.Finger);
            writer.Byte((view.ViewNumber << 4) | view.Impression);
            writer.Byte(view.Quality ?? NoQuality);
            writer.Byte(view.Minutiae.Count);
            MinutiaeBlock.Write(
                ref writer, view.Minutiae, MinutiaeBlock.BytesWithQuality, unit, noQuality: 0);
            ExtendedData.Write(ref writer, view, isIso);
        }
    }

    private static (int Width, int Height, int ResolutionX, int ResolutionY) ImageOf(FingerView view) =>
        (view.Width, view.Height, view.ResolutionX, view.ResolutionY);
}
