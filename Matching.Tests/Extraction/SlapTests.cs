using MatchCluster.Matching.Extraction;
using MatchCluster.Matching.Extraction.Slaps;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Tests.Extraction;

/// <summary>Pictures of several fingers, drawn so that the place of every tip and joint is known.</summary>
public sealed class SlapTests
{
    /// <summary>Pixels of a picture that is just high enough, which saves time.</summary>
    private const int Low = 1000;

    private static readonly string[] Named = ["RIGHT_INDEX", "RIGHT_MIDDLE", "RIGHT_RING", "RIGHT_LITTLE"];

    public static TheoryData<string, SlapView> Troubles => new()
    {
        { "right four", new SlapView { Height = Low } },
        { "left four, lower phalanges", new SlapView { Height = 1300, Code = 14, HasLowerPhalanges = true } },
        { "thumbs", new SlapView { Height = Low, Code = 15, Gap = 12 } },
        { "two index fingers", new SlapView { Height = Low, Code = 46, Gap = 8 } },
        { "three of a left hand", new SlapView { Height = Low, Code = 50 } },
        { "leaning to the left", new SlapView { Degrees = -45 } },
        { "leaning to the right", new SlapView { Degrees = 40, Code = 14 } },
        { "touching, lower phalanges", new SlapView { Gap = -0.6, Spread = 0.2, HasLowerPhalanges = true } },
        { "palm", new SlapView { HasLowerPhalanges = true, HasPalm = true, Height = 1700 } },
        { "faint little finger", new SlapView { Height = Low, LastPressure = 0.3 } },
        { "card", new SlapView { Height = Low, HasCard = true, Code = 14 } },
        { "noise", new SlapView { Height = Low, Noise = 32 } },
        { "tips in a row", new SlapView { Height = Low, IsAligned = true } },
        { "no ring finger", new SlapView { Height = Low, Missing = [4] } },
        { "1,000 ppi", new SlapView { Height = 1000, Ppi = 1000, Degrees = 12 } },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    public void Each_finger_is_found_where_it_was_drawn_and_rightly_named(string trouble, SlapView view)
    {
        DrawnSlap drawn = new SyntheticSlap(11).Take(view);
        SlapSegmentation found = new SlapExtractor().Segment(drawn.Image, view.Ppi, RequestOf(view));
        string? fault = SlapTruth.FaultOf(drawn, view.Ppi, found);
        Assert.True(fault is null, $"{trouble}: {fault}");
        Assert.Empty(found.Warnings);
        Assert.InRange(found.Degrees, view.Degrees - 8, view.Degrees + 8);
    }

    [Fact]
    public void Each_finger_gives_its_own_print_on_any_number_of_threads()
    {
        SlapView view = new() { Degrees = 20, HasLowerPhalanges = true };
        GrayImage image = new SyntheticSlap(12).Take(view).Image;
        SlapExtraction one = new SlapExtractor().Extract(image, 500, RequestOf(view));
        SlapExtraction four = new SlapExtractor(4).Extract(image, 500, RequestOf(view));

        Assert.Equal(Named, one.Fingers.Select(finger => finger.Print.View!.Position.ToString()));
        Assert.All(one.Fingers, finger => Assert.InRange(finger.Print.Minutiae.Count, 15, 80));
        Assert.Equal(
            one.Fingers.Select(finger => finger.Print.Minutiae), four.Fingers.Select(finger => finger.Print.Minutiae));
        Assert.Equal(one.Fingers.Select(finger => finger.Finger), four.Fingers.Select(finger => finger.Finger));
    }

    [Fact]
    public void Fewer_fingers_than_expected_are_not_named()
    {
        SlapView view = new() { Height = Low, Missing = [3] };
        SlapSegmentation found = new SlapSegmenter().Segment(
            new SyntheticSlap(13).Take(view).Image, new SlapRequest(SlapPositions.FromLeft(13)!));
        Assert.Null(found.Failure);
        Assert.Equal(3, found.Fingers.Count);
        Assert.All(found.Fingers, finger => Assert.True(finger.Position.IsUnknown));
        Assert.StartsWith("slap-fingers-unnamed: found 3 fingers", Assert.Single(found.Warnings));
    }

    [Fact]
    public void A_finger_that_should_be_missing_and_is_there_is_named_with_a_word()
    {
        SlapRequest request = new(SlapPositions.FromLeft(13)!) { Missing = [5] };
        GrayImage image = new SyntheticSlap(14).Take(new SlapView { Height = Low }).Image;
        SlapSegmentation found = new SlapSegmenter().Segment(image, request);
        Assert.Equal(Named, found.Fingers.Select(finger => finger.Position.ToString()));
        Assert.StartsWith("slap-missing-found: found 4 fingers", Assert.Single(found.Warnings));
    }

    [Theory]
    [InlineData(13, 14)]
    [InlineData(14, 13)]
    public void The_other_hand_is_doubted(int drawn, int said)
    {
        GrayImage image = new SyntheticSlap(15).Take(new SlapView { Height = Low, Code = drawn }).Image;
        SlapSegmentation found = new SlapSegmenter().Segment(image, new SlapRequest(SlapPositions.FromLeft(said)!));
        Assert.StartsWith("slap-hand-doubtful: ", Assert.Single(found.Warnings));
        Assert.Equal(4, found.Fingers.Count);
    }

    [Theory]
    [InlineData(13, 15, ExtractionFailure.FingerCount, "4 parts as wide as ", "LEFT_THUMB, RIGHT_THUMB")]
    [InlineData(15, 13, ExtractionFailure.OneFinger, "one finger", "RIGHT_INDEX, RIGHT_MIDDLE, RIGHT_RING, RIGHT_")]
    public void Another_number_of_fingers_than_any_of_the_label_is_refused(
        int drawn, int said, ExtractionFailure failure, string what, string wanted)
    {
        SlapView view = new() { Height = Low, Code = drawn, Missing = drawn == 15 ? [6] : [] };
        SlapSegmentation found = new SlapSegmenter().Segment(
            new SyntheticSlap(16).Take(view).Image, new SlapRequest(SlapPositions.FromLeft(said)!));
        Assert.Equal(failure, found.Failure);
        Assert.StartsWith(what, found.Rejection!.Found);
        Assert.StartsWith(wanted, found.Rejection.Wanted);
    }

    [Fact]
    public void What_is_no_print_has_no_fingers()
    {
        var random = new Random(17);
        byte[] noise = new byte[800 * 700];
        random.NextBytes(noise);
        foreach (byte[] pixels in (byte[][])[new byte[800 * 700], noise])
        {
            SlapSegmentation found = new SlapSegmenter().Segment(
                new GrayImage(800, 700, pixels), new SlapRequest(SlapPositions.FromLeft(13)!));
            Assert.Equal(ExtractionFailure.NoFingerprint, found.Failure);
        }
    }

    [Theory]
    [InlineData(90, 400)]
    [InlineData(60, 200)]
    public void Ridges_too_few_for_a_fingertip_are_no_finger(int width, int height)
    {
        byte[] pixels = new byte[600 * 600];
        Array.Fill(pixels, (byte)255);
        for (int y = 0; y < height; y++)
        {
            pixels.AsSpan(((100 + y) * 600) + 200, width).Fill((byte)(y % 9 < 4 ? 60 : 200));
        }

        SlapSegmentation found = new SlapSegmenter().Segment(
            new GrayImage(600, 600, pixels), new SlapRequest(SlapPositions.FromLeft(13)!));
        Assert.Equal((ExtractionFailure.NoFingerprint, "found no fingertip, wanted at least one"),
            (found.Failure, found.Rejection?.ToString()));
    }

    [Fact]
    public void All_fingers_said_to_be_missing_are_none_that_is_wanted()
    {
        SlapRequest request = new(SlapPositions.FromLeft(13)!) { Missing = [2, 3, 4, 5, 7] };
        SlapView view = new() { Height = Low, Missing = [3] };
        SlapSegmentation found = new SlapSegmenter().Segment(new SyntheticSlap(13).Take(view).Image, request);
        Assert.Contains(
            "found 3 fingers, wanted none, since all are said to be missing;", Assert.Single(found.Warnings));
    }

    [Fact]
    public void A_picture_that_is_segmented_after_others_gives_the_same_boxes()
    {
        var segmenter = new SlapSegmenter();
        SlapView view = new() { Height = 1200, Degrees = -15, Noise = 12 };
        GrayImage image = new SyntheticSlap(18).Take(view).Image;
        SlapFinger[] alone = [.. new SlapSegmenter().Segment(image, RequestOf(view)).Fingers];
        GrayImage other = new SyntheticSlap(19).Take(new SlapView { Height = Low, Width = 1800 }).Image;
        segmenter.Segment(other, RequestOf(view));
        Assert.Equal(alone, segmenter.Segment(image, RequestOf(view)).Fingers);
    }

    [Fact]
    public void The_fingers_of_every_code_are_in_the_order_of_a_print()
    {
        Assert.Equal(14, SlapPositions.Codes.Count());
        Assert.Null(SlapPositions.FromLeft(12));
        foreach (int code in SlapPositions.Codes)
        {
            IReadOnlyList<int> fingers = SlapPositions.FromLeft(code)!;
            IEnumerable<int> left = fingers.TakeWhile(finger => finger > 5);
            IEnumerable<int> right = fingers.Skip(left.Count());
            Assert.Equal(left.OrderDescending(), left);
            Assert.Equal(right.Order(), right);
            Assert.DoesNotContain(right, finger => finger > 5);
        }
    }

    private static SlapRequest RequestOf(SlapView view) =>
        new(SlapPositions.FromLeft(view.Code)!) { Missing = view.Missing };
}
