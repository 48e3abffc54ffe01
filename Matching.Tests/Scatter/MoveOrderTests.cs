using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using static MatchCluster.Matching.Tests.Scatter.MoveWorld;

namespace MatchCluster.Matching.Tests.Scatter;

/// <summary>
/// Changes of persons at the same time: whatever comes out, one after the other in some order would have given the same
/// answers and the same end; a conflict changes nothing.
/// </summary>
public sealed class MoveOrderTests
{
    private const int Seed = 7_31;

    [Fact]
    public async Task Opposite_merges_that_have_both_begun_end_with_one_winner()
    {
        int marked = 0;
        TaskCompletionSource both = new();
        await using MoveWorld world = await OpenAsync(partition => new SlowPartition(partition, async batch =>
        {
            if (batch.Writes[0] is Write.Arrive)
            {
                await both.Task;
            }
        }, batch =>
        {
            if (batch.Writes[0] is Write.Leave && ++marked == 2)
            {
                both.TrySetResult();
            }
        }));

        WriteResult[] results = await Task.WhenAll(
            world.DoAsync(new Change.Merge(A, B)).AsTask(), world.DoAsync(new Change.Merge(B, A)).AsTask());

        Assert.Single(results, result => result.IsApplied);
        Assert.Single(results, result => result.Refusal?.Kind is RefusalKind.Unknown or RefusalKind.Conflict);
        Assert.Contains(await world.SettledAsync(), new[]
        {
            $"{A}:a1,a2,b {C}:c {D}:d", $"{B}:a1,a2,b {C}:c {D}:d",
        });
    }

    [Fact]
    public async Task A_move_that_is_decided_counts_for_its_target_alone_and_its_source_cannot_be_changed()
    {
        TaskCompletionSource arrived = new();
        TaskCompletionSource goOn = new();
        await using MoveWorld world = await OpenAsync(partition => new SlowPartition(partition, async batch =>
        {
            if (batch.Writes[0] is Write.EndMove { Keep: false } && !goOn.Task.IsCompleted)
            {
                arrived.TrySetResult();
                await goOn.Task;
            }
        }));
        Task<WriteResult> merge = world.DoAsync(new Change.Merge(B, A)).AsTask();
        await arrived.Task;

        Assert.Equal($"{B}:a1,a2,b {C}:c {D}:d", await world.ReadAsync());
        IReadOnlyList<WriteResult> held = await world.Root.ApplyAsync(
            [new Write.SetStatus(A, "a1", EncounterStatus.Inactive), new Write.DeletePerson(B)], Budget);
        Assert.All(held, result => Assert.Equal(
            (RefusalKind.Conflict, true), (result.Refusal!.Kind, result.Refusal.RetryAfter is not null)));

        goOn.SetResult();
        Assert.True((await merge).IsApplied);
        Assert.Equal($"{B}:a1,a2,b {C}:c {D}:d", await world.SettledAsync());
    }

    /// <summary>The target refuses (an encounter of this id), and taking back fails some times or always.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public async Task A_move_that_is_refused_is_taken_back_or_says_that_it_is_not(int failures)
    {
        int failed = 0;
        await using MoveWorld world = await OpenAsync(partition => new SlowPartition(partition, _ => Task.CompletedTask)
        {
            Fails = batch => batch.Writes[0] is Write.EndMove { Keep: true } && failed++ < failures,
        });
        Encounter taken = (await world.Root.ReadPersonAsync(B, Budget)).Encounters[0] with { EncounterId = "a1" };
        Assert.True((await world.Root.ApplyAsync([new Write.Create(taken)], Budget))[0].IsApplied);

        WriteResult move = await world.DoAsync(new Change.Move(B, A, "a1"));

        Assert.Equal($"{A}:a1,a2 {B}:a1,b {C}:c {D}:d", await world.ReadAsync());
        Write change = new Write.SetStatus(A, "a1", EncounterStatus.Inactive);
        if (failures == int.MaxValue)
        {
            Assert.True(move.Outage!.MayRetry);
            Assert.Matches(
                "^nothing was moved \\(the person already has an encounter of this id\\), and the encounters cannot be "
                + "changed for up to [0-9]+ s: taking the move back failed, no store$", move.Outage.Reason);
            Assert.True(failed > 3, $"tried {failed} times");
            Assert.Equal(
                RefusalKind.Conflict, (await world.Root.ApplyAsync([change, change], Budget))[0].Refusal?.Kind);
        }
        else
        {
            Assert.Equal("the person already has an encounter of this id", move.Refusal?.Reason);
            Assert.Equal(failures + 1, failed);
            Assert.True((await world.Root.ApplyAsync([change, change], Budget))[0].IsApplied);
            await world.SettledAsync();
        }
    }

