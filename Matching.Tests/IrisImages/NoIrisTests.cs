using MatchCluster.Matching.Images;
using MatchCluster.Matching.IrisImages;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Tests.IrisImages;

/// <summary>What is no picture of an open eye gets a reason.</summary>
public sealed class NoIrisTests
{
    private const ulong Seed = 5;

    public static TheoryData<string, string> Pictures => new()
    {
        { "black", "no dark disc" },
        { "white", "no dark disc" },
        { "grey", "no dark disc" },
        { "ramp", "no dark disc" },
        { "noise", "" },
        { "stripes", "" },
        { "checks", "" },
        { "clouds", "" },
        { "disc", "" },
        { "target", "texture" },
        { "closed", "" },
        { "small", "pixels" },
        { "tiny iris", "" },
    };

    [Theory]
    [MemberData(nameof(Pictures))]
    public void It_is_refused_with_what_was_found_and_wanted(string name, string found)
    {
        Decoded<IrisEncoded> encoded = IrisEncoder.Encode(Picture(name), BiometricPosition.UnknownEye);
        Assert.False(encoded.IsAccepted, $"{name} was taken for an eye");
        Assert.Contains(found, encoded.Rejection!.Found);
        Assert.NotEmpty(encoded.Rejection.Wanted);
    }

    [Fact]
    public void Another_modality_is_the_callers_mistake() => Assert.Throws<ArgumentException>(
        () => IrisEncoder.Encode(Picture("grey"), BiometricPosition.UnknownFinger));

    [Theory]
    [InlineData(10_000, 1_600)]
    [InlineData(1_600, 10_000)]
    [InlineData(10_000, 96)]
    public void The_largest_pictures_are_answered_too(int width, int height)
    {
        StableRandom random = new(Seed);
        byte[] pixels = new byte[width * height];
        foreach (ref byte pixel in pixels.AsSpan())
        {
            pixel = (byte)random.Next();
        }

        Assert.False(
            IrisEncoder.Encode(new GrayImage(width, height, pixels), BiometricPosition.UnknownEye).IsAccepted);
    }

    private static GrayImage Picture(string name)
    {
        SyntheticEye eye = new(Seed);
        StableRandom random = new(Seed);
        return name switch
        {
            "black" => Drawn((_, _) => 0),
            "white" => Drawn((_, _) => 255),
            "grey" => Drawn((_, _) => 128),
            "ramp" => Drawn((x, _) => x * 255 / 640),
            "noise" => Drawn((_, _) => (int)(random.Next() & 255)),
            "stripes" => Drawn(
                (x, y) => (int)(128 + (100 * StableMath.Sin((x / 9.0) + (0.3 * StableMath.Sin(y / 300.0)))))),
            "checks" => Drawn((x, y) => ((x / 20) + (y / 20)) % 2 * 255),
            "clouds" => Drawn(
                (x, y) => (int)(128 + (60 * StableMath.Sin(x / 170.0)) + (60 * StableMath.Cos(y / 140.0)))),
            "disc" => Drawn((x, y) => Within(x, y, 40) ? 20 : 150),
            "target" => Drawn((x, y) => Within(x, y, 40) ? 20 : Within(x, y, 110) ? 110 : 190),
            "closed" => eye.Take(new EyeView(640, 480, 320, 240, 120) { UpperLid = -0.9, LowerLid = 0.9 }),
            "small" => eye.Take(new EyeView(80, 60, 40, 30, 20)),
            "tiny iris" => eye.Take(new EyeView(640, 480, 320, 240, 20)),
            _ => throw new ArgumentException(name, nameof(name)),
        };
    }

    private static bool Within(int x, int y, int radius) =>
        ((x - 320) * (x - 320)) + ((y - 240) * (y - 240)) < radius * radius;

    private static GrayImage Drawn(Func<int, int, int> value)
    {
        byte[] pixels = new byte[640 * 480];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)Math.Clamp(value(i % 640, i / 640), 0, 255);
        }

        return new GrayImage(640, 480, pixels);
    }
}
