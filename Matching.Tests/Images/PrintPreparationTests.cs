using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Prints;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Images;

/// <summary>Resolution, polarity and size of prints before they are extracted.</summary>
public sealed class PrintPreparationTests
{
    private const int Side = 320;

    [Theory]
    [InlineData(4.5)]
    [InlineData(9)]
    [InlineData(18)]
    public void The_distance_of_ridges_is_found(double period) =>
        Assert.InRange(RidgeSignature.PeriodOf(Print(period))!.Value, period * 0.96, period * 1.04);

    [Fact]
    public void Noise_and_blank_paper_have_no_ridges()
    {
        byte[] noise = new byte[Side * Side];
        new Random(1).NextBytes(noise);
        Assert.Null(RidgeSignature.PeriodOf(new GrayImage(Side, Side, noise)));
        Assert.Null(RidgeSignature.PeriodOf(WsqPictures.Flat(Side, Side, 255)));
    }

    [Theory]
    [InlineData(569, 600, 700, 569, ResolutionSource.Request)]
    [InlineData(null, 600, 700, 600, ResolutionSource.Record)]
    [InlineData(null, null, 508, 508, ResolutionSource.File)]
    [InlineData(null, null, null, 500, ResolutionSource.Assumed)]
    [InlineData(null, null, 255, 500, ResolutionSource.Assumed)]
    [InlineData(null, null, -1, 500, ResolutionSource.Assumed)]
    [InlineData(null, null, 72, 500, ResolutionSource.Assumed)]
    [InlineData(null, null, 1000, 500, ResolutionSource.Assumed)]
    public void The_request_counts_before_the_record_and_the_record_before_the_file(
        int? request, int? record, int? file, int ppi, ResolutionSource source)
    {
        PreparedPrint print = PrintPreparation.Prepare(
            Print(9) with { StatedPpi = file },
            new PrintReading { RequestPpi = request, RecordPpi = record }).Value!;
        Assert.Equal((ppi, source), (print.SourcePpi, print.Source));
        Assert.Equal((int)Math.Round(Side * 500.0 / ppi), print.Image.Width, 3.0);
        Assert.Equal(
            source == ResolutionSource.Assumed,
            print.Notes.Any(note => note.Code == ImageNote.ResolutionAssumed));
        Assert.Equal(
            file is not null && source == ResolutionSource.Assumed,
            print.Notes.Any(note => note.Code == ImageNote.ResolutionNotBelieved));
    }

    [Fact]
    public void A_print_whose_resolution_nobody_states_can_be_refused()
    {
        Rejection refused = PrintPreparation.Prepare(Print(9), new PrintReading { RefusesAssumed = true }).Rejection!;
        Assert.Equal("resolution, in pixels per inch", refused.Wanted);
        Assert.True(PrintPreparation.Prepare(
            Print(9) with { StatedPpi = 500 }, new PrintReading { RefusesAssumed = true }).IsAccepted);
    }

    [Theory]
    [InlineData(72)]
    [InlineData(0)]
    [InlineData(50_000)]
    public void A_resolution_that_the_request_states_is_taken_or_refused(int ppi) => Assert.Equal(
        $"{ppi} pixels per inch",
        PrintPreparation.Prepare(Print(9), new PrintReading { RequestPpi = ppi }).Rejection!.Found);

    [Fact]
    public void A_resolution_that_the_ridges_contradict_is_doubtful()
    {
        PreparedPrint print = PrintPreparation.Prepare(Print(9), new PrintReading { RequestPpi = 1000 }).Value!;
        Assert.Contains(print.Notes, note => note.Code == ImageNote.ResolutionDoubtful);
        PreparedPrint right = PrintPreparation.Prepare(Print(18), new PrintReading { RequestPpi = 1000 }).Value!;
        Assert.DoesNotContain(right.Notes, note => note.Code == ImageNote.ResolutionDoubtful);
        Assert.InRange(RidgeSignature.PeriodOf(right.Image)!.Value, 8.6, 9.4);
    }

