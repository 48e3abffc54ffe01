using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// Rebuilds the rows of a partition from its stored encounters, on every engine thread at once, and counts how far it
/// is. A record that cannot be read is counted and left out: it is neither dropped from the store nor does it stop
/// the rest.
/// </summary>
internal sealed class PartitionLoad(
    PartitionId partition, IGalleryStore store, ScanThreads threads, MemoryBudget memory)
{
    /// <summary>Encounters a thread prepares at a time: some tens of milliseconds.</summary>
    private const int EncountersPerTask = 32;

    private readonly List<Encounter> moved = [];
    private static readonly Note NoNote = (_, _) => { };
    private long toLoad;
    private long loaded;
    private long unreadable;

    public GalleryTable Table { get; } = new(memory);

    public long ToLoad => Interlocked.Read(ref toLoad);

    public long Loaded => Interlocked.Read(ref loaded);

    public long Unreadable => Interlocked.Read(ref unreadable);

    /// <summary>Encounters that came from another person and may still be held there (without their samples).</summary>
    public IReadOnlyList<Encounter> Moved => moved;

    /// <summary>
    /// Told of every record that was read, and of its encounter without samples where it is in the table.
    /// </summary>
    public delegate void Note(StoredEncounter stored, Encounter? light);

    /// <summary>Loads everything.</summary>
    /// <exception cref="MemoryLimitException">It does not fit.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        await CountAsync(cancel);
        await RunAsync(store.ReadAllAsync(partition, cancel), NoNote, cancel);
    }

    /// <summary>Asks the store how much there is to load.</summary>
    public async Task CountAsync(CancellationToken cancel) =>
        Interlocked.Exchange(ref toLoad, await store.CountAsync(partition, cancel));

    /// <summary>Loads what a source brings.</summary>
    /// <exception cref="MemoryLimitException">It does not fit.</exception>
    public async Task RunAsync(
        IAsyncEnumerable<IReadOnlyList<StoredEncounter>> source, Note note, CancellationToken cancel)
    {
        Queue<Task<Prepared[]>> preparing = new();
        await foreach (IReadOnlyList<StoredEncounter> chunk in source.WithCancellation(cancel))
        {
            foreach (StoredEncounter[] part in chunk.Chunk(EncountersPerTask))
            {
                preparing.Enqueue(threads.PrepareAsync(() => Prepare(part)));
                if (preparing.Count > 4 * threads.Count)
                {
                    Take(await preparing.Dequeue(), note);
                }
            }
        }

        while (preparing.TryDequeue(out Task<Prepared[]>? task))
        {
            Take(await task, note);
        }
    }

    /// <summary>What was loaded in several passes, counted anew.</summary>
    public void Replace(long nowLoaded, long nowUnreadable, IEnumerable<Encounter> nowMoved)
    {
        Interlocked.Exchange(ref loaded, nowLoaded);
        Interlocked.Exchange(ref toLoad, nowLoaded + nowUnreadable);
        Interlocked.Exchange(ref unreadable, nowUnreadable);
        moved.Clear();
        moved.AddRange(nowMoved);
    }

    private static Prepared[] Prepare(StoredEncounter[] part) => [.. part.Select(stored =>
    {
        Decoded<EncounterRows> rows = stored.Content.IsAccepted
            ? EncounterRows.Build(stored.Content.Value.Samples)
            : stored.Content.Rejection;
        return rows.IsAccepted
            ? new Prepared(stored, stored.Content.Value! with { Samples = [], ClientData = default }, rows.Value)
            : new Prepared(stored, null, null);
    })];

    private void Take(Prepared[] part, Note note)
    {
        TableChange[] changes =
        [
            .. part.Where(one => one.Light is not null).Select(one => new TableChange(
                one.Stored.PersonId, one.Stored.EncounterId, one.Light, one.Rows)),
        ];
        RowSize size = changes.Aggregate(default(RowSize), (sum, each) => sum + RowSize.Of(each.Rows!));
        if (Table.Reserve(size) is { } shortage)
        {
            throw DoesNotFit(shortage);
        }

        Table.Apply(changes);
        moved.AddRange(changes.Select(change => change.Encounter!).Where(e => e.MovedFrom is not null));
        Interlocked.Add(ref loaded, changes.Length);
        Interlocked.Add(ref unreadable, part.Length - changes.Length);
        foreach (Prepared one in part)
        {
            note(one.Stored, one.Light);
        }
    }

    private MemoryLimitException DoesNotFit(MemoryShortage shortage)
    {
        long held = Table.HeldBytes;
        long encounters = Table.Snapshot.Encounters;
        string about = encounters == 0 ? "" : $", about {held / encounters * Math.Max(ToLoad, encounters):N0} in all";
        return new MemoryLimitException(
            $"partition {partition} does not fit into memory: it needs {held:N0} bytes for {encounters} of {ToLoad} "
            + $"encounters{about}, and {shortage}; add silos or raise the limit");
    }

    private readonly record struct Prepared(StoredEncounter Stored, Encounter? Light, EncounterRows? Rows);
}

/// <summary>A partition needs more memory than this process may use; the message has the numbers.</summary>
internal sealed class MemoryLimitException(string message) : Exception(message);
