using MatchCluster.Matching.Images;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.IrisImages;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.IrisImages;

/// <summary>Pictures that show both eyes.</summary>
public sealed class EyePairTests
{
    private static readonly EyeView Usual = new(640, 480, 316, 243, 120);

    [Theory]
    [InlineData(1280, 480, 640, 480, 120, 0, 640, 0, 0)]
    [InlineData(1280, 480, 500, 400, 70, 60, 680, 40, 10)]
    [InlineData(1600, 1200, 600, 440, 100, 150, 850, 300, 340)]
    [InlineData(1600, 1200, 480, 360, 62, 260, 860, 420, 400)]
    public void Both_eyes_are_found_encoded_and_told_apart(
        int width, int height, int eyeWidth, int eyeHeight, double radius, int leftX, int rightX, int leftY, int rightY)
    {
        EyeView view = new(eyeWidth, eyeHeight, eyeWidth * 0.5, eyeHeight * 0.5, radius);
        GrayImage face = Face(
            width, height, (Take(1, view), leftX, leftY), (Take(2, view with { Capture = 4 }), rightX, rightY));
        IReadOnlyList<IrisEncoded> eyes = Encode(face, BiometricPosition.UnknownEye);
        Assert.Equal(
            [BiometricPosition.RightEye, BiometricPosition.LeftEye], eyes.Select(eye => eye.Narrow.Position));
        Assert.All(eyes, eye => Assert.Equal(eye.Narrow.Position, eye.Wide.Position));
        AssertNear(leftX + (eyeWidth * 0.5), leftY + (eyeHeight * 0.5), radius, eyes[0]);
        AssertNear(rightX + (eyeWidth * 0.5), rightY + (eyeHeight * 0.5), radius, eyes[1]);
        Assert.True(Distance(eyes[0], 1) < 0.32, $"found {Distance(eyes[0], 1)}");
        Assert.True(Distance(eyes[1], 2) < 0.32, $"found {Distance(eyes[1], 2)}");
    }

    [Theory]
    [InlineData(640, 480, 316, 120)]
    [InlineData(640, 480, 200, 60)]
    [InlineData(1280, 480, 316, 120)]
    [InlineData(1280, 480, 1000, 80)]
    [InlineData(1600, 1200, 500, 100)]
    public void One_eye_stays_one_under_its_label(int width, int height, double x, double radius)
    {
        GrayImage image = Take(3, new EyeView(width, height, x, height * 0.5, radius));
        IrisEncoded only = Assert.Single(Encode(image, BiometricPosition.LeftEye));
        Assert.Equal(BiometricPosition.LeftEye, only.Narrow.Position);
        IrisEncoded alone = IrisEncoder.Encode(image, BiometricPosition.LeftEye).Value!;
        Assert.Equal(alone.Wide.Code.ToArray(), only.Wide.Code.ToArray());
    }

    [Theory]
    [InlineData("right", 1)]
    [InlineData("left", 2)]
    public void A_label_of_one_eye_takes_that_eye_and_says_so(string label, ulong seed)
    {
        BiometricPosition eye = label == "right" ? BiometricPosition.RightEye : BiometricPosition.LeftEye;
        ExtractedTemplate only = Assert.Single(Extract(Pair(), eye).Value!.All);
        Assert.Equal(eye, only.Position);
        Assert.Contains(only.Notes, note => note.Code == "two-eyes");
        IrisCode wide = IrisTemplates.Decode(TemplateFormat.MatchClusterIris, only.Template.Span, out _).Value!.Codes
            .Single(code => code.Shape == IrisShape.W16384);
        Assert.True(Distance(wide, seed) < 0.3);
    }

    [Fact]
    public void The_drawing_of_each_eye_is_of_that_eye()
    {
        foreach (IrisEncoded eye in Encode(Pair(), BiometricPosition.UnknownEye))
        {
            ExtractedTemplate one = ModalityTable.Of(Modality.Iris).Extractor!
                .Extract(Pair(), eye.Narrow.Position, null, [DrawingKind.Code]).Value!.All.Single();
            DrawnPicture drawn = one.Drawn!;
            LinePoint first = drawn.Lines.Single(line => line.Name == "limbus").Points[0];
            Assert.Equal(eye.Outline.Limbus.CentreX + eye.Outline.Limbus.Radii(Turn.Of128)[0], first.X, 3);
            Assert.Equal(eye.Narrow.Position == BiometricPosition.RightEye, first.X < 640);
        }
    }

    [Fact]
    public void Noise_of_the_form_of_two_frames_is_no_eye()
    {
        byte[] noise = new byte[1280 * 480];
        new Random(7).NextBytes(noise);
        Assert.False(EyePair.Encode(new GrayImage(1280, 480, noise), BiometricPosition.UnknownEye).IsAccepted);
    }

    private static GrayImage Pair() => Face(1280, 480, (Take(1, Usual), 0, 0), (Take(2, Usual), 640, 0));

    private static GrayImage Take(ulong seed, EyeView view) => new SyntheticEye(seed).Take(view);

    /// <summary>Skin with pictures of eyes in it.</summary>
    private static GrayImage Face(int width, int height, params (GrayImage Eye, int X, int Y)[] eyes)
    {
        byte[] pixels = new byte[width * height];
        StableRandom random = new(5);
        foreach (ref byte pixel in pixels.AsSpan())
        {
            pixel = (byte)(203 + random.Below(5));
        }

        foreach ((GrayImage eye, int x, int y) in eyes)
        {
            for (int row = 0; row < eye.Height; row++)
            {
                eye.Pixels.Span.Slice(row * eye.Width, eye.Width).CopyTo(pixels.AsSpan(((y + row) * width) + x));
            }
        }

        return new GrayImage(width, height, pixels);
    }

    private static IReadOnlyList<IrisEncoded> Encode(GrayImage image, BiometricPosition eye)
    {
        Decoded<IReadOnlyList<IrisEncoded>> found = EyePair.Encode(image, eye);
        Assert.True(found.IsAccepted, found.Rejection?.ToString());
        return found.Value;
    }

    private static Decoded<ExtractedTemplates> Extract(GrayImage image, BiometricPosition eye) =>
        ModalityTable.Of(Modality.Iris).Extractor!.Extract(image, eye, null, []);

    private static void AssertNear(double x, double y, double radius, IrisEncoded eye)
    {
        Assert.InRange(eye.Outline.Limbus.MiddleX, x - (0.06 * radius), x + (0.06 * radius));
        Assert.InRange(eye.Outline.Limbus.MiddleY, y - (0.1 * radius), y + (0.1 * radius));
        Assert.InRange(eye.Outline.Limbus.Radius, 0.95 * radius, 1.05 * radius);
    }

    private static double Distance(IrisEncoded eye, ulong seed) => Distance(eye.Wide, seed);

    private static double Distance(IrisCode wide, ulong seed)
    {
        IrisCode other =
            IrisEncoder.Encode(Take(seed, Usual with { Capture = 9 }), BiometricPosition.UnknownEye).Value!.Wide;
        byte[] row = new byte[IrisRow.BytesOf(other)];
        IrisRow.Write(other, row);
        return IrisScorer.TryCompare(new IrisProbe(wide), row, out IrisComparison found) ? found.Distance : 1;
    }
}
