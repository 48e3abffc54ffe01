using System.Globalization;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Starting;

namespace MatchCluster.Matching.Tests.Starting;

/// <summary>The search that a process makes before it answers anybody.</summary>
public sealed class SelfSearchTests
{
    /// <summary>One round: the answers are the same in each.</summary>
    private static readonly SelfSearchSettings OneRound = new()
    {
        Phases = 1,
        RoundsAPhase = 1,
        Quiet = TimeSpan.Zero,
        Longest = TimeSpan.MaxValue,
    };

    [Fact]
    public async Task Every_known_answer_is_found_at_this_level()
    {
        SelfSearchReport report = await SelfSearch.RunAsync(OneRound, CancellationToken.None);
        Assert.Equal(2 * KnownSearch.All.Count, report.Searches);
    }

    [Fact]
    public async Task It_searches_in_phases_and_begins_only_the_first_after_its_time()
    {
        SelfSearchReport report = await SelfSearch.RunAsync(
            OneRound with { Phases = 2, RoundsAPhase = 2 }, CancellationToken.None);
        Assert.Equal(2 * 2 * 2 * KnownSearch.All.Count, report.Searches);
        report = await SelfSearch.RunAsync(
            OneRound with { Phases = 2, Longest = TimeSpan.FromTicks(1), Clock = new TickingClock() },
            CancellationToken.None);
        Assert.Equal(2 * KnownSearch.All.Count, report.Searches);
    }

    [Fact]
    public async Task It_goes_by_the_sample_of_eyes_and_by_the_first_stage_of_fingers()
    {
        List<SearchHits> answered = [];
        await RunAsync(hits =>
        {
            answered.Add(hits);
            return hits;
        });
        Assert.Contains(answered, hits => hits.SampledEyes > 0);
        Assert.Contains(
            answered, hits => hits.SampledEyes is null or 0
                && hits.FirstStage is { } stage && stage.Passed < stage.Encounters);
        Assert.Contains(answered, hits => hits.FirstStage is null && hits.Hits.Count > 1);
    }

    [Theory]
    [InlineData("one finger", 1.0 / 65536)]
    [InlineData("one eye", 1.0 / 2048)]
    [InlineData("two eyes without a threshold", -1.0 / 2048)]
    public async Task A_kernel_that_is_wrong_by_one_is_found(string search, double by)
    {
        SelfSearchException wrong = await Assert.ThrowsAsync<SelfSearchException>(() => RunAsync(hits => hits with
        {
            Hits = [.. hits.Hits.Select(hit => hit with
            {
                Details = [.. hit.Details.Select(detail => detail with { Raw = detail.Raw + by })],
            })],
        }));
        Assert.Contains($" {search}: found (", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("wanted (", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("does not compute as the engine was tested", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_score_that_is_wrong_is_found()
    {
        SelfSearchException wrong = await Assert.ThrowsAsync<SelfSearchException>(() => RunAsync(hits => hits with
        {
            Hits = [.. hits.Hits.Select(hit => hit with { Score = hit.Score - 0.05 })],
        }));
        string found = KnownSearch.All.First(known => known.Wanted.Length > 0).Wanted[0].Score
            .ToString("F2", CultureInfo.InvariantCulture);
        Assert.Contains(found, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_found_where_somebody_is_enrolled_is_found()
    {
        SelfSearchException wrong =
            await Assert.ThrowsAsync<SelfSearchException>(() => RunAsync(hits => hits with { Hits = [] }));
        int mated = KnownSearch.All.Count(known => known.Wanted.Length > 0);
        Assert.Contains($"{mated} of {KnownSearch.All.Count} searches", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("found nobody, wanted (", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stranger_who_is_found_is_found()
    {
        Hit? somebody = null;
        SelfSearchException wrong = await Assert.ThrowsAsync<SelfSearchException>(() => RunAsync(hits =>
        {
            somebody ??= hits.Hits[0];
            return hits.Hits.Count > 0 ? hits : hits with { Hits = [somebody] };
        }));
        Assert.Contains("of somebody else: found (", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("wanted nobody", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_not_complete_says_why()
    {
        SelfSearchException wrong = await Assert.ThrowsAsync<SelfSearchException>(() => SelfSearch.RunAsync(
            OneRound, KnownSearch.All,
            engine => new SeenDirectory(engine, answer => answer with
            {
                Outcome = PartitionOutcome.Unavailable,
                Reason = "its thread ended",
                Results = [],
            }),
            CancellationToken.None));
        Assert.Contains("its thread ended", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_where_the_start_is_given_up()
    {
        using CancellationTokenSource given = new();
        int answers = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SelfSearch.RunAsync(
            new SelfSearchSettings { RoundsAPhase = int.MaxValue }, KnownSearch.All,
            engine => new SeenDirectory(engine, answer =>
            {
                if (++answers == 3)
                {
                    given.Cancel();
                }

                return answer;
            }),
            given.Token));
        Assert.InRange(answers, 3, 4);
    }

    private static Task<SelfSearchReport> RunAsync(Func<SearchHits, SearchHits> kernel) => SelfSearch.RunAsync(
        OneRound, KnownSearch.All,
        engine => new SeenDirectory(
            engine, answer => answer with { Results = [.. answer.Results.Select(kernel)] }),
        CancellationToken.None);

    /// <summary>An engine whose answers are seen as a test makes them.</summary>
    private sealed class SeenDirectory(IPartitionDirectory engine, Func<PartitionAnswer, PartitionAnswer> seen)
        : IPartitionDirectory
    {
        public IReadOnlyList<IPartition> All { get; } =
            [.. engine.All.Select(partition => new SeenPartition(partition, seen))];
    }

    private sealed class SeenPartition(IPartition partition, Func<PartitionAnswer, PartitionAnswer> seen) : IPartition
    {
        public PartitionId Id => partition.Id;

        public async ValueTask<PartitionAnswer> SearchAsync(SearchBatch batch, SearchBudget budget) =>
            seen(await partition.SearchAsync(batch, budget));

        public ValueTask<WriteAck> ApplyAsync(WriteBatch writes, SearchBudget budget) =>
            partition.ApplyAsync(writes, budget);

        public ValueTask<ReadAnswer> ReadAsync(ReadQuery query, SearchBudget budget) =>
            partition.ReadAsync(query, budget);

        public ValueTask<PartitionStatus> StatusAsync(CancellationToken cancel) => partition.StatusAsync(cancel);
    }
}
