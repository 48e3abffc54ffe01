using MatchCluster.Matching.Frames;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Scan;

/// <summary>
/// Probes whose fingers bear wrong labels: who is found with swapped hands, what is said of it, who is not.
/// </summary>
public sealed class SwappedFingersTests
{
    private const int People = 40;

    private static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromMinutes(1));

    private static readonly int[] Thumbs = [1, 6];
    private static readonly int[] Four = [1, 2, 6, 7];

    [Fact]
    public async Task Index_fingers_swapped_beside_right_thumbs_are_found_flagged_and_the_same_in_any_partitioning()
    {
        Probe probe = Relabelled(3, Four, [1, 7, 6, 2]);
        byte[]? before = null;
        foreach (int partitions in (int[])[1, 3, 8])
        {
            IdentifyAnswer answer = await AskAsync(partitions, new IdentifyRequest
            {
                Probe = probe,
                Gallery = "G",
                Threshold = 0,
                MaxCandidates = People,
                Exhaustive = true,
            });
            Candidate best = answer.Candidates[0];
            IdentifyAnswer thumbs = await AskAsync(partitions, new IdentifyRequest
            {
                Probe = ProbeOf(3, Thumbs),
                Gallery = "G",
                Threshold = 0,
                MaxCandidates = 1,
            });

            Assert.Equal(IdOf(3), best.PersonId);
            Assert.True(best.Score > thumbs.Candidates[0].Score, "index fingers add to what the thumbs say");
            Assert.Equal(
                [(1, 1, false), (7, 2, true), (6, 6, false), (2, 7, true)],
                best.Details.Select(d => (d.ProbePosition.Finger, d.GalleryPosition.Finger, d.IsSwapped)));
            Assert.DoesNotContain(answer.Candidates.Skip(1), candidate => candidate.AreFingersSwapped);

            byte[] bytes = Frame(answer);
            Assert.Equal(before ?? bytes, bytes);
            before = bytes;
        }
    }

    [Fact]
    public async Task Two_fingers_of_one_hand_swapped_are_told_from_swapped_hands()
    {
        IdentifyAnswer answer = await AskAsync(2, new IdentifyRequest
        {
            Probe = Relabelled(5, [1, 2, 3], [1, 3, 2]),
            Gallery = "G",
            Threshold = 40,
        });

        Candidate best = Assert.Single(answer.Candidates);
        Assert.Equal(IdOf(5), best.PersonId);
        Assert.Equal(
            [(1, 1), (3, 2), (2, 3)], best.Details.Select(d => (d.ProbePosition.Finger, d.GalleryPosition.Finger)));
    }

    [Fact]
    public async Task Right_labels_score_as_if_nobody_had_looked_crosswise()
    {
        IdentifyRequest request = new() { Probe = ProbeOf(7, Four), Gallery = "G", Threshold = 0, MaxCandidates = 1 };

        Candidate plain = (await AskAsync(2, request)).Candidates[0];
        Candidate twice = (await AskAsync(2, request with { SwappedHands = true })).Candidates[0];

        Assert.Equal(IdOf(7), plain.PersonId);
        Assert.False(plain.AreFingersSwapped);
        Assert.Equal(Fusion.Fuse([.. plain.Details.Select(detail => detail.Score)]), plain.Score, 0.011);
        Assert.Equal(plain.Score, twice.Score);
    }

    [Fact]
    public async Task Hands_swapped_altogether_are_missed_unless_asked_for()
    {
        IdentifyRequest request = new()
        {
            Probe = Relabelled(9, [2, 7], [7, 2]),
            Gallery = "G",
            Threshold = 40,
            Exhaustive = true,
        };

        IdentifyAnswer labelled = await AskAsync(2, request);
        IdentifyAnswer both = await AskAsync(2, request with { SwappedHands = true });

        Assert.Empty(labelled.Candidates);
        Candidate best = Assert.Single(both.Candidates);
        Assert.Equal((1, IdOf(9)), (best.Rank, best.PersonId));
        Assert.Equal(
            [(7, 2, true), (2, 7, true)],
            best.Details.Select(d => (d.ProbePosition.Finger, d.GalleryPosition.Finger, d.IsSwapped)));
        double right = (await AskAsync(2, request with { Probe = ProbeOf(9, [2, 7]) })).Candidates[0].Score;
        Assert.Equal(Math.Round(Fusion.BestOf(right, 2), 2), best.Score);
    }

    [Fact]
    public void A_comparison_of_two_always_looks_crosswise_and_a_strangers_hands_stay_a_stranger()
    {
        VerifyAnswer own = PairComparison.Compare(
            Relabelled(11, [2, 7], [7, 2]), Samples(11, [2, 7], [], 0), threshold: 40, Budget).Value!;
        VerifyAnswer other = PairComparison.Compare(
            Relabelled(12, [2, 7], [7, 2]), Samples(11, [2, 7], [], 0), threshold: 40, Budget).Value!;

        Assert.True(own.Decision);
        Assert.All(own.Details, detail => Assert.True(detail.IsSwapped));
        Assert.False(other.Decision);
        Assert.All(other.Details, detail => Assert.False(detail.IsSwapped));
    }

    [Fact]
    public void A_person_who_would_cost_more_than_the_limit_is_scored_as_labelled()
    {
        GalleryTable table = new(MemoryBudget.Unlimited);
        EncounterRows rows = EncounterRows.Build(Samples(13, Four, [], 0)).Value!;
        int encounters = (SwappedFingers.MostComparisons / (Four.Length * Four.Length)) + 1;
        table.Apply([.. Enumerable.Range(0, encounters).Select(i => Change(13, $"E{i}", rows))]);
        Probe probe = Relabelled(13, Four, [1, 7, 6, 2]);

        Hit many = Scan(table, probe);
        table.Apply([new TableChange(IdOf(13), "E1")]);
        Hit fewer = Scan(table, probe);

        Assert.DoesNotContain(many.Details, detail => detail.IsSwapped);
        Assert.Contains(fewer.Details, detail => detail.IsSwapped);
        Assert.True(fewer.Score > many.Score);
    }

    private static Hit Scan(GalleryTable table, Probe probe)
    {
        Search search = new() { Probe = probe, Gallery = "G", Threshold = 0, MaxCandidates = 1 };
        return PartitionScan.Run(
            new SearchBatch([search]), table.Snapshot, table, SearchBudget.Of(TimeSpan.FromMinutes(1)),
            new ScanScratch()).Results[0].Hits[0];
    }

    private static TableChange Change(int person, string encounter, EncounterRows rows) =>
        new(IdOf(person), encounter, EncounterOf(person, encounter), rows);

    /// <summary>A person's fingers under other labels.</summary>
    private static Probe Relabelled(int person, int[] fingers, int[] labels) => new(
        [
            .. ProbeOf(person, fingers).Fingers.Select((finger, i) =>
                finger with { Position = BiometricPosition.OfFinger(labels[i]) }),
        ],
        []);

    private static async Task<IdentifyAnswer> AskAsync(int partitions, IdentifyRequest request)
    {
        await using MemoryGalleryStore store = new(partitions);
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 2 });
        await engine.Loaded;
        Write[] writes = [.. Everybody.Select(person => new Write.Create(person))];
        await new EncounterRoot(engine).ApplyAsync(writes, SearchBudget.Of(TimeSpan.FromSeconds(60)));
        SearchRoot search = new(engine, TimeProvider.System);
        return (await search.IdentifyAsync([request], SearchBudget.Of(TimeSpan.FromSeconds(60))))[0];
    }

    private static readonly Encounter[] Everybody =
        [.. Enumerable.Range(0, People).Select(person => EncounterOf(person, fingers: [1, 2, 3, 6, 7]))];

    /// <summary>What a partition would send of these candidates.</summary>
    private static byte[] Frame(IdentifyAnswer answer) => PartitionAnswerFrame.Encode(new PartitionAnswer
    {
        Partition = new PartitionId(0),
        Outcome = PartitionOutcome.Complete,
        IdentitiesHeld = 0,
        Results =
            [new SearchHits(true, true, [.. answer.Candidates.Select(c => new Hit(c.PersonId, c.Score, c.Details))])],
    });
}
