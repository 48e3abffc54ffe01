using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Quality.Nfiq2;

namespace MatchCluster.Matching.Tests.Quality;

/// <summary>The measures of pictures whose values follow from their formulas.</summary>
public sealed class NfiqMeasureTests
{
    [Theory]
    [InlineData(8, 0)]
    [InlineData(8, 90)]
    [InlineData(9, 30)]
    [InlineData(10, -60)]
    public void Even_stripes_are_certain_coherent_and_without_change_of_direction(double period, double degrees)
    {
        NfiqMeasures measures = Measure(RidgePictures.Stripes(period, degrees));
        Assert.Equal(64, measures["OCL_Bin10_9"]);
        Assert.InRange(measures["OCL_Bin10_Mean"], 0.97, 1.0);
        Assert.InRange(measures["OrientationMap_ROIFilter_CoherenceRel"], 0.9, 1.0);
        Assert.Equal(0, measures["OF_Bin10_Mean"]);
        Assert.InRange(measures["Mu"], 126, 130);
        Assert.InRange(measures["MMB"], 126, 130);
    }

    [Fact]
    public void Stripes_with_a_whole_number_of_periods_have_one_frequency()
    {
        NfiqMeasures measures = Measure(RidgePictures.Stripes(8, 0));
        Assert.InRange(measures["FDA_Bin10_Mean"], 0.97, 1.03);
        Assert.InRange(measures["FDA_Bin10_StdDev"], 0, 0.02);
        Assert.InRange(Measure(RidgePictures.Stripes(7, 0))["FDA_Bin10_Mean"], 0.3, 0.9);
    }

    [Fact]
    public void Upright_stripes_are_clear()
    {
        NfiqMeasures measures = Measure(RidgePictures.Stripes(10, 0));
        Assert.InRange(measures["LCS_Bin10_Mean"], 0.99, 1);
        Assert.Equal(0, measures["LCS_Bin10_1"]);
    }

    [Theory]
    [InlineData(40, "wider than a ridge")]
    [InlineData(3, "narrower than a ridge")]
    public void Widths_that_no_finger_has_are_not_clear(double period, string why) =>
        Assert.True(Measure(RidgePictures.Stripes(period, 0))["LCS_Bin10_Mean"] < 0.01, why);

    [Theory]
    [InlineData(6, 3)]
    [InlineData(3, 6)]
    public void Ratios_of_uneven_bars_are_two_or_a_half(int dark, int light)
    {
        NfiqMeasures measures = Measure(RidgePictures.Bars(dark, light));
        double all = Enumerable.Range(0, 10).Sum(bin => measures[$"RVUP_Bin10_{bin}"]);
        Assert.True(all >= 64);
        Assert.Equal(all, measures["RVUP_Bin10_1"] + measures["RVUP_Bin10_7"]);
        Assert.Equal(
            ((0.5 * measures["RVUP_Bin10_1"]) + (2 * measures["RVUP_Bin10_7"])) / all, measures["RVUP_Bin10_Mean"],
            1e-12);
    }

    [Fact]
    public void Ratios_of_even_bars_are_one()
    {
        NfiqMeasures measures = Measure(RidgePictures.Bars(4, 4));
        Assert.Equal(1, measures["RVUP_Bin10_Mean"]);
        Assert.Equal(0, measures["RVUP_Bin10_StdDev"]);
    }

    [Fact]
    public void Rings_change_direction_and_stripes_do_not()
    {
        NfiqMeasures rings = Measure(RidgePictures.Rings(9));
        Assert.True(rings["OF_Bin10_Mean"] > 0);
        Assert.True(rings["OCL_Bin10_Mean"] < Measure(RidgePictures.Stripes(9, 0))["OCL_Bin10_Mean"]);
    }

    [Fact]
    public void Noise_has_neither_certainty_nor_coherence()
    {
        NfiqMeasures noise = Measure(RidgePictures.Noise(7));
        Assert.InRange(noise["OCL_Bin10_Mean"], 0, 0.3);
        Assert.InRange(noise["OrientationMap_ROIFilter_CoherenceRel"], 0, 0.2);
        Assert.InRange(noise["FDA_Bin10_Mean"], 0, 0.5);
    }

    [Fact]
    public void A_white_frame_is_left_out_and_changes_nothing()
    {
        GrayImage stripes = RidgePictures.Stripes(9, 20);
        NfiqMeasures inner = Measure(stripes);
        NfiqMeasures framed = Measure(RidgePictures.Framed(stripes, 13, 40, 7, 1, 255));
        Assert.Equal(new PixelFrame(13, 40, 256, 256), framed.Part);
        Assert.Equal(inner.Values, framed.Values);
    }

