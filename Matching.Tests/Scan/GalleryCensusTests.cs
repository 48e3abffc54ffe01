using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Scan;

/// <summary>Who counts when a target FPIR becomes a threshold: the gallery's people whom a probe can meet.</summary>
public sealed class GalleryCensusTests
{
    private static readonly EncounterRows Index = EncounterRows.Build(Samples(1, [2], [], 0)).Value!;
    private static readonly EncounterRows Eye = EncounterRows.Build(Samples(1, [], [1], 0)).Value!;
    private static readonly EncounterRows Nothing = EncounterRows.Build([]).Value!;

    private readonly GalleryTable table = new(MemoryBudget.Unlimited);

    [Fact]
    public void Only_the_active_people_of_the_gallery_count_and_only_those_with_something_to_compare()
    {
        table.Apply(
        [
            Put("finger", "E", Index),
            Put("eye", "E", Eye),
            Put("both", "E", Index), Put("both", "F", Eye),
            Put("nothing", "E", Nothing),
            Put("inactive", "E", Index, active: false),
            Put("half", "E", Index, active: false), Put("half", "F", Eye),
            Put("elsewhere", "E", Index, "OTHER"),
            Put("twice", "E", Index), Put("twice", "F", Index),
        ]);

        Assert.Equal(new SearchCount(6, 6, 3, 0), Count(ProbeOf(9)));
        Assert.Equal(new SearchCount(6, 6, 3, 0), Count(ProbeOf(9, [], [1])));
        Assert.Equal(new SearchCount(6, 6, 0, 0), Count(ProbeOf(9, [5])));
        Assert.Equal(new SearchCount(6, 6, 0, 0), Count(ProbeOf(9, [], [2])));
        Assert.Equal(new SearchCount(1, 1, 1, 0), Count(ProbeOf(9), "OTHER"));
        Assert.Equal(new SearchCount(7, 7, 6, 0), Count(ProbeOf(9, [2], [1]), Search.AllGalleries));

        // A filter that takes the probe's own modality away leaves nothing to compare.
        Assert.Equal(
            new SearchCount(6, 6, 0, 0), Count(ProbeOf(9), filter: new() { Modalities = [Modality.Iris] }));
    }

    [Fact]
    public void The_threshold_of_a_search_is_that_of_its_own_gallery()
    {
        table.Apply([Put("one", "E", EncounterRows.Build(Samples(9, [2], [], 0)).Value!)]);
        table.Apply([.. Enumerable.Range(0, 5000).Select(i => Put($"other {i}", "E", Nothing, "OTHER"))]);

        Assert.Equal(1, Count(ProbeOf(9), target: 0.01).Comparable);
        Assert.Equal(20, Fpir.ThresholdFor(0.01, 1));
    }

    [Fact]
    public void Counting_by_profiles_says_what_a_walk_over_everybody_says_after_any_history()
    {
        Random dice = new(7);
        EncounterRows[] rows = [Index, Eye, Nothing, EncounterRows.Build(Samples(1, [1, 7], [2], 0)).Value!];
        Probe[] probes = [ProbeOf(9), ProbeOf(9, [7], [1]), ProbeOf(9, [], [2])];
        HashSet<(string, string)> live = [];
        for (int round = 0; round < 300; round++)
        {
            string person = $"P{dice.Next(12)}";
            string encounter = $"E{dice.Next(3)}";
            if (live.Contains((person, encounter)) && dice.Next(3) == 0)
            {
                table.Apply([new TableChange(person, encounter)]);
                live.Remove((person, encounter));
            }
            else
            {
                // A change of the status or galleries alone keeps the rows.
                bool keeps = live.Contains((person, encounter)) && dice.Next(2) == 0;
                TableChange put = Put(
                    person, encounter, rows[dice.Next(rows.Length)], dice.Next(2) == 0 ? "G" : "H", dice.Next(3) > 0);
                table.Apply([keeps ? put with { Rows = null } : put]);
                live.Add((person, encounter));
            }

            foreach (Probe probe in probes)
            {
                Search search = new() { Probe = probe, Gallery = "G", Threshold = 0, MaxCandidates = 1 };
                SearchEligibility sight = new(search, table.Snapshot);
                ComparableKinds kinds = new(probe, scoresFingers: true, scoresIrises: true);
                Assert.Equal(
                    GalleryCensus.OfSlots(table.Snapshot, sight, kinds),
                    GalleryCensus.Of(search, table.Snapshot, sight, kinds));
            }
        }

        Assert.InRange(table.Snapshot.Profiles.Values.Sum(), 1, table.Snapshot.Identities);
        table.Apply([.. live.Select(each => new TableChange(each.Item1, each.Item2))]);
        Assert.Empty(table.Snapshot.Profiles);
    }

    [Fact]
    public void A_filter_by_year_or_sex_counts_whom_it_lets_pass()
    {
        table.Apply(
        [
            Put("old", "E", Index, born: 1950), Put("young", "E", Index, born: 2000), Put("eye", "E", Eye, born: 2000),
            Put("two", "E", Index, born: 1950), Put("two", "F", Index, born: 2001),
        ]);

        SearchFilter filter = new() { YearOfBirthMin = 1990 };
        Assert.Equal(new SearchCount(3, 3, 2, 0), Count(ProbeOf(9), filter: filter));
    }

    private SearchCount Count(
        Probe probe, string gallery = "G", SearchFilter? filter = null, double? target = null)
    {
        Search search = new()
        {
            Probe = probe,
            Gallery = gallery,
            Threshold = target is null ? 150 : 0,
            TargetFpir = target,
            MaxCandidates = 5,
            Filter = filter ?? SearchFilter.None,
        };
        ScanResult result = PartitionScan.Run(
            new SearchBatch([search]), table.Snapshot, table, SearchBudget.Of(TimeSpan.FromMinutes(1)),
            new ScanScratch());
        return result.Results[0].Count!;
    }

    private static TableChange Put(
        string person, string encounter, EncounterRows rows, string gallery = "G", bool active = true,
        int? born = null) => new(
            person, encounter,
            EncounterOf(0, encounter, gallery, fingers: [2]) with
            {
                PersonId = person,
                Status = active ? EncounterStatus.Active : EncounterStatus.Inactive,
                YearOfBirth = born,
            },
            rows);
}
