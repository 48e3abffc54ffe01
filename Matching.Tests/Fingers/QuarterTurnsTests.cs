using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Tests.Fingers;

/// <summary>Prepared prints that are turned, and what tells a print upside down.</summary>
public sealed class QuarterTurnsTests
{
    private const int People = 40;

    /// <summary>What a tie that falls otherwise may change: less than a decibel or two.</summary>
    private const int Tie = 300;

    private static readonly SyntheticPopulation Population = new(4);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_prepared_print_turned_scores_as_the_record_turned_does(int quarters)
    {
        FingerScratch scratch = new();
        for (int person = 0; person < 10; person++)
        {
            FingerView view = View(person, 1);
            FingerTemplate row = FingerTemplate.Prepare(View(person, 0));
            FingerTemplate back = FingerTemplate.Prepare(TurnedViews.Of(view, 4 - quarters)).Turned(quarters);
            int upright = FingerMatcher.Compare(FingerTemplate.Prepare(view), row.Row, scratch).Strength;

            // The middle of a print is rounded, so that a place may move by an eighth of a pixel.
            Assert.InRange(FingerMatcher.Compare(back, row.Row, scratch).Strength, upright - Tie, upright + Tie);
        }
    }

    [Fact]
    public void A_row_turned_four_times_is_the_row_and_only_its_directions_and_places_change()
    {
        FingerTemplate print = FingerTemplate.Prepare(View(3, 0));

        FingerTemplate once = print.Turned(1);

        Assert.Same(print, print.Turned(0));
        Assert.Same(once, print.Turned(1));
        Assert.Equal(print.Row, once.Turned(1).Turned(1).Turned(1).Row);
        Assert.Equal(print.Turned(3).Row, once.Turned(2).Row);
        Assert.Equal((print.Cylinders, print.Minutiae), (once.Cylinders, once.Minutiae));
        Assert.False(print.Row.SequenceEqual(once.Row));
        Assert.Equal(Sorted(FingerRow.Over(print.Row).Roots), Sorted(FingerRow.Over(once.Row).Roots));
        FingerRow row = FingerRow.Over(once.Row);
        for (int i = 1; i < row.Cylinders; i++)
        {
            Assert.True(row.Angles[i - 1] <= row.Angles[i], "cylinders are ordered by angle");
        }
    }

    [Fact]
    public void A_minutia_turns_about_the_middle_and_no_place_overflows()
    {
        PlacedMinutia minutia = new(3, 5, 100);

        Assert.Equal(minutia, QuarterTurns.Of(minutia, 0));
        Assert.Equal(new PlacedMinutia(-5, 3, 100 + 16384), QuarterTurns.Of(minutia, 1));
        Assert.Equal(new PlacedMinutia(-3, -5, 100 - 32768), QuarterTurns.Of(minutia, 2));
        Assert.Equal(new PlacedMinutia(5, -3, 100 - 16384), QuarterTurns.Of(minutia, 3));
        Assert.Equal(short.MaxValue, QuarterTurns.Of(new PlacedMinutia(short.MinValue, 0, 0), 2).X);
    }

    [Fact]
    public void Two_prints_turned_together_score_as_they_did_but_for_ties()
    {
        FingerScratch scratch = new();
        for (int person = 0; person < 10; person++)
        {
            FingerTemplate probe = FingerTemplate.Prepare(View(person, 1));
            FingerTemplate row = FingerTemplate.Prepare(View(person, 0));
            int upright = FingerMatcher.Compare(probe, row.Row, scratch).Strength;
            for (int quarters = 1; quarters < QuarterTurns.Count; quarters++)
            {
                Assert.InRange(
                    FingerMatcher.Compare(probe.Turned(quarters), row.Turned(quarters).Row, scratch).Strength,
                    upright - Tie, upright + Tie);
            }
        }
    }

    [Fact]
    public void Prints_upside_down_lean_the_other_way()
    {
        FingerTemplate[] prints =
            [.. Enumerable.Range(0, People).Select(person => FingerTemplate.Prepare(View(person, 0)))];

        Assert.All(prints, print => Assert.Equal(-PrintLean.Of([print]), PrintLean.Of([print.Turned(2)]), 0.001));
        Assert.InRange(prints.Count(print => PrintLean.MayBeUpsideDown([print])), 0, People / 4);
        Assert.InRange(prints.Count(print => PrintLean.MayBeUpsideDown([print.Turned(2)])), 0.9 * People, People);
        Assert.False(PrintLean.MayBeUpsideDown(prints), "together upright prints are unmistakable");
        Assert.True(PrintLean.MayBeUpsideDown(prints.Select(print => print.Turned(2))));
    }

    [Fact]
    public void Small_prints_and_none_are_not_taken_for_upside_down()
    {
        FingerTemplate small =
            FingerTemplate.Prepare(RandomFingers.View(new Random(5), PrintLean.LeastCylinders - 1)).Turned(2);

        Assert.False(PrintLean.MayBeUpsideDown([]));
        Assert.False(PrintLean.MayBeUpsideDown([small]));
        Assert.Equal(0, PrintLean.Of([]));
    }

    [Fact]
    public void Turning_costs_a_score_and_only_what_is_left_counts()
    {
        Assert.Equal((38, 39, 38), (TurnedPrints.Score(40, 1), TurnedPrints.Score(40, 2), TurnedPrints.Score(40, 3)));
        Assert.Equal(0, TurnedPrints.Score(1.5, 1));
        Assert.True(TurnedPrints.IsBetter(TurnedPrints.Counts, 19));
        Assert.False(TurnedPrints.IsBetter(TurnedPrints.Counts - 0.01, 0));
        Assert.False(TurnedPrints.IsBetter(25, 25));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    public void A_comparison_of_two_finds_the_turn_and_says_what_it_cost(int turnedBy, int expected)
    {
        FingerScratch scratch = new();
        FingerTemplate row = FingerTemplate.Prepare(View(8, 0));

        // Two thirds are missing: whole generated prints reach the highest score by half of their minutiae.
        FingerView whole = View(8, 1);
        FingerTemplate probe = FingerTemplate.Prepare(
            whole with { Minutiae = [.. whole.Minutiae.Where((_, i) => i % 3 == 0)] });
        double upright = TurnedPrints.Best(probe, row.Row, ScoreCalibration.Default, scratch).Score;
        Assert.InRange(upright, 30, FingerCalibration.Cap - 1);

        (int quarters, double score) =
            TurnedPrints.Best(probe.Turned(turnedBy), row.Row, ScoreCalibration.Default, scratch);

        // Of a print on the edge of the window the next quarter may show as much, generated as it is.
        Assert.True(quarters == expected || expected % 2 == 1, $"found at {quarters} quarters");
        Assert.Equal(expected == 0 ? upright : TurnedPrints.Score(upright, expected), score, 2.0); // ties
    }

    private static float[] Sorted(ReadOnlySpan<float> roots) => [.. roots.ToArray().Order()];

    private static FingerView View(int person, int impression) => Population.Person(person).Finger(2, impression);
}