    [Fact]
    public void The_two_editions_differ_in_flow_and_coherence_only()
    {
        GrayImage rings = RidgePictures.Rings(9);
        NfiqMeasures older = Measure(rings);
        NfiqMeasures newer = Measure(rings, NfiqEdition.Version23);
        string[] differing = [.. NfiqMeasureNames.All.Where(name => older[name] != newer[name])];
        Assert.NotEmpty(differing);
        Assert.All(differing, name => Assert.True(
            name.StartsWith("OF_", StringComparison.Ordinal)
            || name.StartsWith("OrientationMap_", StringComparison.Ordinal)
            || name == "ImgProcROIArea_Mean", name));
    }

    [Fact]
    public void Minutiae_are_counted_about_their_middle()
    {
        // Five in the rectangle of 201 pixels about (128, 128) and two far away, which keep the middle there.
        Minutia[] minutiae =
        [
            At(128, 128), At(28, 128), At(228, 128), At(128, 28), At(128, 228), At(5, 5), At(251, 251),
        ];
        NfiqMeasures measures = NfiqMeasures.Of(
            RidgePictures.Stripes(9, 20), minutiae, NfiqEdition.Version22).Value!;
        Assert.Equal(7, measures["FingerJetFX_MinutiaeCount"]);
        Assert.Equal(5, measures["FingerJetFX_MinCount_COMMinRect200x200"]);
        Assert.Equal(1, measures["FJFXPos_OCL_MinutiaeQuality_80"]);
    }

    [Fact]
    public void Minutiae_outside_of_what_is_measured_do_not_count()
    {
        GrayImage framed = RidgePictures.Framed(RidgePictures.Stripes(9, 20), 50, 50, 50, 50, 255);
        NfiqMeasures measures = NfiqMeasures.Of(
            framed, [At(10, 100), At(100, 10), At(340, 100), At(100, 340), At(100, 100)], NfiqEdition.Version22).Value!;
        Assert.Equal(1, measures["FingerJetFX_MinutiaeCount"]);
    }

    [Fact]
    public void What_is_no_print_is_refused_with_numbers()
    {
        Assert.Contains("white", Fault(RidgePictures.Draw(100, 100, (_, _) => 255)), StringComparison.Ordinal);
        Assert.Contains("one grey", Fault(RidgePictures.Draw(100, 100, (_, _) => 80)), StringComparison.Ordinal);
        Assert.Contains("30x30", Fault(RidgePictures.Stripes(8, 0, side: 30)), StringComparison.Ordinal);
        Assert.Contains("4 squares", Fault(RidgePictures.Stripes(8, 0, side: 80)), StringComparison.Ordinal);
        Assert.Contains(
            "900x200", Fault(RidgePictures.Draw(900, 200, (x, _) => x % 8 < 4 ? 0 : 200)), StringComparison.Ordinal);
        Assert.Contains("white", Fault(new GrayImage(1, 1, new byte[1])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(36, 800)]
    [InlineData(800, 36)]
    [InlineData(37, 799)]
    [InlineData(331, 97)]
    [InlineData(160, 160)]
    public void Odd_sizes_are_measured(int width, int height)
    {
        GrayImage image = RidgePictures.Draw(width, height, (x, y) => 128 + (100 * Math.Sin((x + (2 * y)) / 3.0)));
        foreach (NfiqEdition edition in Enum.GetValues<NfiqEdition>())
        {
            Decoded<NfiqMeasures> measured = NfiqMeasures.Of(image, [At(0, 0), At(width - 1, height - 1)], edition);
            Assert.True(measured.IsAccepted, measured.Rejection?.ToString());
            Assert.All(measured.Value.Values, value => Assert.True(double.IsFinite(value)));
        }
    }

    private static Minutia At(int x, int y) => new((ushort)x, (ushort)y, 0, 0, MinutiaKind.Other);

    private static NfiqMeasures Measure(GrayImage image, NfiqEdition edition = NfiqEdition.Version22)
    {
        Decoded<NfiqMeasures> measured = NfiqMeasures.Of(image, [], edition);
        Assert.True(measured.IsAccepted, measured.Rejection?.ToString());
        return measured.Value;
    }

    private static string Fault(GrayImage image) =>
        NfiqMeasures.Of(image, [], NfiqEdition.Version22).Rejection!.ToString();
}
