using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Wsq;

namespace MatchCluster.Matching.Tests.Images;

public sealed class WsqEncoderTests
{
    [Theory]
    [InlineData(101, 300)]
    [InlineData(300, 101)]
    [InlineData(388, 374)]
    public void What_is_encoded_with_many_bits_comes_back_nearly_as_it_was(int width, int height)
    {
        GrayImage picture = WsqPictures.Ridges(width, height);
        foreach (double rate in (double[])[4, 8])
        {
            GrayImage back = Accepted(WsqEncoder.Encode(picture, rate));
            Assert.Equal((width, height), (back.Width, back.Height));
            Assert.Equal(500, back.StatedPpi);
            Assert.Empty(back.Warnings);
            double squares = 0;
            for (int i = 0; i < picture.Pixels.Length; i++)
            {
                squares += Math.Pow(picture.Pixels.Span[i] - back.Pixels.Span[i], 2);
            }

            // The four highest subbands are never coded: that part of the noise is lost.
            Assert.InRange(Math.Sqrt(squares / picture.Pixels.Length), 0, 4.5);
        }
    }

    [Fact]
    public void Every_small_size_can_be_written_and_read()
    {
        for (int width = 17; width < 60; width++)
        {
            GrayImage back = Accepted(WsqEncoder.Encode(WsqPictures.Ridges(width, 76 - width)));
            Assert.Equal((width, 76 - width), (back.Width, back.Height));
            Assert.Empty(back.Warnings);
        }
    }

    [Fact]
    public void Fewer_bits_make_smaller_streams_about_as_small_as_asked()
    {
        GrayImage picture = WsqPictures.Ridges(512, 512);
        int few = WsqEncoder.Encode(picture).Length;
        int many = WsqEncoder.Encode(picture, 2.25).Length;
        Assert.InRange(few * 8.0 / picture.Pixels.Length, 0.2, 1.1);
        Assert.True(many > 1.5 * few);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(255)]
    public void A_flat_picture_has_no_coefficients_and_comes_back_flat(byte value)
    {
        GrayImage back = Accepted(WsqEncoder.Encode(WsqPictures.Flat(60, 40, value)));
        Assert.All(back.Pixels.ToArray(), pixel => Assert.Equal(value, pixel));
    }

    [Theory]
    [InlineData(16, 40, "found 16 x 40 pixels, wanted at least 17 on a side")]
    [InlineData(8, 40, "a picture of 8 x 40 pixels; wanted 16..10000 on each side")]
    public void A_picture_outside_the_limits_is_refused(int width, int height, string expected) =>
        Assert.StartsWith(
            expected,
            Assert.Throws<ArgumentException>(() => WsqEncoder.Encode(WsqPictures.Flat(width, height, 1))).Message,
            StringComparison.Ordinal);

    private static GrayImage Accepted(byte[] stream)
    {
        Model.Decoded<GrayImage> decoded = WsqDecoder.Decode(stream);
        Assert.True(decoded.IsAccepted, decoded.Rejection?.ToString());
        return decoded.Value;
    }
}
