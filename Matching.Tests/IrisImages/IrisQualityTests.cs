using MatchCluster.Matching.Images;
using MatchCluster.Matching.IrisImages;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Tests.IrisImages;

/// <summary>The measures of a picture of an eye, on drawn eyes of which they are known.</summary>
public sealed class IrisQualityTests
{
    private static readonly EyeView Usual = new(550, 440, 264, 229, 110) { UpperLid = 1.1, LowerLid = 1.2 };

    [Fact]
    public void Every_measure_of_the_standard_has_its_name_and_what_is_wanted()
    {
        IrisImageQuality quality = Quality(1, Usual);
        Assert.Equal(
            [
                "usable iris area, percent", "iris-sclera contrast", "iris-pupil contrast", "pupil-iris ratio, percent",
                "iris radius, pixels", "margin adequacy", "sharpness", "iris-pupil concentricity",
                "roundness of the iris, percent", "grey scale utilisation, bits",
                "pupil boundary circularity, percent", "motion blur", "gaze angle, degrees",
            ],
            quality.Measures.Select(measure => measure.Name));

        // A drawn picture has few grey values, and its skin is bright up to the iris, as a lid is.
        Assert.All(
            quality.Measures.Where(measure => measure.Name.Split(' ')[0] is not ("usable" or "grey")),
            measure => Assert.False(measure.FallsShort, $"{measure}"));
        Assert.Equal(quality.Measures.Count(measure => measure.FallsShort), quality.Faults.Count);
        Assert.InRange(quality.Circularity, 99, 100);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(25)]
    [InlineData(35)]
    public void An_eye_that_looks_aside_says_by_how_many_degrees(double degrees)
    {
        double[] found =
        [
            .. Enumerable.Range(0, 8).Select(i => Quality(i, Usual with
            {
                GazeRight = degrees * StableMath.Cos(i / 8.0),
                GazeUp = degrees * StableMath.Sin(i / 8.0),
                Capture = (ulong)i,
            }).Gaze).Order(),
        ];
        Assert.InRange(found[4], degrees - 2, degrees + 2);
        Assert.InRange(found[^1], degrees - 2, degrees + 3);

        // Where the light stands beside the lens on the side of the gaze, its reflection hides some of the angle.
        Assert.InRange(found[0], degrees - 12, degrees + 2);
    }

    [Fact]
    public void An_eye_that_looks_straight_has_a_small_angle() => Assert.All(
        Enumerable.Range(0, 8), eye => Assert.InRange(Quality(eye, Usual with { Capture = 3 }).Gaze, 0, 8));

    [Theory]
    [InlineData(0)]
    [InlineData(0.125)]
    [InlineData(0.25)]
    [InlineData(0.4)]
    public void Motion_is_told_in_every_direction_and_defocus_is_no_motion(double turns)
    {
        GrayImage still = new SyntheticEye(9).Take(Usual with { Noise = 0 });
        double before = Quality(still).Motion;
        double moved = Quality(Blurred(still, 9, turns)).Motion;
        Assert.True(moved > before + 20, $"found {before:0} before and {moved:0} after");
        double defocused = Quality(Blurred(Blurred(still, 5, turns), 5, turns + 0.25)).Motion;
        Assert.True(defocused < moved - 10, $"found {moved:0} of motion and {defocused:0} of defocus");
    }

    [Fact]
    public void A_measure_that_falls_short_is_named_with_what_was_found_and_wanted_and_lowers_the_overall_figure()
    {
        IrisImageQuality quality = Quality(1, Usual with { GazeRight = 40 });
        Assert.Contains(
            quality.Faults, fault => fault.StartsWith("gaze angle, degrees: found ", StringComparison.Ordinal)
                && fault.EndsWith(", wanted 0 to 25", StringComparison.Ordinal));
        Assert.True(quality.Overall < Quality(1, Usual).Overall);
    }

    private static GrayImage Blurred(GrayImage image, double length, double turns)
    {
        (double cos, double sin) = (StableMath.Cos(turns), StableMath.Sin(turns));
        GrayPlane plane = new(image.Width, image.Height, image.Pixels.ToArray(), 0);
        byte[] pixels = new byte[image.Pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int sum, int count) = (0, 0);
            for (double at = -length / 2; at <= length / 2; at += 0.5)
            {
                int value = plane.Sample((i % image.Width) + (at * cos), (i / image.Width) - (at * sin));
                (sum, count) = value < 0 ? (sum, count) : (sum + value, count + 1);
            }

            pixels[i] = count == 0 ? image.Pixels.Span[i] : (byte)(sum / count / GrayPlane.Unit);
        }

        return image with { Pixels = pixels };
    }

    private static IrisImageQuality Quality(int eye, EyeView view) =>
        Quality(new SyntheticEye((ulong)eye + 200).Take(view));

    private static IrisImageQuality Quality(GrayImage image)
    {
        Decoded<IrisEncoded> encoded = IrisEncoder.Encode(image, BiometricPosition.LeftEye);
        Assert.True(encoded.IsAccepted, $"{encoded.Rejection}");
        return encoded.Value.Quality;
    }
}
