using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Fingers.Evidence;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Tests.Fingers;

/// <summary>
/// Templates that no sensor makes, and prints taken the wrong way round: what each scores is stated here and in
/// docs/accuracy.md.
/// </summary>
public sealed class FingerBadInputTests
{
    /// <summary>One in a hundred different fingers scores this or more: nobody acts on less.</summary>
    private const double Telling = 20;

    private readonly FingerScratch scratch = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_template_too_small_for_evidence_scores_nothing_not_even_against_itself(int minutiae)
    {
        FingerTemplate small = FingerTemplate.Prepare(RandomFingers.View(new(minutiae), minutiae));
        FingerTemplate whole = FingerTemplate.Prepare(RandomFingers.View(new(99), 45));

        Assert.Equal(0, Score(small, small));
        Assert.Equal(0, Score(small, whole));
        Assert.Equal(0, Score(whole, small));
    }

    [Fact]
    public void The_most_minutiae_a_record_holds_are_compared_by_their_best_sixty_four()
    {
        FingerTemplate full = FingerTemplate.Prepare(RandomFingers.View(new(3), Limits.MinutiaePerView));
        FingerTemplate other = FingerTemplate.Prepare(RandomFingers.View(new(4), Limits.MinutiaePerView));

        Assert.Equal(Limits.MinutiaeScored, full.Minutiae);
        Assert.InRange(Score(full, full), 60, FingerCalibration.Cap);
        Assert.InRange(Score(full, other), 0, Telling);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(64)]
    [InlineData(255)]
    public void Minutiae_all_in_one_place_score_nothing(int minutiae)
    {
        Minutia one = new(100, 100, 1000, 80, MinutiaKind.RidgeEnding);
        FingerTemplate heap =
            FingerTemplate.Prepare(RandomFingers.ViewOf([.. Enumerable.Repeat(one, minutiae)]));

        Assert.InRange(Score(heap, heap), 0, Telling);
        Assert.InRange(Score(heap, FingerTemplate.Prepare(RandomFingers.View(new(1), 45))), 0, Telling);
    }

    [Theory]
    [InlineData(98)]
    [InlineData(224)]
    [InlineData(394)]
    public void Another_stated_resolution_is_the_same_finger(int pixelsPerCentimetre)
    {
        FingerView view = RandomFingers.View(new(3), 45);
        double scale = pixelsPerCentimetre / 197.0;
        FingerView scaled = view with
        {
            ResolutionX = pixelsPerCentimetre,
            ResolutionY = pixelsPerCentimetre,
            Minutiae = [.. view.Minutiae.Select(m => m with
            {
                X = (ushort)Math.Round(m.X * scale),
                Y = (ushort)Math.Round(m.Y * scale),
            })],
        };

        Assert.True(Score(FingerTemplate.Prepare(view), FingerTemplate.Prepare(scaled)) > 60);
    }

    [Fact]
    public void A_resolution_that_is_stated_wrong_by_half_is_another_finger()
    {
        FingerView view = RandomFingers.View(new(3), 45);
        FingerTemplate wrong = FingerTemplate.Prepare(view with { ResolutionX = 295, ResolutionY = 295 });

        Assert.InRange(Score(FingerTemplate.Prepare(view), wrong), 0, Telling);
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(60, true)]
    [InlineData(180, false)]
    public void A_print_may_be_turned_by_less_than_a_quarter_and_not_upside_down(int degrees, bool found)
    {
        FingerView view = RandomFingers.View(new(4), 45);
        FingerTemplate turned =
            FingerTemplate.Prepare(FingerMatcherTests.Turned(view, degrees * Math.PI / 180));

        double score = Score(FingerTemplate.Prepare(view), turned);

        Assert.InRange(score, found ? 60 : 0, found ? FingerCalibration.Cap : Telling);
    }

    [Fact]
    public void A_mirrored_print_is_another_finger()
    {
        FingerView view = RandomFingers.View(new(4), 45);
        FingerTemplate mirrored = FingerTemplate.Prepare(view with
        {
            Minutiae = [.. view.Minutiae.Select(m => m with
            {
                X = (ushort)(400 - m.X),
                Angle = (ushort)(32768 - m.Angle),
            })],
        });

        Assert.InRange(Score(FingerTemplate.Prepare(view), mirrored), 0, Telling);
    }

    /// <summary>
    /// The work of a pair: similarities of 64 x 64 cylinders, 32 pairs relaxed, 3 alignments of 64 x 64 looks with at
    /// most 512 candidates. Nothing in a template lengthens that.
    /// </summary>
    [Theory]
    [InlineData(0)] // everything in one heap, one direction
    [InlineData(1)] // a grid as fine as the reach, so that everything is near everything
    [InlineData(2)] // a line
    [InlineData(3)] // at the ends of the coordinates
    public void A_template_made_to_be_slow_is_bounded(int kind)
    {
        FingerTemplate hostile = FingerTemplate.Prepare(RandomFingers.ViewOf([.. Enumerable.Range(0, 255).Select(i =>
            kind switch
            {
                0 => new Minutia(100, 100, 0, 100, MinutiaKind.Other),
                1 => new Minutia((ushort)(100 + (i % 8)), (ushort)(100 + (i / 8 % 8)), 0, 100, MinutiaKind.Other),
                2 => new Minutia((ushort)(10 * i), 100, 0, 100, MinutiaKind.Other),
                _ => new Minutia(
                    (ushort)(i % 2 * 16383), (ushort)(i / 2 % 2 * 16383), (ushort)i, 100, MinutiaKind.Other),
            })], resolution: kind == 3 ? 1 : 197));

        FingerMatcher.Compare(hostile, hostile.Row, scratch);
        EvidenceFound found = FingerMatcher.Align(hostile, hostile.Row, scratch);

        Assert.InRange(scratch.Pairs, 0, MccParameters.MaxRelaxedPairs);
        Assert.InRange(found.Mates, 0, Limits.MinutiaeScored);
        Assert.Equal(MinutiaPairing.MaxCandidates, scratch.Evidence.Candidates.Length);
        Assert.InRange(Score(hostile, FingerTemplate.Prepare(RandomFingers.View(new(1), 45))), 0, Telling);
        Assert.InRange(Score(FingerTemplate.Prepare(RandomFingers.View(new(2), 64)), hostile), 0, Telling);
    }

    [Fact]
    public void Comparing_allocates_nothing_whatever_the_template_holds()
    {
        FingerTemplate a = FingerTemplate.Prepare(RandomFingers.View(new(1), 64));
        FingerTemplate b = RandomFingers.Template(new(2), 64);
        FingerMatcher.Compare(a, a.Row, scratch);
        FingerMatcher.Compare(b, b.Row, scratch);

        // The runtime's own count may move once, when it collects or replaces code meanwhile; what a comparison
        // allocates it allocates every time.
        long least = long.MaxValue;
        for (int i = 0; i < 8; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            FingerMatcher.Compare(a, a.Row, scratch);
            FingerMatcher.Compare(b, b.Row, scratch);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private double Score(FingerTemplate probe, FingerTemplate row) => FingerCalibration.Score(
        FingerMatcher.Compare(probe, row.Row, scratch).Strength, probe.Cylinders, row.Cylinders);
}
