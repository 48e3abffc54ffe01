using MatchCluster.Matching.Images;
using MatchCluster.Matching.IrisImages;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Tests.Extraction;

namespace MatchCluster.Matching.Tests.IrisImages;

/// <summary>
/// Pictures that are sent by mistake: each is refused with a reason, or encoded where there is an eye in it, within a
/// bounded share of memory.
/// </summary>
public sealed class BadEyeTests
{
    private const int Width = 640;
    private const int Height = 480;

    /// <summary>Bytes that may be allocated for a picture, and for each of its pixels.</summary>
    private const long MostBytes = 24L << 20;
    private const long MostBytesPerPixel = 12;

    public static TheoryData<string> Refused =>
    [
        "face", "closed", "over-exposed", "black", "iris of 50 pixels", "cropped through the pupil", "strongly blurred",
        "palm", "texture", "noise", "grating", "crossed gratings", "rings", "checks", "portrait frame", "text",
    ];

    public static TheoryData<string> Encoded => ["usual", "blurred a little", "4,000 pixels", "turned by a quarter"];

    [Theory]
    [MemberData(nameof(Refused))]
    public void It_is_refused_with_a_reason(string name)
    {
        Decoded<IrisEncoded> encoded = Measured(Picture(name));
        Assert.False(encoded.IsAccepted, $"{name} was taken for an eye");
        Assert.NotEmpty(encoded.Rejection!.Found);
        Assert.NotEmpty(encoded.Rejection.Wanted);
    }

    [Theory]
    [MemberData(nameof(Encoded))]
    public void What_has_an_eye_is_encoded(string name)
    {
        Decoded<IrisEncoded> encoded = Measured(Picture(name));
        Assert.True(encoded.IsAccepted, $"{name}: {encoded.Rejection}");
    }

