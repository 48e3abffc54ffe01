using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Feeds;

/// <summary>What every store's change logs hold.</summary>
internal static class ChangeLogContract
{
    private const int People = 12;
    private static readonly string[] Galleries = ["G", "H", "I"];

    public static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromSeconds(60));

    /// <summary>
    /// Random writes of several callers at once on an empty store, while somebody tails each log: nobody ever finds
    /// anything at or before what was seen, nothing is missed, and a replica that follows change by change has the
    /// state that each change states.
    /// </summary>
    /// <param name="store">A store that keeps logs.</param>
    /// <param name="reader">The logs as somebody else reads them.</param>
    /// <param name="seed">Seed of the writes.</param>
    public static async Task FollowedAsync(IGalleryStore store, IChangeLog reader, int seed)
    {
        FeedKeys keys = new(await store.StateKeyAsync(default));
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 2 });
        await engine.Loaded;
        using CancellationTokenSource written = new();
        Task<FeedReplica>[] tails =
            [.. Galleries.Select(gallery => Task.Run(() => TailAsync(reader, gallery, keys, written.Token)))];
        EncounterRoot root = new(engine);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(caller => Task.Run(
            () => WriteAsync(root, new Random(seed + caller), 60))));
        await written.CancelAsync();
        FeedReplica[] replicas = await Task.WhenAll(tails);
        Assert.True(replicas.Sum(replica => replica.Last) > 100);
        foreach (FeedReplica replica in replicas)
        {
            await replica.AssertHoldsAsync(root, Budget);
            Assert.Equal(replica.Last, replica.Proved);
            ChangePosition position = await reader.PositionAsync(replica.Gallery, default);
            Assert.Equal((0, replica.Last, replica.State), (position.First, position.Last, position.State));
        }
    }

    /// <summary>
    /// What is older than the kept rows is refused, and a replica that goes on from a kept one is right.
    /// </summary>
    public static async Task KeptAsync(IGalleryStore store, int kept)
    {
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 2 });
        await engine.Loaded;
        EncounterRoot root = new(engine);
        FeedReplica replica = new("G", new FeedKeys(await store.StateKeyAsync(default)).Of("G"));
        IChangeLog log = store.Changes!;
        for (int person = 0; person < 3 * kept; person++)
        {
            Assert.True((await root.ApplyAsync([Create(person)], Budget))[0].IsApplied);
            replica.Follow(await log.ReadAsync("G", replica.Last, 10, default));
        }

        ChangePosition position = await log.PositionAsync("G", default);
        Assert.InRange(position.Last - position.First, kept, kept + Math.Max(1, kept / 16));
        Assert.Equal((3 * kept, replica.State), (position.Last, position.State));
        ChangePage old = await log.ReadAsync("G", position.First - 1, 10, default);
        Assert.True(old.Lacks(position.First - 1));
        Assert.Empty(old.Changes);
        ChangePage rest = await log.ReadAsync("G", position.First, 1000, default);
        Assert.Equal(position.Last - position.First, rest.Changes.Count);
        Assert.Equal(position.First + 1, rest.Changes[0].Sequence);
        Assert.True((await log.ReadAsync("G", position.Last + 1, 10, default)).Lacks(position.Last + 1));
        ChangePosition nobody = await log.PositionAsync("NONE", default);
        Assert.Equal((0, 0, default(GalleryState)), (nobody.First, nobody.Last, nobody.State));
    }

    /// <summary>
    /// What is written without the log is noticed when the store is opened with it again: nobody reads on over it, the
    /// state is right, and a log over which nothing was written goes on.
    /// </summary>
    /// <param name="open">Opens the store; with the log or without it.</param>
    public static async Task ReopenedAsync(Func<bool, Task<IGalleryStore>> open)
    {
        await WithAsync(true, root => root.ApplyAsync([Create(0), Create(1, "H")], Budget));
        (ChangePosition g, ChangePosition h) = await PositionsAsync();
        Assert.Equal((0, 1, 0, 1), (g.First, g.Last, h.First, h.Last));
        Assert.Equal((1, 1), (g.State!.Value.Encounters, h.State!.Value.Encounters));
        await WithAsync(false, root => root.ApplyAsync([Create(2)], Budget));
        (ChangePosition g2, ChangePosition h2) = await PositionsAsync();
        Assert.Equal((2, 2, h), (g2.First, g2.Last, h2));
        await WithAsync(true, root => root.ApplyAsync([new Write.DeletePerson(IdOf(2))], Budget));
        (ChangePosition g3, _) = await PositionsAsync();
        Assert.Equal((2, 3, g.State), (g3.First, g3.Last, g3.State));

        // A gallery that was emptied without the log.
        await WithAsync(false, root => root.ApplyAsync([new Write.DeletePerson(IdOf(1))], Budget));
        (ChangePosition g4, ChangePosition h4) = await PositionsAsync();
        Assert.Equal(
            (g3, new ChangePosition(2, 2, default(GalleryState))), (g4, h4));

        async Task<(ChangePosition, ChangePosition)> PositionsAsync()
        {
            ChangePosition[] found = new ChangePosition[2];
            await using IGalleryStore store = await open(true);
            await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 2 });
            await engine.Loaded;
            found[0] = await store.Changes!.PositionAsync("G", default);
            found[1] = await store.Changes!.PositionAsync("H", default);
            return (found[0], found[1]);
        }

        async Task WithAsync(bool log, Func<EncounterRoot, ValueTask<IReadOnlyList<WriteResult>>> write)
        {
            await using IGalleryStore store = await open(log);
            await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 2 });
            await engine.Loaded;
            Assert.All(await write(new EncounterRoot(engine)), result => Assert.True(result.IsApplied));
        }
    }

    public static Write.Create Create(int person, params string[] galleries) => new(
        EncounterOf(person, $"E{person}") with { Galleries = galleries.Length == 0 ? ["G"] : galleries });

    /// <summary>Whatever is refused is no change.</summary>
    public static async Task WriteAsync(EncounterRoot root, Random random, int writes)
    {
        for (int i = 0; i < writes; i++)
        {
            int number = random.Next(People);
            string person = IdOf(number);
            string encounter = $"E{random.Next(3)}";
            string[] galleries = [.. Galleries.Where(_ => random.Next(2) == 0).DefaultIfEmpty("G")];
            switch (random.Next(9))
            {
                case 0:
                    await root.MoveAsync(IdOf(random.Next(People)), person, encounter, Budget);
                    break;
                case 1:
                    await root.ApplyAsync([new Write.Delete(person, encounter)], Budget);
                    break;
                case 2:
                    await root.ApplyAsync([new Write.SetGalleries(person, encounter, galleries)], Budget);
                    break;
                case 3:
                    await root.ApplyAsync(
                        [new Write.SetStatus(person, encounter, (EncounterStatus)random.Next(1, 3))], Budget);
                    break;
                case 4:
                    await root.ApplyAsync([new Write.DeletePerson(person)], Budget);
                    break;
                case 5:
                    await root.ApplyAsync([new Write.Update(Content())], Budget);
                    break;
                default:
                    await root.ApplyAsync([new Write.Create(Content()), new Write.Create(Content())], Budget);
                    break;
            }

            Encounter Content() => EncounterOf(number, encounter) with
            {
                RecordId = new Guid(random.Next(), 1, 7, [1, 2, 3, 4, 5, 6, 7, 8]),
                Galleries = galleries,
            };
        }
    }

    private static async Task<FeedReplica> TailAsync(
        IChangeLog log, string gallery, FeedKeys keys, CancellationToken written)
    {
        FeedReplica replica = new(gallery, keys.Of(gallery));
        while (true)
        {
            // Asked before the read: what is acked by then is seen by it.
            bool isLast = written.IsCancellationRequested;
            ChangePage page = await log.ReadAsync(gallery, replica.Last, 7, default);
            replica.Follow(page);
            if (isLast && replica.Last == page.Position.Last)
            {
                return replica;
            }

            await Task.Yield();
        }
    }
}
