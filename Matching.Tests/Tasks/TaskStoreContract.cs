using System.Security.Cryptography;
using System.Text;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Subscriptions;
using MatchCluster.Matching.Tasks;

namespace MatchCluster.Matching.Tests.Tasks;

/// <summary>What every store of tasks does; the cluster's is tested by it too.</summary>
public static class TaskStoreContract
{
    /// <summary>Limits that the store under test is opened with.</summary>
    public static readonly TaskLimits Limits = new(60, 100_000) { PartnerPercent = 50 };

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task HoldsAsync(ITaskStore store)
    {
        await NotesAsync(store);
        await KeepsAsync(store);
        await LeasesAsync(store);
        await OrdersAsync(store);
        await WritesPartsAsync(store);
        await DeliversAsync(store);
        await TakesOneOfManyAsync(store);
        await PurgesAsync(store);
        await RefusesWhenFullAsync(store);
        await RefusesWhoTakesAllAsync(store);
    }

    public static TaskRecord Some(
        string kind, string? transaction = null, string request = "asked", int priority = 0, string partner = "a",
        double at = 0)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(request);
        return TaskRecord.Make(kind, partner, transaction, SHA256.HashData(bytes), bytes, priority, At(at));
    }

    public static DateTimeOffset At(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    /// <summary>A task of "kind" whose bytes are damaged is never given out, and holds up no other one.</summary>
    public static async Task HandsOutOthersAsync(ITaskStore store, TaskRecord broken)
    {
        TaskRecord good = Some(broken.Kind, "good", at: 0.5);
        await store.PutAsync(good, default);
        Assert.Equal([good.Id], (await ClaimAsync(1)).Select(task => task.Id));
        Assert.True(await store.SaveAsync(
            good.Id, 1, new TaskChange(At(2)) { State = TaskState.Done, Releases = true }, null, default));

        // Alone it is said, once in each lease.
        await Assert.ThrowsAsync<StoreException>(() => ClaimAsync(20));
        Assert.Empty(await ClaimAsync(21));

        async Task<IReadOnlyList<TaskRecord>> ClaimAsync(double at) => await store.ClaimAsync(
            new TaskClaim(TaskPhase.Execute, [broken.Kind], "worker", At(at), At(at + 15), 4), default);
    }

    /// <summary>Subscriptions keep notes under names of their own in such a store.</summary>
    private static async Task NotesAsync(ITaskStore store)
    {
        StandingClock clock = new() { Now = Start };
        SubscriptionBook book = new(store, clock);
        EnrolmentNote first = new("a", "border", Start);
        Assert.Null(await book.EnrolmentOfAsync("P", "E", default));
        await book.NoteEnrolmentAsync("P", "E", first, default);
        await book.NoteEnrolmentAsync("P", "E2", first, default);
        Assert.Equal(first, await book.EnrolmentOfAsync("P", "E", default));
        Assert.Null(await book.EnrolmentOfAsync("PE", "", default));

        // Whoever brings it again takes the place, and it is kept for as long again.
        clock.Now = Start.AddDays(1);
        await book.NoteEnrolmentAsync("P", "E", first with { Partner = "b" }, default);
        Assert.Equal("b", (await book.EnrolmentOfAsync("P", "E", default))!.Partner);
        Assert.Equal(1, await book.PurgeEnrolmentsAsync(Start.AddHours(1), 10, default));
        Assert.Null(await book.EnrolmentOfAsync("P", "E2", default));
        Assert.Equal(1, await book.PurgeEnrolmentsAsync(Start.AddDays(2), 10, default));
        Assert.Null(await book.EnrolmentOfAsync("P", "E", default));
    }

    private static async Task KeepsAsync(ITaskStore store)
    {
        TaskRecord task = Some("keep", "t1") with { Progress = new byte[] { 1, 2, 3 } };
        Assert.Equal(new TaskPut(TaskPutOutcome.Created, task.Id), await store.PutAsync(task, default));

        TaskRecord? read = await store.ReadAsync(task.Id, default);
        Assert.NotNull(read);
        Assert.Equal("asked", Encoding.UTF8.GetString(read.Request.Span));
        Assert.Equal([1, 2, 3], read.Progress.ToArray());
        Assert.Equal(task.Digest.ToArray(), read.Digest.ToArray());
        Assert.Equal(
            (task.Kind, task.Partner, task.Transaction, task.Created, task.Due, TaskState.Waiting, 0L),
            (read.Kind, read.Partner, read.Transaction, read.Created, read.Due, read.State, read.Epoch));
        Assert.Null(await store.ReadAsync("00000000-0000-0000-0000-000000000000", default));
        TaskRecord? noted = await store.ReadNotesAsync(task.Id, default);
        Assert.NotNull(noted);
        Assert.Equal([1, 2, 3], noted.Progress.ToArray());
        Assert.Equal(
            (0, 0, task.Kind, task.Created), (noted.Request.Length, noted.Result.Length, noted.Kind, noted.Created));
        Assert.Null(await store.ReadNotesAsync("00000000-0000-0000-0000-000000000000", default));

        // The transaction is the partner's and the kind's; the first request of it counts.
        Assert.Equal(new TaskPut(TaskPutOutcome.Same, task.Id), await store.PutAsync(Some("keep", "t1"), default));
        Assert.Equal(
            new TaskPut(TaskPutOutcome.Conflict, task.Id), await store.PutAsync(Some("keep", "t1", "other"), default));
        TaskRecord foreign = Some("keep", "t1", "other", partner: "b");
        Assert.Equal(TaskPutOutcome.Created, (await store.PutAsync(foreign, default)).Outcome);
        TaskRecord without = Some("keep");
        Assert.Equal(TaskPutOutcome.Created, (await store.PutAsync(without, default)).Outcome);

        IReadOnlyList<TaskRecord> own = await store.ListAsync(new TaskQuery("a", ["keep"]), default);
        Assert.Equal(new[] { task.Id, without.Id }.Order(StringComparer.Ordinal), own.Select(it => it.Id));
        Assert.All(own, it => Assert.Equal(0, it.Request.Length));
        Assert.Equal(3, (await store.CountAsync(default))[("keep", TaskState.Waiting)]);
        IReadOnlyList<TaskRecord> page = await store.ListAsync(new TaskQuery(null, ["keep"], Most: 2), default);
        Assert.Equal(2, page.Count);
        IReadOnlyList<TaskRecord> rest = await store.ListAsync(
            new TaskQuery(null, ["keep"], [TaskState.Waiting], After: page[1].Id), default);
        Assert.Single(rest);
        Assert.Empty(await store.ListAsync(new TaskQuery(null, ["keep"], [TaskState.Done]), default));

        foreach (TaskRecord each in (TaskRecord[])[task, foreign, without])
        {
            Assert.True(await store.DeleteAsync(each.Id, default));
        }

        Assert.False(await store.DeleteAsync(task.Id, default));
        TaskRecord again = Some("keep", "t1", "new");
        Assert.Equal(TaskPutOutcome.Created, (await store.PutAsync(again, default)).Outcome);
        Assert.True(await store.DeleteAsync(again.Id, default));
        Assert.DoesNotContain(await store.CountAsync(default), it => it.Key.Kind == "keep");
    }

    private static async Task LeasesAsync(ITaskStore store)
    {
        TaskRecord task = Some("lease");
        await store.PutAsync(task, default);
        Assert.Empty(await ClaimAsync(store, "lease", "one", -1));
        Assert.Empty(await ClaimAsync(store, "other", "one", 1));
        TaskRecord first = Assert.Single(await ClaimAsync(store, "lease", "one", 1));
        Assert.Equal((1L, "one", At(11)), (first.Epoch, first.Owner, first.LeasedUntil));
        Assert.Equal("asked", Encoding.UTF8.GetString(first.Request.Span));
        Assert.Empty(await ClaimAsync(store, "lease", "two", 10));
        Assert.True(await store.RenewAsync(task.Id, 1, At(20), default));
        Assert.Empty(await ClaimAsync(store, "lease", "two", 19));

        // The owner is silent: another one takes it over, and what the first one writes is refused.
        Assert.Equal(2, Assert.Single(await ClaimAsync(store, "lease", "two", 21)).Epoch);
        Assert.False(await store.RenewAsync(task.Id, 1, At(99), default));
        Assert.False(await store.SaveAsync(
            task.Id, 1, new TaskChange(At(22)) { State = TaskState.Done }, null, default));
        Assert.True(await store.SaveAsync(
            task.Id, 2, new TaskChange(At(22)) { Progress = new byte[] { 7 }, Due = At(50), Releases = true }, null,
            default));
        Assert.False(await store.RenewAsync(task.Id, 2, At(99), default));
        Assert.Empty(await ClaimAsync(store, "lease", "one", 49));
        TaskRecord third = Assert.Single(await ClaimAsync(store, "lease", "one", 50));
        Assert.Equal(3, third.Epoch);
        Assert.Equal([7], third.Progress.ToArray());

        // Who works at it loses it where somebody else decides about it.
        Assert.False(await store.ControlAsync(
            task.Id, [TaskState.Paused], new TaskChange(At(51)) { State = TaskState.Waiting }, default));
        Assert.True(await store.ControlAsync(
            task.Id, [TaskState.Waiting], new TaskChange(At(51)) { State = TaskState.Paused }, default));
        Assert.False(await store.SaveAsync(task.Id, 3, new TaskChange(At(52)), null, default));
        Assert.Empty(await ClaimAsync(store, "lease", "one", 1000));
        Assert.True(await store.ControlAsync(
            task.Id, [TaskState.Paused], new TaskChange(At(53)) { State = TaskState.Waiting }, default));
        Assert.Equal(5, Assert.Single(await ClaimAsync(store, "lease", "one", 53)).Epoch - 1);
        Assert.True(await store.DeleteAsync(task.Id, default));
        Assert.False(await store.SaveAsync(task.Id, 6, new TaskChange(At(54)), null, default));
    }

    private static async Task OrdersAsync(ITaskStore store)
    {
        TaskRecord[] tasks =
        [
            Some("order", priority: 0, at: 1), Some("order", priority: 5, at: 3), Some("order", priority: 5, at: 2),
            Some("order", priority: 9, at: 4), Some("order2", priority: 5, at: 1),
        ];
        foreach (TaskRecord task in tasks)
        {
            await store.PutAsync(task, default);
        }

        IReadOnlyList<TaskRecord> claimed = await store.ClaimAsync(
            new TaskClaim(TaskPhase.Execute, ["order", "order2"], "one", At(10), At(20), 4), default);
        Assert.Equal(
            [tasks[3].Id, tasks[4].Id, tasks[2].Id, tasks[1].Id], claimed.Select(task => task.Id));
        Assert.Equal(tasks[0].Id, Assert.Single(await ClaimAsync(store, "order", "two", 11)).Id);
        foreach (TaskRecord task in tasks)
        {
            await store.DeleteAsync(task.Id, default);
        }
    }

    private static async Task WritesPartsAsync(ITaskStore store)
    {
        TaskRecord task = Some("parts");
        await store.PutAsync(task, default);
        await ClaimAsync(store, "parts", "one", 0);
        Assert.True(await store.SaveAsync(
            task.Id, 1, new TaskChange(At(1)) { Progress = new byte[] { 1 } }, new TaskPart(0, new byte[] { 10 }),
            default));
        Assert.True(await store.SaveAsync(
            task.Id, 1, new TaskChange(At(1)) { Progress = new byte[] { 2 } }, new TaskPart(1, new byte[] { 11 }),
            default));
        Assert.True(await store.SaveAsync(
            task.Id, 1, new TaskChange(At(1)), new TaskPart(1, new byte[] { 12 }), default));
        Assert.False(await store.SaveAsync(
            task.Id, 9, new TaskChange(At(1)) { Progress = new byte[] { 9 } }, new TaskPart(2, new byte[] { 9 }),
            default));
        await Assert.ThrowsAsync<ArgumentException>(() => store.SaveAsync(
            task.Id, 1, new TaskChange(At(1)) { Progress = new byte[] { 9 } }, new TaskPart(3, new byte[] { 9 }),
            default).AsTask());
        TaskRecord? read = await store.ReadAsync(task.Id, default);
        Assert.Equal(2, read!.Parts);
        Assert.Equal([2], read.Progress.ToArray());
        Assert.Equal([10], await store.ReadPartAsync(task.Id, 0, default));
        Assert.Equal([12], await store.ReadPartAsync(task.Id, 1, default));
        Assert.Null(await store.ReadPartAsync(task.Id, 2, default));
        Assert.True(await store.DeleteAsync(task.Id, default));
        Assert.Null(await store.ReadPartAsync(task.Id, 0, default));
    }

    private static async Task DeliversAsync(ITaskStore store)
    {
        TaskRecord task = Some("deliver");
        await store.PutAsync(task, default);
        await ClaimAsync(store, "deliver", "one", 0);
        Assert.True(await store.SaveAsync(
            task.Id, 1,
            new TaskChange(At(1))
            {
                State = TaskState.Scheduled,
                Due = At(1),
                ErasesRequest = true,
                Result = Encoding.UTF8.GetBytes("found"),
                ResultType = "application/json",
                Releases = true,
            },
            null, default));
        Assert.Empty(await ClaimAsync(store, "deliver", "one", 2));
        TaskRecord sent = Assert.Single(await ClaimAsync(store, "deliver", "two", 2, TaskPhase.Deliver));
        Assert.Equal((0, "found", "application/json", 2L),
            (sent.Request.Length, Encoding.UTF8.GetString(sent.Result.Span), sent.ResultType, sent.Epoch));
        Assert.True(await store.SaveAsync(
            task.Id, 2,
            new TaskChange(At(3)) { State = TaskState.Retrying, Attempts = 1, Due = At(30), Releases = true }, null,
            default));
        Assert.Empty(await ClaimAsync(store, "deliver", "two", 29, TaskPhase.Deliver));
        TaskRecord again = Assert.Single(await ClaimAsync(store, "deliver", "two", 30, TaskPhase.Deliver));
        Assert.Equal(1, again.Attempts);
        Assert.True(await store.SaveAsync(
            task.Id, 3,
            new TaskChange(At(31)) { State = TaskState.Done, Result = ReadOnlyMemory<byte>.Empty, Releases = true },
            null, default));
        TaskRecord? done = await store.ReadAsync(task.Id, default);
        Assert.Equal((TaskState.Done, 0), (done!.State, done.Result.Length));
        Assert.Empty(await ClaimAsync(store, "deliver", "two", 999, TaskPhase.Deliver));
        await store.DeleteAsync(task.Id, default);
    }

    private static async Task TakesOneOfManyAsync(ITaskStore store)
    {
        TaskPut[] puts = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            _ => Task.Run(async () => await store.PutAsync(Some("many", "same"), default))));
        Assert.Single(puts, put => put.Outcome == TaskPutOutcome.Created);
        Assert.Equal(49, puts.Count(put => put.Outcome == TaskPutOutcome.Same));
        Assert.Single(puts.Select(put => put.Id).Distinct());

        IReadOnlyList<TaskRecord>[] claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            i => Task.Run(async () => await ClaimAsync(store, "many", $"worker{i}", 1))));
        Assert.Single(claims.SelectMany(claim => claim));
        await store.DeleteAsync(puts[0].Id, default);
    }

    private static async Task PurgesAsync(ITaskStore store)
    {
        TaskState[] states = Enum.GetValues<TaskState>();
        List<TaskRecord> tasks = [];
        foreach (TaskState state in states)
        {
            TaskRecord task = Some("purge", $"p{state}");
            await store.PutAsync(task, default);
            Assert.True(await store.ControlAsync(
                task.Id, [TaskState.Waiting], new TaskChange(At(5)) { State = state }, default));
            tasks.Add(task);
        }

        Assert.Equal(0, await store.PurgeAsync(At(5), 100, default));
        Assert.Equal(1, await store.PurgeAsync(At(6), 1, default));
        Assert.Equal(3, await store.PurgeAsync(At(6), 100, default));
        IReadOnlyList<TaskRecord> left = await store.ListAsync(new TaskQuery(null, ["purge"]), default);
        Assert.Equal(
            states.Where(state => !TaskStates.IsEnded(state)).Order(), left.Select(task => task.State).Order());
        foreach (TaskRecord task in left)
        {
            await store.DeleteAsync(task.Id, default);
        }
    }

    private static async Task RefusesWhenFullAsync(ITaskStore store)
    {
        List<string> ids = [];
        for (int i = 0; i < Limits.Tasks; i++)
        {
            TaskRecord task = Some("full", $"f{i}", partner: "");
            Assert.Equal(TaskPutOutcome.Created, (await store.PutAsync(task, default)).Outcome);
            ids.Add(task.Id);
        }

        Assert.Equal(TaskPutOutcome.Full, (await store.PutAsync(Some("full", "more"), default)).Outcome);
        TaskRecord again = Some("full", "f0", partner: "");
        Assert.Equal(TaskPutOutcome.Same, (await store.PutAsync(again, default)).Outcome);
        Assert.True(await store.ControlAsync(
            ids[0], [TaskState.Waiting], new TaskChange(At(1)) { State = TaskState.Done }, default));
        TaskRecord large = Some("full", "large", new string('x', (int)Limits.Bytes));
        Assert.Equal(TaskPutOutcome.Full, (await store.PutAsync(large, default)).Outcome);
        TaskRecord last = Some("full", "more");
        Assert.Equal(TaskPutOutcome.Created, (await store.PutAsync(last, default)).Outcome);
        foreach (string id in (string[])[.. ids, last.Id])
        {
            Assert.True(await store.DeleteAsync(id, default));
        }

        Assert.Empty(await store.CountAsync(default));
    }

    /// <summary>Half of the tasks and half of the bytes is what one partner gets; others go on.</summary>
    private static async Task RefusesWhoTakesAllAsync(ITaskStore store)
    {
        List<string> ids = [];
        for (int i = 0; i < Limits.Tasks / 2; i++)
        {
            TaskRecord task = Some("share", $"s{i}");
            Assert.Equal(TaskPutOutcome.Created, (await store.PutAsync(task, default)).Outcome);
            ids.Add(task.Id);
        }

        await IsAsync(TaskPutOutcome.PartnerFull, Some("share", "more"));
        await IsAsync(TaskPutOutcome.Same, Some("share", "s0"));
        await IsAsync(TaskPutOutcome.Created, Some("share", "more", partner: "b"));
        TaskRecord claimed = Assert.Single(await store.ClaimAsync(
            new TaskClaim(TaskPhase.Execute, ["share"], "one", At(1), At(9)), default));
        Assert.True(await store.SaveAsync(
            claimed.Id, claimed.Epoch,
            new TaskChange(At(2)) { State = TaskState.Dead, Result = new byte[30_000], Releases = true },
            null, default));
        await IsAsync(TaskPutOutcome.PartnerFull, Some("share", "large", new string('x', 25_000)));
        await IsAsync(TaskPutOutcome.Created, Some("share", "large", new string('x', 25_000), partner: "b"));
        await IsAsync(TaskPutOutcome.Created, Some("share", "more"));
        await IsAsync(TaskPutOutcome.PartnerFull, Some("share", "yet another"));

        // A dead letter that is sent again is open again, and takes nothing from others.
        Assert.True(await store.ControlAsync(
            claimed.Id, [TaskState.Dead], new TaskChange(At(3)) { State = TaskState.Retrying }, default));
        foreach (string partner in (string[])["a", "b"])
        {
            foreach (TaskRecord each in await store.ListAsync(new TaskQuery(partner, ["share"]), default))
            {
                Assert.True(await store.DeleteAsync(each.Id, default));
            }
        }

        TaskRecord whole = Some("share", "whole", new string('x', 45_000));
        await IsAsync(TaskPutOutcome.Created, whole);
        Assert.True(await store.DeleteAsync(whole.Id, default));
        Assert.Empty(await store.CountAsync(default));

        async Task IsAsync(TaskPutOutcome outcome, TaskRecord task) =>
            Assert.Equal(outcome, (await store.PutAsync(task, default)).Outcome);
    }

    private static async Task<IReadOnlyList<TaskRecord>> ClaimAsync(
        ITaskStore store, string kind, string owner, double at, TaskPhase phase = TaskPhase.Execute) =>
        await store.ClaimAsync(new TaskClaim(phase, [kind], owner, At(at), At(at + 10)), default);

    private sealed class StandingClock : TimeProvider
    {
        public required DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
