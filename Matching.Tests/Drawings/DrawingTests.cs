using System.Globalization;
using System.Text;
using System.Xml.Linq;
using MatchCluster.Matching.Drawings;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Png;
using MatchCluster.Matching.Images.Records;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Tests.Extraction;

namespace MatchCluster.Matching.Tests.Drawings;

/// <summary>What extractors saw, drawn: on a print and on eyes whose borders are known.</summary>
public sealed class DrawingTests
{
    private static readonly EyeView View = new(320, 240, 158.5, 122, 70);

    [Fact]
    public void A_print_has_each_of_its_drawings_with_every_minutia_where_it_was_found()
    {
        DrawnPrint print = new(3);
        ExtractedTemplate template = Extract(
            Modality.Finger, print.Image, BiometricPosition.OfFinger(2), ModalityTable.Of(Modality.Finger).Drawings);
        DrawnPicture drawn = template.Drawn!;
        Assert.Equal((print.Image.Width, print.Image.Height), (drawn.Width, drawn.Height));
        Assert.Empty(drawn.Lines);
        Assert.Equal(
            [
                DrawingKind.Image, DrawingKind.Minutiae, DrawingKind.Skeleton, DrawingKind.Orientation,
                DrawingKind.Enhanced, DrawingKind.Quality,
            ],
            drawn.Drawings.Select(each => each.Kind));
        Assert.Equal(print.Image.Pixels.ToArray(), Decode(drawn.Drawings[0].Bytes).Pixels.ToArray());

        FingerView view = ModalityTable.Of(Modality.Finger).Decode(template.Format, template.Template.Span)
            .Value!.Fingers[0];
        foreach (DrawingKind kind in (DrawingKind[])[DrawingKind.Minutiae, DrawingKind.Skeleton, DrawingKind.Enhanced])
        {
            (double X, double Y)[] circles =
                [.. Named(Svg(drawn, kind), "circle").Select(circle => (At(circle, "cx"), At(circle, "cy")))];
            Assert.Equal(view.Minutiae.Count, circles.Length);
            for (int i = 0; i < circles.Length; i++)
            {
                Assert.InRange(circles[i].X - view.Minutiae[i].X, -0.1, 1.1);
                Assert.InRange(circles[i].Y - view.Minutiae[i].Y, -0.1, 1.1);
            }
        }

        Assert.True(Named(Svg(drawn, DrawingKind.Orientation), "path").Count() > 400);
        Assert.Equal(
            40 * 50, Named(Svg(drawn, DrawingKind.Quality), "rect").Count(one => one.Attribute("x") is not null));
    }

    [Fact]
    public void Drawings_are_of_the_extraction_that_gave_the_template_and_not_of_another()
    {
        GrayImage image = new DrawnPrint(8).Image;
        FingerPictureExtractor extractor = new();
        Assert.True(extractor.Extract(image, BiometricPosition.OfFinger(2), null, []).IsAccepted);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ExtractedTemplates made =
            extractor.Extract(image, BiometricPosition.OfFinger(2), null, [DrawingKind.Orientation]).Value!;
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Single(made.All[0].Drawn!.Drawings);
        Assert.True(bytes < sizeof(float) * image.Pixels.Length * 2, $"{bytes} bytes, as planes of its own");
    }

    [Fact]
    public void Each_finger_of_a_slap_is_drawn_with_its_own_minutiae()
    {
        GrayImage slap = new SyntheticSlap(21).Take(new SlapView { Height = 900 }).Image;
        ExtractedTemplates made = new FingerPictureExtractor().Extract(
            slap, BiometricPosition.UnknownFinger, new SlapRequest(SlapPositions.FromLeft(13)!),
            [DrawingKind.Image, DrawingKind.Minutiae]).Value!;
        Assert.Equal(4, made.All.Count);
        Assert.All(made.All, finger =>
        {
            FingerView view = ModalityTable.Of(Modality.Finger).Decode(finger.Format, finger.Template.Span)
                .Value!.Fingers[0];
            GrayImage shown = Decode(finger.Drawn!.Drawings[0].Bytes);
            Assert.Equal((view.Width, view.Height), (shown.Width, shown.Height));
            double[] across =
                [.. Named(Svg(finger.Drawn, DrawingKind.Minutiae), "circle").Select(circle => At(circle, "cx"))];
            Assert.Equal(view.Minutiae.Count, across.Length);
            Assert.All(
                view.Minutiae.Zip(across), pair => Assert.InRange(pair.Second - pair.First.X, -0.1, 1.1));
        });
    }

    [Fact]
    public void The_contours_of_an_eye_lie_where_its_borders_are_and_the_mask_hides_what_the_lid_does()
    {
        DrawnPicture drawn = Extract(
            Modality.Iris, new SyntheticEye(5).Take(View), BiometricPosition.LeftEye,
            [DrawingKind.Minutiae, DrawingKind.Contours, DrawingKind.Mask, DrawingKind.Image]).Drawn!;
        Assert.Equal(
            [DrawingKind.Contours, DrawingKind.Mask, DrawingKind.Image], drawn.Drawings.Select(each => each.Kind));
        DrawnLine limbus = drawn.Lines.Single(line => line.Name == "limbus");
        DrawnLine pupil = drawn.Lines.Single(line => line.Name == "pupil");
        Assert.Equal((128, 128), (limbus.Points.Count, pupil.Points.Count));
        Assert.All(limbus.Points, point => Assert.InRange(Distance(point, View.X, View.Y), 65, 75));
        Assert.All(
            pupil.Points, point => Assert.InRange(Distance(point, View.X + (0.02 * 70), View.Y - (0.01 * 70)), 25, 31));

        // Counter-clockwise from three o'clock.
        Assert.True(limbus.Points[0].X > View.X + 60 && limbus.Points[32].Y < View.Y - 60);
        XElement hidden = Named(Svg(drawn, DrawingKind.Mask), "path").First();
        LinePoint[] points = [.. PointsOf(hidden)];
        Assert.All(points, point => Assert.InRange(Distance(point, View.X, View.Y), 20, 76));
        Assert.True(points.Count(point => point.Y < View.Y - 30) > points.Length / 2, "most of it at the upper lid");
        Assert.Equal(4, Named(Svg(drawn, DrawingKind.Contours), "path").Count());
    }

