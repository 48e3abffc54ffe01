using System.Collections.Concurrent;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Partitions;

/// <summary>
/// A partition that met what nobody expects: it says so, loses nothing that it acked, and is opened again where that
/// may help.
/// </summary>
public sealed class PartitionRestartTests : IAsyncLifetime
{
    private readonly FaultyStore store = new(new MemoryGalleryStore(1));
    private readonly ScanThreads threads = new(1);
    private readonly HurriedClock clock = new();
    private readonly ConcurrentQueue<(Outage Reason, Exception? Cause)> stops = [];
    private readonly SemaphoreSlim reopened = new(0);
    private RestartingPartition partition = null!;

    private static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromSeconds(60));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await partition.DisposeAsync();
        threads.Dispose();
        await store.DisposeAsync();
        reopened.Dispose();
    }

    public static TheoryData<Exception> WhatCanBeThrown => [new InsufficientMemoryException(), new IOException("EIO"),
        new InvalidOperationException("a bug"), new StoreException("the line is dead")];

    [Theory]
    [MemberData(nameof(WhatCanBeThrown))]
    public async Task An_error_after_a_write_was_sent_stops_the_partition_and_it_is_opened_again(Exception error)
    {
        await StartAsync();
        await EnrolAsync(0);
        store.OnAppendSent = () =>
        {
            store.OnAppendSent = () => { };
            throw error;
        };

        WriteResult doubtful = await ApplyAsync(new Write.Create(EncounterOf(1)));
        Assert.True(doubtful.Outage?.MayRetry);
        await reopened.WaitAsync();

        Assert.Contains("has to be opened again", Assert.Single(stops).Reason.Reason, StringComparison.Ordinal);
        Assert.True((await ApplyAsync(new Write.Create(EncounterOf(1)))).IsApplied);
        Assert.Equal(2, (await SearchAsync()).IdentitiesSearched);
    }

    [Fact]
    public async Task Memory_that_runs_out_before_anything_was_sent_fails_the_write_and_nothing_else()
    {
        await StartAsync();
        await EnrolAsync(0);
        int appends = store.Appends;
        store.PersonFailure = new InsufficientMemoryException();
        WriteResult failed = await ApplyAsync(new Write.SetStatus(IdOf(0), "E1", EncounterStatus.Inactive));
        Assert.Equal(new Outage("memory is exhausted; nothing was written", MayRetry: true), failed.Outage);
        Assert.Equal(appends, store.Appends);

        store.PersonFailure = null;
        Assert.True((await ApplyAsync(new Write.SetStatus(IdOf(0), "E1", EncounterStatus.Inactive))).IsApplied);
        Assert.Empty(stops);
    }

    [Fact]
    public async Task Every_write_that_waited_when_it_stopped_is_answered()
    {
        await StartAsync();
        TaskCompletionSource gate = new();
        TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        store.AppendGate = gate.Task;
        store.OnAppendSent = () => sent.TrySetResult();
        Task<WriteResult> first = ApplyAsync(new Write.Create(EncounterOf(0)));
        await sent.Task;
        Task<WriteResult>[] behind =
            [.. Enumerable.Range(1, 20).Select(i => ApplyAsync(new Write.DeletePerson(IdOf(i))))];
        gate.SetException(new InsufficientMemoryException());

        Assert.True((await first).Outage?.MayRetry);
        Assert.All(await Task.WhenAll(behind), result => Assert.True(result.Outage?.MayRetry));
    }

    [Theory]
    [MemberData(nameof(WhatCanBeThrown))]
    public async Task An_error_while_it_loads_is_said_and_tried_again_after_longer_and_longer_pauses(Exception error)
    {
        store.LoadFailure = error;
        int tries = 0;
        await StartAsync(() =>
        {
            if (++tries == 8)
            {
                store.LoadFailure = null;
            }
        });

        await reopened.WaitAsync();
        await EnrolAsync(0);
        Assert.Equal(8, stops.Count);
        Assert.All(stops, stop => Assert.Same(error, stop.Cause));
        Assert.Equal([1, 2, 4, 8, 16, 30, 30, 30], clock.Pauses.Select(pause => pause.TotalSeconds));
    }

    [Fact]
    public async Task A_store_that_was_full_when_it_opened_is_used_as_soon_as_it_has_room()
    {
        store.RefuseEpoch = true;
        await StartAsync(() => store.RefuseEpoch = false);
        await reopened.WaitAsync();
        await EnrolAsync(0);
        Assert.Equal("the disk is gone", Assert.Single(stops).Reason.Reason);
    }

    [Fact]
    public async Task What_no_try_can_mend_stays_as_it_is_and_says_what_to_do()
    {
        store.LoadFailure = new StoreException(new Outage("damaged; restore a backup", MayRetry: false), "/a/path");
        await StartAsync();
        PartitionStatus status;
        do
        {
            status = await partition.StatusAsync(default);
        }
        while (status.State != PartitionState.Failed || stops.IsEmpty);

        Assert.Equal(
            "damaged; restore a backup; the server has to be started again once that is mended", status.Reason);
        PartitionAnswer answer = await SearchAsync();
        Assert.Equal((PartitionOutcome.Unavailable, null), (answer.Outcome, answer.RetryAfter));
        Assert.DoesNotContain("/a/path", answer.Reason, StringComparison.Ordinal);
        Assert.Empty(clock.Pauses);
        Assert.Single(stops);
    }

    [Fact]
    public async Task A_partition_that_somebody_else_opened_after_it_is_not_taken_back()
    {
        await StartAsync();
        await EnrolAsync(0);
        long other = await store.OpenEpochAsync(new PartitionId(0), default);

        WriteResult refused = await ApplyAsync(new Write.Create(EncounterOf(1)));
        Assert.Contains($"newer owner (epoch {other}", refused.Outage?.Reason, StringComparison.Ordinal);
        PartitionStatus status;
        do
        {
            status = await partition.StatusAsync(default);
        }
        while (status.State != PartitionState.Failed || stops.IsEmpty);

        Assert.EndsWith("the server has to be started again once that is mended", status.Reason);
        Assert.Empty(clock.Pauses);
        Assert.Single(stops);
        Assert.Equal(PartitionOutcome.Unavailable, (await SearchAsync()).Outcome);
        Assert.Equal(other + 1, await store.OpenEpochAsync(new PartitionId(0), default));
    }

    [Fact]
    public async Task A_store_that_lost_records_is_not_taken_for_whole()
    {
        await StartAsync();
        await EnrolAsync(0, 1, 2);
        store.Missing = IdOf(1);
        await partition.DisposeAsync();
        await StartAsync();
        await partition.Loading;

        PartitionStatus status = await partition.StatusAsync(default);
        Assert.Equal(PartitionState.Failed, status.State);
        Assert.StartsWith(
            "2 stored encounters were found where 3 were written: the store is damaged", status.Reason,
            StringComparison.Ordinal);
        Assert.Equal(3, (await SearchAsync()).IdentitiesHeld);
    }

    private Task StartAsync(Action? onStop = null)
    {
        partition = new RestartingPartition(
            () => new LocalPartition(new PartitionId(0), store, threads, clock, MemoryBudget.Unlimited), clock,
            (_, reason, cause) =>
            {
                stops.Enqueue((reason, cause));
                onStop?.Invoke();
            },
            _ =>
            {
                reopened.Release();
                return Task.CompletedTask;
            });
        return onStop is null ? partition.Loading : Task.CompletedTask;
    }

    private async Task<PartitionAnswer> SearchAsync() => await partition.SearchAsync(
        new([new Search { Probe = ProbeOf(0), Gallery = "G", MaxCandidates = 5, Threshold = 0 }]), Budget);

    private async Task<WriteResult> ApplyAsync(Write write) =>
        (await partition.ApplyAsync(new WriteBatch([write]), Budget)).Results[0];

    private async Task EnrolAsync(params int[] people)
    {
        WriteAck ack = await partition.ApplyAsync(
            new WriteBatch([.. people.Select(person => new Write.Create(EncounterOf(person)))]), Budget);
        Assert.All(ack.Results, result => Assert.True(result.IsApplied));
    }

    /// <summary>Pauses are over at once; how long they would have been is noted.</summary>
    private sealed class HurriedClock : TimeProvider
    {
        public ConcurrentQueue<TimeSpan> Pauses { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            // What repeats is no pause: the rounds that erase what has expired.
            if (period == Timeout.InfiniteTimeSpan)
            {
                Pauses.Enqueue(dueTime);
            }

            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
