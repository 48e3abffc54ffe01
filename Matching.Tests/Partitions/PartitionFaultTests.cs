using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Partitions;

/// <summary>A partition whose store, queue or time lets it down: nothing is claimed that is not so.</summary>
public sealed class PartitionFaultTests : IAsyncLifetime
{
    private readonly FaultyStore store = new(new MemoryGalleryStore(1));
    private readonly ScanThreads threads = new(1);
    private LocalPartition partition = null!;

    private static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromSeconds(60));

    public async Task InitializeAsync()
    {
        partition = Open();
        await partition.Loading;
    }

    public async Task DisposeAsync()
    {
        await partition.DisposeAsync();
        threads.Dispose();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task While_it_loads_it_says_how_far_and_searches_nothing()
    {
        await EnrolAsync(0, 1, 2);
        await partition.DisposeAsync();
        TaskCompletionSource gate = new();
        store.LoadGate = gate.Task;
        partition = Open();

        PartitionAnswer answer;
        do
        {
            answer = await SearchAsync();
        }
        while (answer.IdentitiesHeld != 3);
        WriteAck refused = await partition.ApplyAsync(new WriteBatch([new Write.Create(EncounterOf(3))]), Budget);

        Assert.Equal(PartitionOutcome.Unavailable, answer.Outcome);
        Assert.Equal("partition 0 is loading 0 of 3", answer.Reason);
        Assert.NotNull(answer.RetryAfter);
        Assert.True(refused.Results[0].Outage?.MayRetry);

        gate.SetResult();
        await partition.Loading;
        Assert.Equal(PartitionOutcome.Complete, (await SearchAsync()).Outcome);
    }

    [Fact]
    public async Task A_store_that_cannot_be_opened_leaves_a_partition_that_says_so()
    {
        store.RefuseEpoch = true;
        await partition.DisposeAsync();
        partition = Open();
        await partition.Loading;

        PartitionAnswer answer = await SearchAsync();
        Assert.Equal(PartitionOutcome.Unavailable, answer.Outcome);
        Assert.Contains("the disk is gone", answer.Reason);
        Assert.Equal(PartitionState.Failed, (await partition.StatusAsync(default)).State);
    }

    [Fact]
    public async Task An_unreadable_record_is_counted_and_the_rest_is_loaded()
    {
        await EnrolAsync(0, 1, 2);
        store.Damaged = IdOf(1);
        await partition.DisposeAsync();
        partition = Open();
        await partition.Loading;

        PartitionStatus status = await partition.StatusAsync(default);
        Assert.Equal((PartitionState.Ready, 2, 1), (status.State, status.Encounters, status.Unreadable));
    }

    [Fact]
    public async Task A_write_the_store_could_not_keep_is_not_acked_and_not_visible()
    {
        await EnrolAsync(0);
        store.OnAppend = () => new AppendResult(AppendOutcome.Failed, Outage: new Outage("disk full", MayRetry: true));
        WriteResult failed = await ApplyAsync(new Write.Create(EncounterOf(1)));
        Assert.Equal(new Outage("disk full", MayRetry: true), failed.Outage);
        Assert.Equal(1, (await SearchAsync()).IdentitiesHeld);

        store.OnAppend = () => null;
        Assert.True((await ApplyAsync(new Write.Create(EncounterOf(1)))).IsApplied);
        Assert.Equal(2, (await SearchAsync()).IdentitiesHeld);
    }

    [Fact]
    public async Task A_partition_with_a_newer_owner_acks_nothing_and_answers_no_search()
    {
        await EnrolAsync(0);
        await store.OpenEpochAsync(new PartitionId(0), default);
        WriteResult fenced = await ApplyAsync(new Write.Create(EncounterOf(1)));

        Assert.Contains("newer owner (epoch 2, ours 1)", fenced.Outage?.Reason);
        Assert.Equal(PartitionOutcome.Unavailable, (await SearchAsync()).Outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_of_unknown_outcome_stops_the_partition_until_it_is_opened_again(bool written)
    {
        await EnrolAsync(0);
        AppendResult unknown = new(AppendOutcome.Unknown, Outage: new Outage("the line is dead", MayRetry: true));
        store.OnAppend = () => written ? null : unknown;
        store.OnAnswer = _ => unknown;
        TaskCompletionSource gate = new();
        TaskCompletionSource began = new();
        store.AppendGate = gate.Task;
        store.OnAppendSent = () => began.TrySetResult();
        JournalMark mark = partition.Mark;

        Task<WriteResult> doubtful = ApplyAsync(new Write.Create(EncounterOf(1)));
        await began.Task;
        Task<WriteResult> behind = ApplyAsync(new Write.SetStatus(IdOf(0), "E1", EncounterStatus.Inactive));
        gate.SetResult();
        Outage? outage = (await doubtful).Outage;
        Assert.True(outage?.MayRetry);
        Assert.Contains("outcome is not known and has to be opened again: the line is dead", outage?.Reason);
        Assert.True((await behind).Outage?.MayRetry);
        Assert.Equal(2, store.Appends);

        PartitionAnswer answer = await SearchAsync();
        Assert.Equal((PartitionOutcome.Unavailable, true), (answer.Outcome, answer.RetryAfter is not null));
        Assert.Contains("the line is dead", answer.Reason);
        Assert.True(partition.HasFailed);
        Assert.True((await ApplyAsync(new Write.DeletePerson(IdOf(0)))).Outage?.MayRetry);
        await partition.DisposeAsync();
        Assert.Contains(IdOf(1), partition.ChangesSince(mark)!.Persons);
        Assert.Equal(mark, partition.Mark);

        store.OnAppend = () => null;
        store.OnAnswer = result => result;
        partition = Open();
        await partition.Loading;
        Assert.Equal(written ? 2 : 1, (await SearchAsync()).IdentitiesSearched);
        Assert.Equal(!written, (await ApplyAsync(new Write.Create(EncounterOf(1)))).IsApplied);
    }

    [Fact]
    public async Task A_full_search_queue_refuses_with_its_number_and_a_retry_after()
    {
        await EnrolAsync(0);
        using ManualResetEventSlim hold = new();
        Task held = threads.SearchAsync(_ => { hold.Wait(); return 0; });
        Task<PartitionAnswer>[] queued =
            [.. Enumerable.Range(0, Limits.QueuedBatchesPerPartition).Select(_ => SearchAsync())];

        PartitionAnswer refused = await SearchAsync();
        Assert.Equal(PartitionOutcome.Refused, refused.Outcome);
        Assert.Contains("1024 search batches waiting", refused.Reason);
        Assert.NotNull(refused.RetryAfter);

        hold.Set();
        await held;
        Assert.All(await Task.WhenAll(queued), answer => Assert.Equal(PartitionOutcome.Complete, answer.Outcome));
        Assert.Equal(PartitionOutcome.Complete, (await SearchAsync()).Outcome);
    }

    [Fact]
    public async Task A_full_write_queue_refuses_and_changes_nothing()
    {
        TaskCompletionSource gate = new();
        TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        store.AppendGate = gate.Task;
        store.OnAppendSent = () => sent.TrySetResult();
        List<Task<WriteResult>> waiting = [ApplyAsync(new Write.Create(EncounterOf(0)))];

        // The writer is held inside that one's append; what comes now waits in the queue.
        await sent.Task;
        WriteResult refused;
        do
        {
            waiting.Add(ApplyAsync(new Write.SetStatus("nobody", "E", EncounterStatus.Active)));
            refused = waiting[^1].IsCompleted ? await waiting[^1] : default;
        }
        while (refused.Refusal?.Kind != RefusalKind.Overloaded && waiting.Count < 20_000);

        Assert.Contains("4096 write batches waiting", refused.Refusal?.Reason);
        gate.SetResult();
        WriteResult[] all = await Task.WhenAll(waiting);
        Assert.Single(all, result => result.IsApplied);
    }

    [Fact]
    public async Task A_deadline_inside_the_scan_ends_it_and_the_answer_counts_what_was_seen()
    {
        await EnrolAsync([.. Enumerable.Range(0, 64)]);
        // Each look at this clock is a tick: the scan looks every eighth slot, the budget lasts five looks.
        TickingClock clock = new();
        SearchBudget budget = SearchBudget.Of(TimeSpan.FromTicks(5), clock, default);
        PartitionAnswer answer = await partition.SearchAsync(Ask(), budget);

        Assert.Equal(PartitionOutcome.Partial, answer.Outcome);
        Assert.InRange(answer.IdentitiesSearched, 8, 56);
        Assert.Equal(answer.IdentitiesSearched, answer.Comparisons);
        Assert.Contains($"after {answer.IdentitiesSearched} of 64 identities", answer.Reason);
        Assert.NotEmpty(answer.Results[0].Hits);
    }

    [Fact]
    public async Task A_caller_that_has_gone_stops_the_scan()
    {
        await EnrolAsync(0, 1);
        PartitionAnswer answer = await partition.SearchAsync(
            Ask(), SearchBudget.Of(TimeSpan.FromSeconds(60), new CancellationToken(canceled: true)));
        Assert.Equal((PartitionOutcome.Partial, 0), (answer.Outcome, answer.IdentitiesSearched));
    }

    private static SearchBatch Ask() =>
        new([new Search { Probe = ProbeOf(0), Gallery = "G", MaxCandidates = 5, Threshold = 0 }]);

    private LocalPartition Open() =>
        new(new PartitionId(0), store, threads, TimeProvider.System, MemoryBudget.Unlimited);

    private async Task<PartitionAnswer> SearchAsync() => await partition.SearchAsync(Ask(), Budget);

    private async Task<WriteResult> ApplyAsync(Write write) =>
        (await partition.ApplyAsync(new WriteBatch([write]), Budget)).Results[0];

    private async Task EnrolAsync(params int[] people)
    {
        WriteAck ack = await partition.ApplyAsync(
            new WriteBatch([.. people.Select(person => new Write.Create(EncounterOf(person)))]), Budget);
        Assert.All(ack.Results, result => Assert.True(result.IsApplied));
    }
}
