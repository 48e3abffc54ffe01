using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Fingers.Stage1;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scan.Screening;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Scan;

/// <summary>The first stage block by block chooses whom plain distances, added up one by one, choose.</summary>
public sealed class ScreeningTwinTests
{
    private const double Threshold = 40;

    private static readonly int[] Fingers = [2, 7];

    private static readonly EncounterRows[] Distinct =
        [.. Enumerable.Range(0, 40).Select(person => EncounterRows.Build(Samples(person, Fingers, [], 0)).Value!)];

    /// <summary>
    /// Fewer rows than the non-mated distances are settled by, as many, and more; blocks that are full and
    /// not.
    /// </summary>
    [Theory]
    [InlineData(131)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(700)]
    public void Who_is_chosen_is_whom_plain_sums_of_plain_distances_choose(int people)
    {
        GalleryTable table = new(MemoryBudget.Unlimited);
        table.Apply([.. Enumerable.Range(0, people).Select(i => new TableChange(
            $"person {i}", "E1", EncounterOf(0) with { PersonId = $"person {i}" }, Distinct[i * 7 % 40]))]);
        Segment all = new(8 << 20);
        foreach (SegmentView part in table.Snapshot.Segments)
        {
            for (int slot = 0; slot < part.Slots; slot++)
            {
                all.AppendCopy(part.Segment.Columns(slot), new SlotRef(part.Segment, slot));
            }
        }

        SegmentView view = new(all, all.Slots, null, 0);
        Assert.Equal(people, view.Slots);
        int chosen = 0;
        for (int person = 0; person < 4; person++)
        {
            Probe probe = ProbeOf(person, Fingers);
            SearchScan scan = new(
                new Search { Probe = probe, Gallery = "G", Threshold = Threshold, MaxCandidates = 5 }, table.Snapshot,
                ComparisonBudget.Unlimited);
            Assert.True(new FingerScreen([scan]).Run(view, SearchBudget.Of(TimeSpan.FromMinutes(1))));

            (bool Chosen, int Strongest)[] wanted = Plain(probe, people);
            for (int slot = 0; slot < people; slot++)
            {
                Assert.Equal(wanted[slot].Chosen, scan.Screened!.Chosen!.Has(slot));
                Assert.Equal(wanted[slot].Strongest, scan.Screened.StrongestOf(slot));
            }

            Assert.Equal(wanted.Count(slot => slot.Chosen), scan.Screened!.Passed);
            chosen += wanted.Count(slot => slot.Chosen);
        }

        Assert.InRange(chosen, 4, people);
    }

    private static (bool Chosen, int Strongest)[] Plain(Probe probe, int people)
    {
        int[] sums = new int[people];
        int[] most = [.. Enumerable.Repeat(-1, people)];
        int[] strongest = new int[people];
        for (int finger = 0; finger < Fingers.Length; finger++)
        {
            Stage1Probe cylinders = new(probe.Fingers[finger].Template.Row);
            int size = probe.Fingers[finger].Template.Cylinders;
            int[] distinct =
                [.. Distinct.Select(rows => PlainStage1.Distance(cylinders, rows.Row(finger))
                    - ScreenEvidence.FartherOf(FingerRow.CylindersOf(rows.Row(finger))))];
            int[] distances = [.. Enumerable.Range(0, people).Select(i => distinct[i * 7 % 40])];
            int[] met = [.. distances.Take(NonMatedDistances.MostOfSegment)];
            double mean = met.Average();
            double deviation = Math.Sqrt(met.Average(d => ((double)d * d)) - (mean * mean));
            for (int i = 0; i < people; i++)
            {
                double z = (mean - distances[i]) / deviation;
                int smaller = Math.Min(size, FingerRow.CylindersOf(Distinct[i * 7 % 40].Row(finger)));
                double weight = Math.Clamp(Math.Pow(56.0 / smaller, 1.5), 1, 2.5);
                int found = z <= -1.4 ? 0 : (int)(100 * weight * Math.Min(0.34 * (z + 1.4) * (z + 1.4), 60));
                sums[i] += found;
                if (found > most[i])
                {
                    most[i] = found;
                    strongest[i] = finger;
                }
            }
        }

        ScreenThresholds thresholds = ScreenThresholds.For(Threshold);
        return [.. sums.Select((sum, i) => (thresholds.IsEnough(sum, Fingers.Length), strongest[i]))];
    }
}