    [Fact]
    public void A_negative_is_found_and_inverted()
    {
        GrayImage print = Print(9);
        Assert.False(Polarity.IsNegative(print));
        PreparedPrint prepared = PrintPreparation.Prepare(Polarity.Invert(print)).Value!;
        Assert.Contains(prepared.Notes, note => note.Code == ImageNote.Inverted);
        Assert.Equal(print.Pixels.ToArray(), prepared.Image.Pixels.ToArray());
    }

    [Theory]
    [InlineData(500, 250)]
    [InlineData(500, 1000)]
    [InlineData(569, 500)]
    public void Resampling_keeps_flat_areas_and_the_mean(int from, int to)
    {
        GrayImage flat = Resampling.ToPpi(WsqPictures.Flat(100, 80, 77), from, to);
        Assert.All(flat.Pixels.ToArray(), pixel => Assert.Equal(77, pixel));
        GrayImage slope = Resampling.ToPpi(WsqPictures.Slope(100, 80), from, to);
        Assert.Equal(127, slope.Pixels.ToArray().Average(pixel => pixel), 2.0);
        Assert.Equal((int)Math.Round(100.0 * to / from), slope.Width);
    }

    [Fact]
    public void Doubling_and_halving_gives_nearly_the_same_picture()
    {
        GrayImage print = Print(9);
        GrayImage back = Resampling.ToPpi(Resampling.ToPpi(print, 500, 1000), 1000, 500);
        double difference = print.Pixels.ToArray().Zip(back.Pixels.ToArray(), (a, b) => Math.Abs(a - b)).Average();
        Assert.InRange(difference, 0, 1.5);
    }

    [Fact]
    public void Resampled_pixels_are_the_same_on_every_processor()
    {
        GrayImage print = Resampling.ToPpi(WsqPictures.Ridges(200, 150), 569, 500);
        byte[] hash = System.Security.Cryptography.SHA256.HashData(print.Pixels.Span);
        Assert.Equal("8CDD57B086FA9334", Convert.ToHexString(hash)[..16]);
    }

    [Fact]
    public void A_print_that_becomes_too_large_is_refused()
    {
        GrayImage wide = WsqPictures.Flat(6000, 100, 200);
        Rejection refused = PrintPreparation.Prepare(wide, new PrintReading { RequestPpi = 250 }).Rejection!;
        Assert.Equal(
            "found a picture of 12000 x 200 pixels, wanted 16..10000 on each side at 500 pixels per inch",
            refused.ToString());
    }

    [Theory]
    [InlineData(1000, 1000, 800)]
    [InlineData(500, 2000, 1600)]
    [InlineData(504, 2000, 1600)]
    public void A_size_that_nobody_reads_is_refused_before_the_picture_is_resampled(int ppi, int width, int height)
    {
        GrayImage image = WsqPictures.Flat(2000, 1600, 200);
        (int Width, int Height) asked = default;
        PrintReading reading = new()
        {
            RequestPpi = ppi,
            SizeFault = (across, down) =>
            {
                asked = (across, down);
                return new Rejection(-1, "a size", "another");
            },
        };
        long before = GC.GetAllocatedBytesForCurrentThread();
        Rejection refused = PrintPreparation.Prepare(image, reading).Rejection!;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, image.Pixels.Length / 20);
        Assert.Equal("found a size, wanted another", refused.ToString());
        Assert.Equal((width, height), asked);
    }

    /// <summary>Rings on white paper, dark at their centres.</summary>
    private static GrayImage Print(double period)
    {
        byte[] pixels = new byte[Side * Side];
        for (int i = 0; i < pixels.Length; i++)
        {
            double x = (i % Side) - (Side / 2.0);
            double y = (i / Side) - (Side * 0.9);
            double far = Math.Sqrt((x * x) + ((y + (Side * 0.4)) * (y + (Side * 0.4))));
            double value = 120 + (100 * Math.Cos(Math.Sqrt((x * x) + (y * y)) * 2 * Math.PI / period));
            pixels[i] = far > Side * 0.4 ? (byte)250 : (byte)value;
        }

        return new GrayImage(Side, Side, pixels);
    }
}
