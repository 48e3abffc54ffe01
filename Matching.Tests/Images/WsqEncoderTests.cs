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

            // The four highest subbands are never coded: that part of the noise is lost.
            Assert.InRange(Error(picture, back), 0, 4.5);
        }
    }

    /// <summary>A slope is all in the lowest subbands, ridges are in the middle ones.</summary>
    [Fact]
    public void Every_small_size_comes_back_nearly_as_it_was()
    {
        for (int width = 81; width < 130; width++)
        {
            int height = 210 - width;
            GrayImage slope = WsqPictures.Slope(width, height);
            Assert.InRange(Error(slope, Accepted(WsqEncoder.Encode(slope))), 0, 2);
            GrayImage ridges = WsqPictures.Ridges(width, height);
            Assert.InRange(Error(ridges, Accepted(WsqEncoder.Encode(ridges, 4))), 0, 4.5);
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
        GrayImage back = Accepted(WsqEncoder.Encode(WsqPictures.Flat(90, 81, value)));
        Assert.All(back.Pixels.ToArray(), pixel => Assert.Equal(value, pixel));
    }

    [Theory]
    [InlineData(16, 90, "found 16 x 90 pixels, wanted at least 81 on a side")]
    [InlineData(90, 80, "found 90 x 80 pixels, wanted at least 81 on a side")]
    [InlineData(8, 40, "found a picture of 8 x 40 pixels, wanted 16..10000 on each side")]
    public void A_picture_outside_the_limits_is_refused(int width, int height, string expected) =>
        Assert.StartsWith(
            expected,
            Assert.Throws<ArgumentException>(() => WsqEncoder.Encode(WsqPictures.Flat(width, height, 1))).Message,
            StringComparison.Ordinal);

    /// <summary>Root mean square, in grey levels, of pictures of one size.</summary>
    private static double Error(GrayImage picture, GrayImage back)
    {
        Assert.Equal((picture.Width, picture.Height), (back.Width, back.Height));
        Assert.Empty(back.Warnings);
        double squares = 0;
        for (int i = 0; i < picture.Pixels.Length; i++)
        {
            squares += Math.Pow(picture.Pixels.Span[i] - back.Pixels.Span[i], 2);
        }

        return Math.Sqrt(squares / picture.Pixels.Length);
    }

    private static GrayImage Accepted(byte[] stream)
    {
        Model.Decoded<GrayImage> decoded = WsqDecoder.Decode(stream);
        Assert.True(decoded.IsAccepted, decoded.Rejection?.ToString());
        return decoded.Value;
    }
}
