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
internal sealed class PartitionLoad(IGalleryStore store, ScanThreads threads)
{
    /// <summary>Encounters a thread prepares at a time: some tens of milliseconds.</summary>
    private const int EncountersPerTask = 32;

    private readonly List<Encounter> moved = [];
    private static readonly Note NoNote = (_, _) => { };
    private long toLoad;
    private long loaded;
    private long unreadable;

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
    public async Task RunAsync(PartitionId partition, GalleryTable table, CancellationToken cancel)
    {
        await CountAsync(partition, cancel);
        await RunAsync(store.ReadAllAsync(partition, cancel), table, NoNote, cancel);
    }

    /// <summary>Asks the store how much there is to load.</summary>
    public async Task CountAsync(PartitionId partition, CancellationToken cancel) =>
        Interlocked.Exchange(ref toLoad, await store.CountAsync(partition, cancel));

    /// <summary>Loads what a source brings.</summary>
    public async Task RunAsync(
        IAsyncEnumerable<IReadOnlyList<StoredEncounter>> source, GalleryTable table, Note note,
        CancellationToken cancel)
    {
        Queue<Task<Prepared[]>> preparing = new();
        await foreach (IReadOnlyList<StoredEncounter> chunk in source.WithCancellation(cancel))
        {
            foreach (StoredEncounter[] part in chunk.Chunk(EncountersPerTask))
            {
                preparing.Enqueue(threads.PrepareAsync(() => Prepare(part)));
                if (preparing.Count > 4 * threads.Count)
                {
                    Take(await preparing.Dequeue(), table, note);
                }
            }
        }

        while (preparing.TryDequeue(out Task<Prepared[]>? task))
        {
            Take(await task, table, note);
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

    private void Take(Prepared[] part, GalleryTable table, Note note)
    {
        TableChange[] changes =
        [
            .. part.Where(one => one.Light is not null).Select(one => new TableChange(
                one.Stored.PersonId, one.Stored.EncounterId, one.Light, one.Rows)),
        ];
        table.Apply(changes);
        moved.AddRange(changes.Select(change => change.Encounter!).Where(e => e.MovedFrom is not null));
        Interlocked.Add(ref loaded, changes.Length);
        Interlocked.Add(ref unreadable, part.Length - changes.Length);
        foreach (Prepared one in part)
        {
            note(one.Stored, one.Light);
        }
    }

    private readonly record struct Prepared(StoredEncounter Stored, Encounter? Light, EncounterRows? Rows);
}
