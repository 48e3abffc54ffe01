using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Prints;
using MatchCluster.Matching.Images.Records;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates.Wrappers;

namespace MatchCluster.Matching.Modalities;

/// <summary>
/// The way from what a caller sends as an image to templates: wrappers are taken off, records opened, each picture
/// decoded, prepared as its modality wants it, and extracted.
/// </summary>
public static class ImageExtraction
{
    /// <summary>The pictures inside, not decoded yet, or the first thing that is wrong.</summary>
    /// <param name="bytes">A picture, a record of pictures, or a wrapper round one.</param>
    /// <param name="request">What the caller says of it.</param>
    public static Decoded<RecordPictures> Open(ReadOnlyMemory<byte> bytes, ImageRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (bytes.Length > ImageLimits.MostFileBytes)
        {
            return new Rejection(-1, $"an image of {bytes.Length} bytes", $"at most {ImageLimits.MostFileBytes}");
        }

        if (request.Raw is not null)
        {
            return new RecordPictures(null, [new RecordPicture { Bytes = bytes }], []);
        }

        Decoded<WrappedBlocks> blocks = BirWrapper.Unwrap(bytes);
        if (!blocks.IsAccepted)
        {
            return blocks.Rejection;
        }

        List<RecordPicture> all = [];
        foreach (ReadOnlyMemory<byte> block in blocks.Value.Blocks)
        {
            Decoded<RecordPictures> record = PictureRecords.Read(block);
            if (!record.IsAccepted)
            {
                return record.Rejection;
            }

            all.AddRange(record.Value.Pictures);
            if (all.Count > PictureRecords.MostPictures)
            {
                return new Rejection(
                    -1, $"more than {PictureRecords.MostPictures} pictures in one wrapper",
                    $"at most {PictureRecords.MostPictures}");
            }
        }

        return new RecordPictures(blocks.Value.Wrapper, all, []);
    }

    /// <summary>The templates of one picture, or what is wrong with it.</summary>
    /// <param name="rules">The modality that the caller names.</param>
    /// <param name="extractor">Its extractor.</param>
    /// <param name="picture">One of those that <see cref="Open"/> gave.</param>
    /// <param name="request">What the caller says of it.</param>
    public static Decoded<ExtractedTemplates> Extract(
        ModalityRules rules, ITemplateExtractor extractor, RecordPicture picture, ImageRequest request)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(extractor);
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(request);
        if (MisplacementOf(rules, picture, request) is { } misplaced)
        {
            return misplaced;
        }

        ImageReading reading = new() { Raw = request.Raw, AllowsNative = request.AllowsNative };
        Decoded<GrayImage> image = picture.Decode(reading);
        if (!image.IsAccepted)
        {
            return image.Rejection;
        }

        Decoded<PreparedImage> prepared = rules.PrepareImage(image.Value, request, picture.Ppi, extractor);
        try
        {
            return prepared.IsAccepted
                ? Extract(rules, extractor, picture, request, image.Value, prepared.Value) : prepared.Rejection;
        }
        finally
        {
            // Pixels are made here and needed by nobody else; a picture without a format may be the caller's own bytes.
            foreach (GrayImage? made in (GrayImage?[])[image.Value, prepared.Value?.Image])
            {
                if (made is not null && !made.Pixels.Span.Overlaps(picture.Bytes.Span))
                {
                    Erasure.Clear(made.Pixels);
                }
            }
        }
    }

    private static Decoded<ExtractedTemplates> Extract(
        ModalityRules rules, ITemplateExtractor extractor, RecordPicture picture, ImageRequest request, GrayImage image,
        PreparedImage prepared)
    {
        BiometricPosition position = request.Position.IsUnknown
            ? picture.Position ?? request.Position : request.Position;
        Decoded<ExtractedTemplates> found = extractor.Extract(
            prepared.Image, position, SlapOf(position, picture, request), request.Drawings);
        if (request.BothEyes && position.IsUnknown && found is { IsAccepted: true, Value.All.Count: 1 })
        {
            return new Rejection(-1, "one-eye: a picture of one eye", "a picture of both eyes, or the label of one");
        }

        double scale = image.Width / (double)prepared.Image.Width;
        return !found.IsAccepted ? found
            : new ExtractedTemplates(
            [
                .. found.Value.All.Select(each => each with
                {
                    Notes = WithoutRepeats(prepared.Notes, each.Notes),
                    Box = each.Box?.Scaled(scale),
                }),
            ]);
    }

    /// <summary>
    /// What a picture of several fingers should show; null for one finger, also where the caller's label is a slap's
    /// and the record round the picture names one finger of it.
    /// </summary>
    private static SlapRequest? SlapOf(BiometricPosition position, RecordPicture picture, ImageRequest request) =>
        position.IsUnknown && (request.Slap ?? picture.Slap) is { } code
            ? new SlapRequest(SlapPositions.FromLeft(code)!) { Missing = request.Missing } : null;

    /// <summary>
    /// What the preparation said, and of the extractor's notes those of other codes: both look at the resolution.
    /// Several notes of one code are kept where one of them says them, because an eye may fall short in several ways.
    /// </summary>
    private static ImageNote[] WithoutRepeats(IReadOnlyList<ImageNote> prepared, IReadOnlyList<ImageNote> extracted) =>
    [
        .. prepared,
        .. extracted.Where(note => note.Code == ImageNote.File || !prepared.Any(said => said.Code == note.Code)),
    ];

    /// <summary>A record of another modality or place than the caller's label is a mix-up.</summary>
    private static Rejection? MisplacementOf(ModalityRules rules, RecordPicture picture, ImageRequest request)
    {
        if (picture.Slap is { } several && rules.Modality == Modality.Finger)
        {
            bool isAnother = request.Slap is { } code ? code != several : !request.Position.IsUnknown;
            return isAnother ? new Rejection(-1, $"a record of {FingersOf(several)}", WantedOf(request)) : null;
        }

        if (picture.Position is not { } stated)
        {
            return null;
        }

        if (stated.Modality != rules.Modality)
        {
            return new Rejection(-1, $"a record of {stated}", $"a picture of a {rules.Name}");
        }

        bool isOther = !stated.IsUnknown
            && (request.Slap is { } slap ? !SlapPositions.FromLeft(slap)!.Contains(stated.Finger)
                : !request.Position.IsUnknown && stated != request.Position);
        return isOther ? new Rejection(-1, $"a record of {stated}", WantedOf(request)) : null;
    }

    private static string WantedOf(ImageRequest request) =>
        $"one of {(request.Slap is { } code ? FingersOf(code) : request.Position.ToString())}";

    private static string FingersOf(int code) =>
        string.Join(", ", SlapPositions.FromLeft(code)!.Select(finger => BiometricPosition.OfFinger(finger)));
}