    [Fact]
    public void The_bits_of_both_codes_are_drawn_one_by_one()
    {
        ExtractedTemplate template = Extract(
            Modality.Iris, new SyntheticEye(6).Take(View), BiometricPosition.RightEye, [DrawingKind.Code]);
        IReadOnlyList<IrisCode> codes = ModalityTable.Of(Modality.Iris)
            .Decode(template.Format, template.Template.Span).Value!.Irises;
        XElement[] images = [.. Named(Svg(template.Drawn!, DrawingKind.Code), "image")];
        Assert.Equal(codes.Count, images.Length);
        for (int i = 0; i < codes.Count; i++)
        {
            GrayImage bits = Decode(Convert.FromBase64String(((string)images[i].Attribute("href")!).Split(',')[1]));
            Assert.Equal((codes[i].Shape.Columns, codes[i].Shape.BitsPerColumn), (bits.Width, bits.Height));
            Assert.Equal(codes[i].ValidBits, bits.Pixels.ToArray().Count(grey => grey is 0 or 255));
            for (int bit = 0; bit < codes[i].Shape.Bits; bit++)
            {
                byte grey = bits.Pixels.Span[(bit % bits.Height * bits.Width) + (bit / bits.Height)];
                bool isValid = (codes[i].Mask.Span[bit / 64] >> (bit % 64) & 1) == 1;
                bool isSet = (codes[i].Code.Span[bit / 64] >> (bit % 64) & 1) == 1;
                Assert.Equal(isValid ? isSet ? 0 : 255 : 160, grey);
            }
        }
    }

    [Fact]
    public void A_large_picture_is_drawn_smaller_and_keeps_its_size_in_the_drawing()
    {
        EyeView large = new(2000, 1500, 1000, 760, 400);
        DrawnPicture drawn = Extract(
            Modality.Iris, new SyntheticEye(7).Take(large), BiometricPosition.LeftEye,
            [DrawingKind.Image, DrawingKind.Contours]).Drawn!;
        Assert.Equal((2000, 1500), (drawn.Width, drawn.Height));
        GrayImage shown = Decode(drawn.Drawings[0].Bytes);
        Assert.Equal((1000, 750), (shown.Width, shown.Height));
        Assert.Equal("2000", (string?)Named(Svg(drawn, DrawingKind.Contours), "image").Single().Attribute("width"));
        Assert.All(drawn.Lines[1].Points, point => Assert.InRange(Distance(point, 1000, 760), 380, 420));
    }

    [Fact]
    public void Nothing_is_drawn_that_was_not_asked_for_and_nothing_of_the_picture_stays()
    {
        ExtractedTemplate template = Extract(
            Modality.Finger, new DrawnPrint(4).Image, BiometricPosition.OfFinger(7), []);
        Assert.Null(template.Drawn);
    }

    [Fact]
    public void A_bar_is_thinned_to_its_middle_line_and_stays_in_one_piece()
    {
        const int Width = 40;
        bool[] set = new bool[Width * 20];
        for (int y = 8; y < 13; y++)
        {
            set.AsSpan((y * Width) + 5, 30).Fill(true);
        }

        Thinning.Apply(set, Width, 20);
        int[] left = [.. Enumerable.Range(0, set.Length).Where(at => set[at])];
        Assert.All(left, at => Assert.Equal(10, at / Width));
        Assert.InRange(left.Length, 24, 30);
        Assert.Equal(left.Length - 1, left[^1] - left[0]);
    }

    private static ExtractedTemplate Extract(
        Modality modality, GrayImage image, BiometricPosition position, IReadOnlyList<DrawingKind> drawings)
    {
        ModalityRules rules = ModalityTable.Of(modality);
        ImageRequest request = new() { Position = position, Ppi = 500, Drawings = drawings };
        byte[] png = PngWriter.Write(image);
        RecordPictures opened = ImageExtraction.Open(png, request).Value!;
        return ImageExtraction.Extract(rules, rules.Extractor!, opened.Pictures[0], request).Value!.All.Single();
    }

    private static GrayImage Decode(ReadOnlyMemory<byte> png) => ImageDecoder.Decode(png).Value!;

    private static XElement Svg(DrawnPicture drawn, DrawingKind kind) => XElement.Parse(
        Encoding.UTF8.GetString(drawn.Drawings.Single(each => each.Kind == kind).Bytes.Span));

    private static IEnumerable<XElement> Named(XElement svg, string name) =>
        svg.Descendants().Where(one => one.Name.LocalName == name);

    private static double At(XElement of, string name) =>
        double.Parse((string)of.Attribute(name)!, CultureInfo.InvariantCulture);

    private static IEnumerable<LinePoint> PointsOf(XElement path) => ((string)path.Attribute("d")!)
        .Split(['M', 'L', 'Z'], StringSplitOptions.RemoveEmptyEntries)
        .Select(text => text.Split(' '))
        .Select(pair => new LinePoint(
            double.Parse(pair[0], CultureInfo.InvariantCulture), double.Parse(pair[1], CultureInfo.InvariantCulture)));

    private static double Distance(LinePoint point, double x, double y) =>
        Math.Sqrt(((point.X - x) * (point.X - x)) + ((point.Y - y) * (point.Y - y)));
}
