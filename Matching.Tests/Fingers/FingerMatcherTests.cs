using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Fingers.Evidence;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Fingers;

public sealed class FingerMatcherTests
{
    private readonly FingerScratch scratch = new();

    [Fact]
    public void The_fast_comparison_says_what_the_plain_one_says()
    {
        Random random = new(11);
        FingerTemplate[] templates =
        [
            .. Enumerable.Range(0, 12).Select(i => FingerTemplate.Prepare(RandomFingers.View(random, 6 * i))),
            .. Enumerable.Range(0, 12).Select(i => RandomFingers.Template(random, i * 64 / 11)),
        ];
        int aligned = 0;
        foreach (FingerTemplate probe in templates)
        {
            foreach (FingerTemplate row in templates)
            {
                FingerMatch wanted = FingerMatcher.CompareReference(probe, row.Row);
                Assert.Equal(wanted, FingerMatcher.Compare(probe, row.Row, scratch));
                Assert.InRange(wanted.Strength, 0, FingerScorer.One);
                aligned += wanted.Strength >= FingerMatcher.AlignedStrength ? 1 : 0;
            }
        }

        Assert.InRange(aligned, 24, 575); // both sides of the gate were tried
    }

    [Fact]
    public void What_is_not_aligned_stays_below_what_is_and_rises_with_similarity()
    {
        FingerTemplate[] templates =
            [.. Enumerable.Range(0, 30).Select(i => FingerTemplate.Prepare(RandomFingers.View(new(i), 30)))];
        FingerMatch[] all =
        [
            .. templates.SelectMany(_ => templates, (a, b) => FingerMatcher.Compare(a, b.Row, scratch))
                .Where(m => m.Similarity < EvidenceParameters.GateSimilarity).OrderBy(m => m.Similarity),
        ];

        Assert.NotEmpty(all);
        Assert.All(all, m => Assert.InRange(m.Strength, 0, FingerMatcher.AlignedStrength - 1));
        Assert.Equal(all.Select(m => m.Strength).Order(), all.Select(m => m.Strength));
    }

    [Fact]
    public void A_turned_and_moved_print_is_mated_minutia_by_minutia()
    {
        FingerView view = RandomFingers.View(new(4), 45);
        FingerTemplate probe = FingerTemplate.Prepare(view);
        FingerTemplate turned = FingerTemplate.Prepare(Turned(view, Math.PI / 8));

        FingerMatch match = FingerMatcher.Compare(probe, turned.Row, scratch);
        EvidenceFound found = FingerMatcher.Align(probe, turned.Row, scratch);

        Assert.True(match.Strength > 20_000, $"strength {match.Strength}");
        Assert.InRange(found.Mates, Math.Min(probe.Cylinders, turned.Cylinders) - 2, 45);
        Assert.InRange(found.Motion.Turn, -4096 - 100, -4096 + 100);
        FingerRow a = FingerRow.Over(probe.Row);
        FingerRow b = FingerRow.Over(turned.Row);
        foreach (MinutiaPair mate in scratch.Evidence.Best.AsSpan(0, found.Mates))
        {
            Assert.Equal((short)4096, (short)(b.Angles[mate.Row] - a.Angles[mate.Probe]));
            Assert.InRange(mate.Distance, 0, 2 * MccParameters.UnitsPerPixel);
        }
    }

    [Fact]
    public void Mates_are_one_to_one_and_inside_their_tolerances()
    {
        Random random = new(8);
        for (int round = 0; round < 40; round++)
        {
            FingerTemplate a = RandomFingers.Template(random, random.Next(2, 65));
            FingerTemplate b = RandomFingers.Template(random, random.Next(2, 65));
            FingerMatcher.Compare(a, b.Row, scratch);
            EvidenceFound found = FingerMatcher.Align(a, b.Row, scratch);
            MinutiaPair[] mates = [.. scratch.Evidence.Best.Take(found.Mates)];

            Assert.Equal(mates.Length, mates.Select(m => m.Probe).Distinct().Count());
            Assert.Equal(mates.Length, mates.Select(m => m.Row).Distinct().Count());
            Assert.All(mates, m => Assert.InRange(m.Distance, 0, EvidenceParameters.MateReach));
            Assert.All(mates, m => Assert.InRange(m.Turn, 0, EvidenceParameters.MateTurn));
            Assert.InRange(found.ProbeOverlap, mates.Length, a.Cylinders);
            Assert.InRange(found.RowOverlap, mates.Length, b.Cylinders);
        }
    }

    [Fact]
    public void A_window_of_directions_reaches_over_the_end_of_the_half_turn()
    {
        // Directions just below and just above half a turn: neighbours on the circle, far apart as numbers.
        FingerView view = RandomFingers.View(new(21), 40);
        FingerView near = view with
        {
            Minutiae =
                [.. view.Minutiae.Select((m, i) => m with { Angle = (ushort)(i % 2 == 0 ? 33068 : 32468) })],
        };
        FingerView other = near with
        {
            Minutiae = [.. near.Minutiae.Select(m => m with { Angle = (ushort)(65536 - m.Angle) })],
        };
        FingerTemplate a = FingerTemplate.Prepare(near);
        FingerTemplate b = FingerTemplate.Prepare(other);

        FingerMatcher.Compare(a, b.Row, scratch);
        EvidenceFound found = FingerMatcher.Align(a, b.Row, scratch);

        Assert.Equal(Math.Min(a.Cylinders, b.Cylinders), found.Mates);
    }

    /// <summary>Turned about (170, 220), counter-clockwise as seen, with y down; moved by (400, 400).</summary>
    internal static FingerView Turned(FingerView view, double radians)
    {
        double cosine = Math.Cos(radians);
        double sine = Math.Sin(radians);
        return view with
        {
            Minutiae = [.. view.Minutiae.Select(m => m with
            {
                X = (ushort)Math.Round(570 + (cosine * (m.X - 170)) + (sine * (m.Y - 220))),
                Y = (ushort)Math.Round(620 - (sine * (m.X - 170)) + (cosine * (m.Y - 220))),
                Angle = (ushort)(m.Angle + (int)Math.Round(65536 * radians / (2 * Math.PI))),
            })],
        };
    }
}
