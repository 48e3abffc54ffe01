using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Partitions;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Scatter;

/// <summary>A change of who has which encounter.</summary>
internal abstract record Change
{
    public sealed record Move(string Target, string Source, string EncounterId) : Change;

    public sealed record Merge(string Target, string Source) : Change;

    public sealed record Delete(string Person) : Change;

    public sealed record Status(string Person, string EncounterId) : Change;
}

/// <summary>What changes mean when one is done after the other: the judge of everything else.</summary>
internal sealed class PlainPeople
{
    private readonly SortedDictionary<string, SortedSet<string>> held = new(StringComparer.Ordinal);

    public PlainPeople(IEnumerable<(string Person, string EncounterId)> encounters)
    {
        foreach ((string person, string id) in encounters)
        {
            Of(person).Add(id);
        }
    }

    public PlainPeople Copy() => new(held.SelectMany(one => one.Value.Select(id => (one.Key, id))));

    /// <returns>Whether it is applied; nothing is changed otherwise.</returns>
    public bool Apply(Change change)
    {
        switch (change)
        {
            case Change.Move move:
                if (Of(move.Target).Count == 0 || !Of(move.Source).Remove(move.EncounterId))
                {
                    return false;
                }

                return Of(move.Target).Add(move.EncounterId);
            case Change.Merge merge:
                if (Of(merge.Target).Count == 0 || Of(merge.Source).Count == 0)
                {
                    return false;
                }

                Of(merge.Target).UnionWith(Of(merge.Source));
                Of(merge.Source).Clear();
                return true;
            case Change.Delete delete:
                bool was = Of(delete.Person).Count > 0;
                Of(delete.Person).Clear();
                return was;
            case Change.Status status:
                return Of(status.Person).Contains(status.EncounterId);
            default:
                throw new ArgumentException($"{change}", nameof(change));
        }
    }

    public override string ToString() => string.Join(
        " ", held.Where(one => one.Value.Count > 0).Select(one => $"{one.Key}:{string.Join(',', one.Value)}"));

    private SortedSet<string> Of(string person) =>
        held.TryGetValue(person, out SortedSet<string>? found) ? found : held[person] = new(StringComparer.Ordinal);
}

/// <summary>An engine of three partitions with the persons A, B and C on one each and D beside A.</summary>
internal sealed class MoveWorld : IAsyncDisposable
{
    private const int Partitions = 3;

    public static readonly string A = Named("A", 0);
    public static readonly string B = Named("B", 1);
    public static readonly string C = Named("C", 2);
    public static readonly string D = Named("D", 0);

    private static readonly Encounter Content = EncounterOf(0);
    private readonly Func<IPartition, IPartition> seen;
    private MatchEngine engine = null!;

    private MoveWorld(Func<IPartition, IPartition>? seen) => this.seen = seen ?? (partition => partition);

    public static (string Person, string EncounterId)[] Start { get; } =
        [(A, "a1"), (A, "a2"), (B, "b"), (C, "c"), (D, "d")];

    public static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromSeconds(60));

    public FaultyStore Store { get; } = new(new MemoryGalleryStore(Partitions));

    public EncounterRoot Root { get; private set; } = null!;

    public static async Task<MoveWorld> OpenAsync(Func<IPartition, IPartition>? seen = null)
    {
        MoveWorld world = new(seen);
        await world.ReopenAsync();
        Write[] writes = [.. Start.Select(one => new Write.Create(
            Content with { PersonId = one.Person, EncounterId = one.EncounterId, RecordId = Guid.NewGuid() }))];
        Assert.All(await world.Root.ApplyAsync(writes, Budget), result => Assert.True(result.IsApplied));
        return world;
    }

    public async Task ReopenAsync()
    {
        if (engine is not null)
        {
            await engine.DisposeAsync();
        }

        Store.OnAppend = () => null;
        engine = MatchEngine.Open(Store, new MatchEngineOptions { Threads = 1 });
        await engine.Loaded;
        Root = new EncounterRoot(new FakeDirectory([.. engine.All.Select(seen)]));
    }

    public ValueTask<WriteResult> DoAsync(Change change) => change switch
    {
        Change.Move move => Root.MoveAsync(move.Target, move.Source, move.EncounterId, Budget),
        Change.Merge merge => Root.MergeAsync(merge.Target, merge.Source, Budget),
        Change.Delete delete => OneAsync(new Write.DeletePerson(delete.Person)),
        Change.Status status => OneAsync(
            new Write.SetStatus(status.Person, status.EncounterId, EncounterStatus.Inactive)),
        _ => throw new ArgumentException($"{change}", nameof(change)),
    };

    /// <summary>Who has what, as callers read it; every stored record counts once and no mark is left.</summary>
    public async Task<string> SettledAsync()
    {
        string read = await ReadAsync();
        Assert.Empty(engine.All.SelectMany(partition => ((RestartingPartition)partition).Moved));
        long stored = (await Root.StatusAsync(default)).Sum(status => status.Encounters);
        Assert.Equal(read.Count(letter => letter == ':') + read.Count(letter => letter == ','), stored);
        return read;
    }

    public async Task<string> ReadAsync()
    {
        List<(string, string)> found = [];
        foreach (string person in new[] { A, B, C, D })
        {
            found.AddRange((await Root.ReadPersonAsync(person, Budget)).Encounters
                .Select(encounter => (person, encounter.EncounterId)));
        }

        return new PlainPeople(found).ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        await Store.DisposeAsync();
    }

    private async ValueTask<WriteResult> OneAsync(Write write) => (await Root.ApplyAsync([write], Budget))[0];

    private static string Named(string letter, int partition) => Enumerable.Range(0, 1000).Select(n => $"{letter}{n}")
        .First(id => Placement.PartitionOf(id, Partitions).Number == partition);
}
