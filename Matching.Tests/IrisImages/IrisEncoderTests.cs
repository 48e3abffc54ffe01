using System.Security.Cryptography;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.IrisImages;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Tests.IrisImages;

/// <summary>The encoder on drawn eyes, whose borders are known.</summary>
public sealed class IrisEncoderTests
{
    private static readonly EyeView Usual = new(640, 480, 316.3, 243.8, 120);

    [Fact]
    public void Pictures_of_one_eye_agree_and_of_different_eyes_do_not()
    {
        const int Eyes = 6;
        IrisEncoded[] first = [.. Enumerable.Range(0, Eyes).Select(eye => Encoded(eye, Usual))];
        IrisEncoded[] second = [.. Enumerable.Range(0, Eyes).Select(eye => Encoded(eye, Usual with
        {
            X = 290, Y = 255, Radius = 104, PupilRatio = 0.48, Rotation = 0.012, UpperLid = 0.7, Noise = 4,
            Capture = 9,
        }))];
        for (int one = 0; one < Eyes; one++)
        {
            for (int other = 0; other < Eyes; other++)
            {
                double wide = Distance(first[one].Wide, second[other].Wide);
                double narrow = Distance(first[one].Narrow, second[other].Narrow);
                if (one == other)
                {
                    Assert.True(wide < 0.3 && narrow < 0.27, $"eye {one}: found {wide:0.000} and {narrow:0.000}");
                }
                else
                {
                    Assert.True(wide > 0.4 && narrow > 0.33, $"eyes {one}, {other}: {wide:0.000} and {narrow:0.000}");
                }
            }
        }
    }

    [Theory]
    [InlineData(320, 240, 46)]
    [InlineData(320, 280, 100)]
    [InlineData(640, 480, 60)]
    [InlineData(640, 480, 150)]
    [InlineData(1024, 768, 120)]
    [InlineData(1600, 1200, 200)]
    public void Both_borders_are_found_at_every_size(int width, int height, double radius)
    {
        EyeView view = new(width, height, width * 0.47, height * 0.53, radius) { UpperLid = 1.2, LowerLid = 1.2 };
        IrisEncoded encoded = Encoded(3, view);
        Near(view.X, encoded.Outline.Limbus.MiddleX, 0.03 * radius);
        Near(view.Y, encoded.Outline.Limbus.MiddleY, 0.05 * radius);
        Near(radius, encoded.Outline.Limbus.Radius, 0.03 * radius);
        Near(view.X + (0.02 * radius), encoded.Outline.Pupil.MiddleX, 0.02 * radius);
        Near(view.Y - (0.01 * radius), encoded.Outline.Pupil.MiddleY, 0.02 * radius);
        Near(0.4 * radius, encoded.Outline.Pupil.Radius, 0.02 * radius);
    }

    [Theory]
    [InlineData(0.55, 0.7)]
    [InlineData(0.4, 0.6)]
    public void Lids_over_the_iris_are_masked(double upper, double lower)
    {
        IrisEncoded free = Encoded(4, Usual with { UpperLid = 1.2, LowerLid = 1.2 });
        IrisEncoded covered = Encoded(4, Usual with { UpperLid = upper, LowerLid = lower, Capture = 1 });
        Assert.NotNull(covered.Outline.UpperLid);
        Assert.NotNull(covered.Outline.LowerLid);
        Near(upper, covered.Outline.UpperLid!.Height, 0.1);
        Near(-lower, covered.Outline.LowerLid!.Height, 0.1);
        Assert.True(covered.Quality.UsableArea < free.Quality.UsableArea - 10);
        double distance = Distance(free.Wide, covered.Wide);
        Assert.True(distance < 0.3, $"found a distance of {distance:0.000}");
    }