    [Fact]
    public async Task Any_changes_at_the_same_time_are_one_order()
    {
        for (int round = 0; round < 250; round++)
        {
            Random dice = new((Seed * 1000) + round);
            Change[] changes = [.. Enumerable.Range(0, dice.Next(2, 5)).Select(_ => AnyChange(dice))];
            await RunAsync(changes, dice, $"seed {Seed}, round {round}: {string.Join(", ", changes.Select(c => c))}");
        }
    }

    [Fact]
    public async Task Of_every_ring_of_merges_at_least_one_is_done()
    {
        string[][] rings = [[A, B], [A, C], [B, C], [A, B, C], [A, C, B], [A, B, D, C], [A, D]];
        foreach ((int number, string[] ring) in rings.Index())
        {
            for (int round = 0; round < 12; round++)
            {
                Change[] merges =
                    [.. ring.Select((person, i) => new Change.Merge(ring[(i + 1) % ring.Length], person))];
                WriteResult[] results = await RunAsync(
                    merges, new Random((number * 100) + round), $"ring {number}, round {round}");
                Assert.Contains(results, result => result.IsApplied);
            }
        }
    }

    private static async Task<WriteResult[]> RunAsync(Change[] changes, Random dice, string what)
    {
        int seed = dice.Next();
        int calls = 0;
        await using MoveWorld world = await OpenAsync(partition => new SlowPartition(partition, async _ =>
        {
            int yields = new Random(seed + Interlocked.Increment(ref calls)).Next(12);
            for (int i = 0; i < yields; i++)
            {
                await Task.Yield();
            }
        }));
        WriteResult[] results = await Task.WhenAll(
            changes.Select(change => Task.Run(() => world.DoAsync(change).AsTask())));
        string found = await world.SettledAsync();
        Assert.All(results, result => Assert.Null(result.Outage));
        Assert.True(
            Orders(Enumerable.Range(0, changes.Length)).Any(order => Explains(order, changes, results, found)),
            $"{what}: no order gives {string.Join(", ", results.Select(r => r.Refusal?.Kind.ToString() ?? "done"))}"
            + $" and {found}");
        return results;
    }

    private static bool Explains(int[] order, Change[] changes, WriteResult[] results, string found)
    {
        PlainPeople people = new(Start);
        foreach (int i in order.Where(i => results[i].Refusal?.Kind != RefusalKind.Conflict))
        {
            if (people.Copy().Apply(changes[i]) != results[i].IsApplied)
            {
                return false;
            }

            if (results[i].IsApplied)
            {
                people.Apply(changes[i]);
            }
        }

        return people.ToString() == found;
    }

    private static IEnumerable<int[]> Orders(IEnumerable<int> items)
    {
        int[] all = [.. items];
        return all.Length == 0 ? [[]]
            : all.SelectMany(first => Orders(all.Where(one => one != first)).Select(rest => (int[])[first, .. rest]));
    }

    private static Change AnyChange(Random dice)
    {
        string[] people = [A, B, C, D];
        string target = people[dice.Next(4)];
        string source = people.Where(person => person != target).ElementAt(dice.Next(3));
        string[] ids = ["a1", "a2", "b", "c", "d"];
        return dice.Next(8) switch
        {
            0 => new Change.Delete(target),
            1 => new Change.Status(source, ids[dice.Next(5)]),
            < 5 => new Change.Move(target, source, Start.First(one => one.Person == source).EncounterId),
            _ => new Change.Merge(target, source),
        };
    }

    /// <summary>A partition whose writes wait, before or after they are done, for what a test decides.</summary>
    private sealed class SlowPartition(
        IPartition inner, Func<WriteBatch, Task> before, Action<WriteBatch>? after = null) : IPartition
    {
        public PartitionId Id => inner.Id;

        /// <summary>Which writes meet a store that does not answer.</summary>
        public Func<WriteBatch, bool> Fails { get; init; } = _ => false;

        public ValueTask<PartitionAnswer> SearchAsync(SearchBatch batch, SearchBudget budget) =>
            inner.SearchAsync(batch, budget);

        public async ValueTask<WriteAck> ApplyAsync(WriteBatch writes, SearchBudget budget)
        {
            await before(writes);
            if (Fails(writes))
            {
                WriteResult outage = new(Outage: new Outage("no store", MayRetry: true));
                return new WriteAck([.. writes.Writes.Select(_ => outage)]);
            }

            WriteAck ack = await inner.ApplyAsync(writes, budget);
            after?.Invoke(writes);
            return ack;
        }

        public ValueTask<ReadAnswer> ReadAsync(ReadQuery query, SearchBudget budget) => inner.ReadAsync(query, budget);

        public ValueTask<PartitionStatus> StatusAsync(CancellationToken cancel) => inner.StatusAsync(cancel);
    }
}
