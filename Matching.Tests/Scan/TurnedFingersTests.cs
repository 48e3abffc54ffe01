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
/// Probes whose fingers were turned: who is found, at what price, and what is said of it.
/// </summary>
public sealed class TurnedFingersTests
{
    private const int People = 40;

    private static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromMinutes(1));

    [Fact]
    public async Task A_finalists_turned_finger_counts_is_flagged_and_is_the_same_in_any_partitioning()
    {
        IdentifyRequest request = new()
        {
            Probe = Turned(3, [1, 2, 7], [0, 2, 2]),
            Gallery = "G",
            Threshold = 0,
            MaxCandidates = People,
            Exhaustive = true,
        };
        byte[]? before = null;
        foreach (int partitions in (int[])[1, 3, 8])
        {
            IdentifyAnswer answer = await AskAsync(partitions, request);
            IdentifyAnswer thumb = await AskAsync(partitions, request with { Probe = ProbeOf(3, [1]) });

            Candidate best = answer.Candidates[0];
            Assert.Equal(IdOf(3), best.PersonId);
            Assert.True(best.Score > thumb.Candidates[0].Score, "turned fingers add to what the thumb says");
            Assert.Equal(
                [(1, null), (2, 180), (7, (int?)180)],
                best.Details.Select(detail => ((int)detail.ProbePosition.Finger, detail.Turn)));
            Assert.DoesNotContain(answer.Candidates.Skip(1), candidate => candidate.AreFingersTurned);
            Assert.Null(answer.Turns);

            byte[] bytes = Frame(answer);
            Assert.Equal(before ?? bytes, bytes);
            before = bytes;
        }
    }

    [Fact]
    public async Task Upright_fingers_score_as_if_nobody_had_looked_at_other_turns()
    {
        IdentifyRequest request = new()
        {
            Probe = ProbeOf(7, [1, 2, 6, 7]),
            Gallery = "G",
            Threshold = 0,
            MaxCandidates = 1,
        };

        Candidate plain = (await AskAsync(2, request)).Candidates[0];
        IdentifyAnswer full = await AskAsync(2, request with { Rotation = Rotation.Full });

        Assert.False(plain.AreFingersTurned);
        Assert.Equal(Fusion.Fuse([.. plain.Details.Select(detail => detail.Score)]), plain.Score, 0.011);
        Assert.Equal((plain.PersonId, plain.Score), (full.Candidates[0].PersonId, full.Candidates[0].Score));
        Assert.False(full.Candidates[0].AreFingersTurned);
        Assert.Equal([0, 90, 180, 270], full.Turns);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Full_rotation_finds_a_print_at_every_turn_and_takes_its_price(int quarters)
    {
        IdentifyRequest request = new()
        {
            Probe = Turned(9, [2], [quarters]),
            Gallery = "G",
            Threshold = 40,
            Rotation = Rotation.Full,
        };

        Candidate found = Assert.Single((await AskAsync(3, request)).Candidates);
        Candidate upright = Assert.Single((await AskAsync(3, request with { Probe = ProbeOf(9) })).Candidates);

        HitDetail detail = Assert.Single(found.Details);
        Assert.Equal((1, IdOf(9)), (found.Rank, found.PersonId));
        Assert.Equal(found.Score, detail.Score);
        if (quarters == 2)
        {
            Assert.Equal(180, detail.Turn);
            Assert.Equal(TurnedPrints.Score(upright.Score, quarters), found.Score);
            Assert.True(found.Fpir > upright.Fpir);
        }
        else
        {
            // Half of the minutiae lie inside the window of the next quarters too: generated prints are that good.
            Assert.InRange(found.Score, TurnedPrints.Score(upright.Score, quarters), upright.Score);
        }
    }

    [Fact]
    public async Task Two_fingers_turned_together_pay_once_and_a_finger_upright_among_them_is_seen()
    {
        IdentifyRequest request = new()
        {
            Probe = Turned(11, [1, 2, 7], [2, 2, 0]),
            Gallery = "G",
            Threshold = 40,
            Rotation = Rotation.Full,
        };

        Candidate found = Assert.Single((await AskAsync(1, request)).Candidates);

        // As sent finger 7 makes a finalist, turned the other two do; either way all three agree.
        Assert.Equal(
            [(1, 180), (2, 180), (7, (int?)null)],
            found.Details.Select(detail => ((int)detail.ProbePosition.Finger, detail.Turn)));
    }

    [Fact]
    public async Task A_search_that_found_nobody_is_made_again_upside_down_where_the_print_looks_so()
    {
        IdentifyRequest request = new() { Probe = Turned(13, [2, 7], [2, 2]), Gallery = "G", Threshold = 40 };

        IdentifyAnswer answer = await AskAsync(2, request);
        IdentifyAnswer upright = await AskAsync(2, request with { Probe = ProbeOf(13, [2, 7]) });

        Candidate found = Assert.Single(answer.Candidates);
        Assert.Equal(IdOf(13), found.PersonId);
        Assert.Equal(TurnedPrints.Score(upright.Candidates[0].Score, 2), found.Score);
        Assert.All(found.Details, detail => Assert.Equal(180, detail.Turn));
        Assert.Equal([0, 180], answer.Turns);
        Assert.Null(upright.Turns);
        Assert.True(answer.Comparisons > upright.Comparisons);
    }

    [Fact]
    public async Task Nobody_is_searched_again_who_looks_upright_or_was_found_or_brings_no_finger()
    {
        IdentifyRequest stranger = new() { Probe = ProbeOf(People + 1, [2, 7]), Gallery = "G", Threshold = 40 };
        IdentifyRequest upsideDown = stranger with { Probe = Turned(People + 1, [2, 7], [2, 2]) };

        Assert.Null((await AskAsync(2, stranger)).Turns);
        IdentifyAnswer retried = await AskAsync(2, upsideDown);
        Assert.Equal([0, 180], retried.Turns);
        Assert.Empty(retried.Candidates);
        Assert.True(retried.Coverage.IsComplete);
        Assert.Null((await AskAsync(2, upsideDown with { Threshold = 0 })).Turns);
        IdentifyAnswer irises = await AskAsync(2, upsideDown with
        {
            Filter = new SearchFilter { Modalities = [Modality.Iris] },
            Rotation = Rotation.Full,
        });
        Assert.Null(irises.Turns);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_comparison_of_two_looks_at_every_turn_and_strangers_stay_strangers(int quarters)
    {
        IReadOnlyList<Sample> reference = Samples(11, [2], [], 0);

        VerifyAnswer own = PairComparison.Compare(Turned(11, [2], [quarters]), reference, 40, Budget).Value!;
        VerifyAnswer other = PairComparison.Compare(Turned(12, [2], [quarters]), reference, 40, Budget).Value!;

        Assert.True(own.Decision);
        int? turn = Assert.Single(own.Details).Turn;
        Assert.True(quarters % 2 == 1 || turn == (quarters == 0 ? null : 180), $"turned by {turn}");
        Assert.False(other.Decision);
        Assert.Null(Assert.Single(other.Details).Turn);
    }

    [Fact]
    public void A_person_who_would_cost_more_than_the_limit_is_scored_as_sent()
    {
        GalleryTable table = new(MemoryBudget.Unlimited);
        EncounterRows rows = EncounterRows.Build(Samples(13, [1, 2], [], 0)).Value!;
        int encounters = (TurnedFingers.MostComparisons / 3) + 1;
        table.Apply([.. Enumerable.Range(0, encounters).Select(i =>
            new TableChange(IdOf(13), $"E{i}", EncounterOf(13, $"E{i}"), rows))]);
        Probe probe = Turned(13, [1, 2], [0, 2]);

        Hit many = Scan(table, probe);
        table.Apply([new TableChange(IdOf(13), "E1")]);
        Hit fewer = Scan(table, probe);

        Assert.DoesNotContain(many.Details, detail => detail.Turn is not null);
        Assert.Contains(fewer.Details, detail => detail.Turn == 180);
        Assert.True(fewer.Score > many.Score);
    }

    [Fact]
    public async Task A_full_batch_of_searches_at_every_turn_is_answered_line_by_line()
    {
        IdentifyRequest[] requests =
        [
            .. Enumerable.Range(0, Limits.SearchesPerBatch).Select(i => new IdentifyRequest
            {
                Probe = Turned(i % 5, [2], [i % 4]),
                Gallery = "G",
                Threshold = 40,
                Rotation = Rotation.Full,
                SwappedHands = i % 2 == 0,
            }),
        ];

        IReadOnlyList<IdentifyAnswer> answers = await AskAsync(2, requests);

        Assert.Equal(
            Enumerable.Range(0, requests.Length).Select(i => IdOf(i % 5)),
            answers.Select(answer => Assert.Single(answer.Candidates).PersonId));
    }

    private static Hit Scan(GalleryTable table, Probe probe)
    {
        Search search = new() { Probe = probe, Gallery = "G", Threshold = 0, MaxCandidates = 1 };
        return PartitionScan.Run(
            new SearchBatch([search]), table.Snapshot, table, Budget, new ScanScratch()).Results[0].Hits[0];
    }

    /// <summary>A person's fingers, each turned by quarters of a turn.</summary>
    private static Probe Turned(int person, int[] fingers, int[] quarters) => new(
        [
            .. ProbeOf(person, fingers).Fingers.Select((finger, i) =>
                finger with { Template = finger.Template.Turned(quarters[i]) }),
        ],
        []);

    private static async Task<IdentifyAnswer> AskAsync(int partitions, IdentifyRequest request) =>
        (await AskAsync(partitions, [request]))[0];

    private static async Task<IReadOnlyList<IdentifyAnswer>> AskAsync(int partitions, IdentifyRequest[] requests)
    {
        await using MemoryGalleryStore store = new(partitions);
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 2 });
        await engine.Loaded;
        Write[] writes = [.. Everybody.Select(person => new Write.Create(person))];
        await new EncounterRoot(engine).ApplyAsync(writes, Budget);
        return await new SearchRoot(engine, TimeProvider.System).IdentifyAsync(requests, Budget);
    }

    private static readonly Encounter[] Everybody =
        [.. Enumerable.Range(0, People).Select(person => EncounterOf(person, fingers: [1, 2, 6, 7]))];

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