    [Theory]
    [InlineData(0.35)]
    [InlineData(0.2)]
    public void A_flat_picture_of_an_eye_is_encoded_too(double contrast)
    {
        IrisEncoded flat = Encoded(5, Usual with { Contrast = contrast, Noise = 0.5 });
        Assert.True(Distance(Encoded(5, Usual).Wide, flat.Wide) < 0.3);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(40, 0)]
    [InlineData(-20, 30)]
    public void A_large_reflection_in_the_pupil_or_on_its_edge_costs_little(int right, int down)
    {
        GrayImage image = new SyntheticEye(102).Take(Usual);
        byte[] pixels = image.Pixels.ToArray();
        for (int i = 0; i < pixels.Length; i++)
        {
            double x = (i % image.Width) - Usual.X - right;
            double y = (i / image.Width) - Usual.Y - down;
            pixels[i] = (x * x) + (y * y) < 16 * 16 ? (byte)250 : pixels[i];
        }

        Decoded<IrisEncoded> glaring = IrisEncoder.Encode(image with { Pixels = pixels }, BiometricPosition.RightEye);
        Assert.True(glaring.IsAccepted, $"{glaring.Rejection}");
        Near(0.4 * Usual.Radius, glaring.Value.Outline.Pupil.Radius, 0.04 * Usual.Radius);
        double distance = Distance(Encoded(2, Usual with { Capture = 3 }).Wide, glaring.Value.Wide);
        Assert.True(distance < 0.25, $"found a distance of {distance:0.000}");
    }

    [Theory]
    [InlineData(110)]
    [InlineData(95)]
    public void An_iris_that_the_picture_cuts_off_on_one_side_is_encoded(double x)
    {
        EyeView cut = new(400, 300, x, 150, 115) { UpperLid = 1.2, LowerLid = 1.2 };
        IrisEncoded encoded = Encoded(8, cut);
        Near(115, encoded.Outline.Limbus.Radius, 6);
        Assert.Equal(0, encoded.Quality.Margin);
        Assert.True(Distance(Encoded(8, Usual).Wide, encoded.Wide) < 0.33);
    }

    [Fact]
    public void Pictures_larger_than_what_is_searched_are_halved_and_their_borders_stated_in_their_own_pixels()
    {
        EyeView large = new(2400, 1800, 1201, 903, 420);
        IrisEncoded encoded = Encoded(6, large);
        Near(420, encoded.Outline.Limbus.Radius, 12);
        Near(1201, encoded.Outline.Limbus.MiddleX, 12);
        Near(420, encoded.Quality.Radius, 12);
        Assert.True(Distance(Encoded(6, Usual).Wide, encoded.Wide) < 0.3);
    }

    [Fact]
    public void Both_codes_name_the_encoder_eye_and_quality()
    {
        IrisEncoded encoded = IrisEncoder.Encode(new SyntheticEye(1).Take(Usual), BiometricPosition.LeftEye).Value!;
        Assert.Equal([IrisShape.D2048, IrisShape.W16384], encoded.Codes.Select(code => code.Shape));
        Assert.All(encoded.Codes, code => Assert.Equal(
            (BiometricPosition.LeftEye, IrisEncoderId.MatchCluster1, (int?)encoded.Quality.Overall),
            (code.Position, code.Encoder, code.Quality)));
    }

    /// <summary>
    /// Frozen: the codes are the same on every CPU level, and a change of them is another encoder's version.
    /// </summary>
    [Fact]
    public void The_codes_of_a_drawn_eye_are_frozen()
    {
        IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (EyeView view in (EyeView[])
            [Usual, new(320, 240, 150, 121, 50), new(1600, 1200, 803, 611, 190) { UpperLid = 0.6 }])
        {
            foreach (IrisCode code in Encoded(7, view).Codes)
            {
                foreach (ReadOnlyMemory<ulong> words in (ReadOnlyMemory<ulong>[])[code.Code, code.Mask])
                {
                    foreach (ulong word in words.Span)
                    {
                        hash.AppendData(BitConverter.GetBytes(word));
                    }
                }
            }
        }

        Assert.Equal("4AD93101C0307A319688E312", Convert.ToHexString(hash.GetHashAndReset())[..24]);
    }

    private static IrisEncoded Encoded(int eye, EyeView view)
    {
        GrayImage image = new SyntheticEye((ulong)eye + 100).Take(view);
        Decoded<IrisEncoded> encoded = IrisEncoder.Encode(image, BiometricPosition.RightEye);
        Assert.True(encoded.IsAccepted, $"eye {eye}, {view}: {encoded.Rejection}");
        return encoded.Value;
    }

    private static void Near(double wanted, double found, double within) => Assert.True(
        Math.Abs(found - wanted) <= within, $"found {found:0.00}, wanted {wanted:0.00} within {within:0.00}");

    private static double Distance(IrisCode one, IrisCode other)
    {
        byte[] row = new byte[IrisRow.BytesOf(other)];
        IrisRow.Write(other, row);
        Assert.True(IrisScorer.TryCompare(new IrisProbe(one), row, out IrisComparison comparison));
        return comparison.Distance;
    }
}
