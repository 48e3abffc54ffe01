using CsCheck;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Wsq;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Properties;

/// <summary>
/// WSQ loses something of a picture by design: how much has a bound, and the rest of the picture comes back.
/// </summary>
public sealed class WsqPropertyTests
{
    private static readonly Gen<GrayImage> Pictures =
        from width in Some.Length(WsqEncoder.ShortestSide, 200, 130)
        from height in Some.Length(WsqEncoder.ShortestSide, 200, 130)
        from ppi in Some.MaybeValue(Gen.Int[1, 5000])
        from pixels in Pixels(width, height)
        select new GrayImage(width, height, pixels) { StatedPpi = ppi };

    [Fact]
    public void A_picture_comes_back_nearly_as_it_was() => Property.Holds(
        Gen.Select(Pictures, Some.One(0.1, 0.75, 2.25, 8.0), Some.Damage), 60, one =>
        {
            (GrayImage picture, double rate, Damage damage) = one;
            byte[] stream = WsqEncoder.Encode(picture, rate);
            Decoded<GrayImage> back = WsqDecoder.Decode(stream);
            Assert.True(back.IsAccepted, back.Rejection?.ToString());
            Assert.Equal(
                (picture.Width, picture.Height, picture.StatedPpi),
                (back.Value.Width, back.Value.Height, back.Value.StatedPpi));
            Assert.Empty(back.Value.Warnings);

            // It is no worse than one grey for all, and no larger than the pixels and its tables.
            (double error, double contrast) = Errors(picture.Pixels.Span, back.Value.Pixels.Span);
            Assert.InRange(error, 0, (1.05 * contrast) + 1);
            Assert.InRange(stream.Length, 100, (2 * picture.Pixels.Length) + 2000);

            // Nothing throws, and what is taken is a picture within the limits.
            foreach (byte[] damaged in (byte[][])[damage.Flip(stream), damage.Cut(stream)])
            {
                if (WsqDecoder.Decode(damaged) is { IsAccepted: true } other)
                {
                    Assert.Null(ImageLimits.FaultOf(-1, other.Value.Width, other.Value.Height));
                    Assert.Equal(other.Value.Width * other.Value.Height, other.Value.Pixels.Length);
                }
            }
        });

    /// <summary>Root mean square of the error, and of the picture about its mean.</summary>
    private static (double Error, double Contrast) Errors(ReadOnlySpan<byte> was, ReadOnlySpan<byte> now)
    {
        Assert.Equal(was.Length, now.Length);
        double sum = 0;
        double squares = 0;
        double errors = 0;
        for (int i = 0; i < was.Length; i++)
        {
            sum += was[i];
            squares += (double)was[i] * was[i];
            errors += (was[i] - now[i]) * (double)(was[i] - now[i]);
        }

        double mean = sum / was.Length;
        return (Math.Sqrt(errors / was.Length), Math.Sqrt(Math.Max(0, (squares / was.Length) - (mean * mean))));
    }

    /// <summary>Ridges, noise, black and white, one spot on a flat ground, a slope, or flat.</summary>
    private static Gen<byte[]> Pixels(int width, int height) =>
        from kind in Gen.Int[0, 5]
        from seed in Gen.Int[0, 1000]
        from value in Gen.Byte
        select kind switch
        {
            0 => Of(width, height, (x, y, _) => 128 + (100 * Math.Sin((x + (y / 2.0)) * 2 * Math.PI / 9)), seed),
            1 => Of(width, height, (_, _, dice) => dice.Next(256), seed),
            2 => Of(width, height, (_, _, dice) => dice.Next(2) * 255, seed),
            3 => Of(width, height, (x, y, _) => x == seed % width && y == seed % height ? value ^ 0xFF : value, seed),
            4 => Of(width, height, (x, y, _) => (x + y) * 255.0 / (width + height), seed),
            _ => Of(width, height, (_, _, _) => value, seed),
        };

    private static byte[] Of(int width, int height, Func<int, int, Random, double> pixel, int seed)
    {
        Random dice = new(seed);
        byte[] pixels = new byte[width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)Math.Clamp(pixel(i % width, i / width, dice), 0, 255);
        }

        return pixels;
    }
}
