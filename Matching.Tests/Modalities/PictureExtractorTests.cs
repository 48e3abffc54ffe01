using System.Text;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Records;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Tests.Images;

namespace MatchCluster.Matching.Tests.Modalities;

/// <summary>The extractors as the port that every modality has, and the way to them.</summary>
public sealed class PictureExtractorTests
{
    private static readonly Lazy<GrayImage> Hand = new(
        () => new SyntheticSlap(31).Take(new SlapView { Height = 900 }).Image);

    private static readonly ImageRequest Asked = new() { Position = BiometricPosition.LeftEye };

    [Fact]
    public void Large_prints_have_an_extractor_of_their_own_which_serves_the_next_of_them()
    {
        FingerPictureExtractor extractor = new();
        long usual = BytesOf(Blank(200, 200));
        Assert.Equal((1, 0), extractor.Kept);
        long first = BytesOf(Blank(1001, 1000));
        Assert.Equal((1, 1), extractor.Kept);
        Assert.InRange(first, 16_000_000, 60_000_000);
        Assert.InRange(BytesOf(Blank(1001, 1000)), 0, usual);
        Assert.Equal((1, 1), extractor.Kept);

        long BytesOf(GrayImage image)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            extractor.Extract(image, BiometricPosition.OfFinger(2), null, []);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Each_measure_of_an_eye_that_falls_short_is_noted()
    {
        EyeView poor = new(320, 240, 160, 120, 50) { Contrast = 0.4, PupilRatio = 0.28 };
        Decoded<ExtractedTemplates> found = Extract(IrisPicture(1, poor));
        Assert.True(found.IsAccepted, found.Rejection?.ToString());
        ExtractedTemplate eye = Assert.Single(found.Value!.All);
        Assert.InRange(eye.Notes.Count(note => note.Code == "iris-quality"), 2, 10);
        Assert.Equal(eye.Notes.Count, eye.Notes.Distinct().Count());
    }

    [Fact]
    public void A_picture_gives_the_same_template_on_every_thread()
    {
        byte[] picture = IrisPicture(2, new EyeView(320, 240, 160, 120, 70));
        byte[][] templates = [.. Enumerable.Range(0, 16).AsParallel().WithDegreeOfParallelism(8)
            .Select(_ => Extract(picture).Value!.All[0].Template.ToArray())];
        Assert.All(templates, template => Assert.Equal(templates[0], template));
    }

    [Theory]
    [InlineData(16, null)]
    [InlineData(17, "more than 32 pictures in one wrapper")]
    public void A_wrapper_holds_as_many_pictures_as_a_record(int inEach, string? wrong)
    {
        RecordBytes.Picture one = new(2, 120, 90, 60, PngBytes.Grey(120, 90, new byte[120 * 90]));
        string record = Convert.ToBase64String(
            RecordBytes.Finger2005(false, 0, 500, [.. Enumerable.Repeat(one, inEach)]));
        byte[] wrapper = Encoding.ASCII.GetBytes($"<BIR><BDB>{record}</BDB><BDB>{record}</BDB></BIR>");
        Decoded<RecordPictures> opened = ImageExtraction.Open(wrapper, Asked);
        Assert.Equal(wrong is null, opened.IsAccepted);
        Assert.Equal(wrong, opened.Rejection?.Found);
        Assert.Equal(wrong is null ? 2 * inEach : null, opened.Value?.Pictures.Count);
    }

    [Theory]
    [InlineData(13, null, "RIGHT_INDEX, RIGHT_MIDDLE, RIGHT_RING, RIGHT_LITTLE")]
    [InlineData(0, 13, "RIGHT_INDEX, RIGHT_MIDDLE, RIGHT_RING, RIGHT_LITTLE")]
    [InlineData(40, null, "finger-count: 4 parts as wide as ")]
    [InlineData(13, 14, "a record of RIGHT_INDEX, RIGHT_MIDDLE, RIGHT_RING, RIGHT_LITTLE")]
    [InlineData(2, 14, "a record of RIGHT_INDEX")]
    [InlineData(2, 13, "several-fingers: ")]
    public void The_position_code_of_a_record_says_what_a_picture_shows(int code, int? label, string outcome)
    {
        GrayImage image = Hand.Value;
        byte[] record = RecordBytes.Finger2005(
            false, 0, 500, new RecordBytes.Picture(code, image.Width, image.Height, 60, image.Pixels.ToArray()));
        ModalityRules rules = ModalityTable.Of(Modality.Finger);
        ImageRequest asked = new() { Position = BiometricPosition.UnknownFinger, Slap = label };
        RecordPicture only = Assert.Single(ImageExtraction.Open(record, asked).Value!.Pictures);
        Decoded<ExtractedTemplates> found = ImageExtraction.Extract(rules, rules.Extractor!, only, asked);
        string said = found.IsAccepted
            ? string.Join(", ", found.Value.All.Select(each => each.Position)) : found.Rejection.Found;
        Assert.StartsWith(outcome, said);
        Assert.All(found.Value?.All ?? [], each => Assert.Equal(4, each.Box!.Corners.Count));
    }

    [Theory]
    [InlineData(4000, 4000, 1000, "found too-large: 2000 x 2000 pixels at 500 ppi, wanted at most 3000000 in all")]
    [InlineData(200, 300, 1000, "found too-small: 100 x 150 pixels at 500 ppi, wanted at least 128 on each side")]
    public void A_print_of_a_size_that_no_finger_has_is_refused_while_it_is_prepared(
        int width, int height, int ppi, string said)
    {
        ImageRequest asked = Asked with { Ppi = ppi };
        ModalityRules rules = ModalityTable.Of(Modality.Finger);
        Assert.Equal(
            said, rules.PrepareImage(Blank(width, height), asked, null, rules.Extractor!).Rejection?.ToString());
    }

    private static Decoded<ExtractedTemplates> Extract(byte[] picture)
    {
        ModalityRules rules = ModalityTable.Of(Modality.Iris);
        RecordPicture only = Assert.Single(ImageExtraction.Open(picture, Asked).Value!.Pictures);
        return ImageExtraction.Extract(rules, rules.Extractor!, only, Asked);
    }

    private static byte[] IrisPicture(ulong seed, EyeView view) =>
        [
            .. Encoding.ASCII.GetBytes($"P5 {view.Width} {view.Height} 255\n"),
            .. new SyntheticEye(seed).Take(view).Pixels.Span,
        ];

    private static GrayImage Blank(int width, int height) => new(width, height, new byte[width * height]);
}