    /// <summary>
    /// Prints of many periods and sizes: a gap between two ridges is a dark disc, and a whorl has rings.
    /// </summary>
    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(12)]
    [InlineData(17)]
    public void No_fingerprint_is_taken_for_an_eye(double period)
    {
        for (int seed = 0; seed < 12; seed++)
        {
            GrayImage image = new DrawnPrint(
                seed, 300 + (40 * (seed % 3)), 380, period, minutiae: 16, noise: 6 * (seed % 4)).Image;
            Decoded<IrisEncoded> encoded = Measured(image);
            Assert.False(encoded.IsAccepted, $"seed {seed}: a print of {period} pixels was taken for an eye");
        }
    }

    [SkippableFact]
    public void No_real_fingerprint_is_taken_for_an_eye()
    {
        string[] files =
        [
            .. Directory.GetFiles(SharedData.Path("fingers", "fvc2002"), "*.tif", SearchOption.AllDirectories),
            .. Directory.GetFiles(SharedData.Path("fingers", "veridicom"), "*.png"),
        ];
        string?[] taken = new string?[files.Length];
        Parallel.For(0, files.Length, i => taken[i] = IrisEncoder.Encode(
            ImageDecoder.Decode(File.ReadAllBytes(files[i])).Value!, BiometricPosition.UnknownEye).IsAccepted
            ? files[i] : null);
        Assert.True(files.Length >= 500);
        Assert.Empty(taken.OfType<string>());
    }

    private static Decoded<IrisEncoded> Measured(GrayImage image)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Decoded<IrisEncoded> encoded = IrisEncoder.Encode(image, BiometricPosition.UnknownEye);
        long used = GC.GetAllocatedBytesForCurrentThread() - before;
        long most = MostBytes + (MostBytesPerPixel * image.Pixels.Length);
        Assert.True(used <= most, $"used {used:#,0} bytes, wanted at most {most:#,0}");
        return encoded;
    }

    private static GrayImage Picture(string name)
    {
        SyntheticEye eye = new(31);
        EyeView usual = new(Width, Height, 318, 242, 115);
        StableRandom random = new(31);
        return name switch
        {
            "usual" => eye.Take(usual),
            "face" => Face(),
            "portrait frame" => Drawn((x, y) => x < 40 || x > 600 || y < 40 || y > 440 ? 20
                : (int)(180 - (0.1 * x) + (30 * StableMath.Sin(y / 400.0)))),
            "closed" => eye.Take(usual with { UpperLid = -0.9, LowerLid = 0.9 }),
            "over-exposed" => Changed(eye.Take(usual), value => Math.Min(255, 190 + (2 * value))),
            "black" => Changed(eye.Take(usual), value => value / 64),
            "iris of 50 pixels" => eye.Take(usual with { Radius = 25 }),
            "cropped through the pupil" => eye.Take(usual with { X = -10 }),
            "strongly blurred" => Blurred(eye.Take(usual), 45),
            "blurred a little" => Blurred(eye.Take(usual), 3),
            "4,000 pixels" => eye.Take(new EyeView(4000, 3000, 1990, 1510, 700)),
            "turned by a quarter" => Turned(eye.Take(usual)),
            "palm" => Palm(),
            "texture" => Texture(random),
            "noise" => Drawn((_, _) => (int)(random.Next() & 255)),
            "grating" => Drawn((x, y) => (int)(128 + (90 * StableMath.Sin((x + (0.3 * y)) / 11)))),
            "crossed gratings" => Drawn((x, y) => (int)(
                128 + (60 * StableMath.Sin(x / 14.0)) + (60 * StableMath.Sin(y / 14.0)))),
            "rings" => Drawn((x, y) => (int)(128 + (90 * StableMath.Cos(Distance(x - 320, y - 240) / 16)))),
            "checks" => Drawn((x, y) => ((x / 20) + (y / 20)) % 2 * 255),
            "text" => Drawn((x, y) => y % 24 < 14 && ((x * 7) + (y / 24 * 13)) % 17 < 6 && (x / 3 % 4) > 0 ? 20 : 235),
            _ => throw new ArgumentException(name, nameof(name)),
        };
    }

    /// <summary>An oval with hair, two eyes of 20 pixels, a nose and a mouth.</summary>
    private static GrayImage Face() => Drawn((x, y) =>
    {
        double oval = Distance((x - 320) / 150.0, (y - 240) / 200.0);
        return oval > 1.1 ? 225
            : oval > 0.95 || y < 110 ? 50
            : Distance(x - 260, y - 210) < 10 || Distance(x - 380, y - 210) < 10 ? 35
            : Math.Abs(y - 210) < 10 && (Math.Abs(x - 260) < 26 || Math.Abs(x - 380) < 26) ? 215
            : Math.Abs(y - 340) < 7 && Math.Abs(x - 320) < 50 ? 90
            : (int)(175 - (20 * oval));
    });

    /// <summary>Ridges that run in wide bows, with the three great creases.</summary>
    private static GrayImage Palm() => Drawn((x, y) =>
    {
        double crease = Math.Min(
            Math.Abs(y - 150 - (0.0006 * x * x)),
            Math.Min(Math.Abs(y - 260 + (0.2 * x)), Math.Abs(x - 180 - (0.3 * y))));
        double ridge = StableMath.Cos(Distance(x + 200, y - 700) / 9);
        return crease < 5 ? 225 : (int)(130 + (70 * ridge));
    });

    /// <summary>Noise of several sizes, as of wool or sand.</summary>
    private static GrayImage Texture(StableRandom random)
    {
        double[] coarse = [.. Enumerable.Range(0, 81 * 61).Select(_ => random.Gaussian())];
        return Drawn((x, y) => (int)(128 + (35 * coarse[(y / 8 * 81) + (x / 8)]) + (20 * random.Gaussian())));
    }

    private static double Distance(double x, double y) => Math.Sqrt((x * x) + (y * y));

    private static GrayImage Drawn(Func<int, int, int> value) =>
        DrawnPrint.Changed(new GrayImage(1, 1, new byte[1]), Width, Height, value);

    private static GrayImage Changed(GrayImage image, Func<int, int> value) => DrawnPrint.Changed(
        image, image.Width, image.Height, (x, y) => value(image.Pixels.Span[(y * image.Width) + x]));

    private static GrayImage Turned(GrayImage image) => DrawnPrint.Changed(
        image, image.Height, image.Width, (x, y) => image.Pixels.Span[(x * image.Width) + image.Width - 1 - y]);

    /// <summary>The mean of a square of so many pixels, by sums of rows and columns.</summary>
    private static GrayImage Blurred(GrayImage image, int side)
    {
        GrayImage rows = DrawnPrint.Changed(image, image.Width, image.Height, (x, y) => Mean(image, x, y, side, 1, 0));
        return DrawnPrint.Changed(rows, image.Width, image.Height, (x, y) => Mean(rows, x, y, side, 0, 1));
    }

    private static int Mean(GrayImage image, int x, int y, int side, int across, int down)
    {
        int sum = 0;
        for (int k = -side / 2; k <= side / 2; k++)
        {
            int column = Math.Clamp(x + (k * across), 0, image.Width - 1);
            int row = Math.Clamp(y + (k * down), 0, image.Height - 1);
            sum += image.Pixels.Span[(row * image.Width) + column];
        }

        return sum / ((side / 2 * 2) + 1);
    }
}
