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
    private long toLoad;
    private long loaded;
    private long unreadable;

    public long ToLoad => Interlocked.Read(ref toLoad);

    public long Loaded => Interlocked.Read(ref loaded);

    public long Unreadable => Interlocked.Read(ref unreadable);

    /// <summary>Encounters that came from another person and may still be held there (without their samples).</summary>
    public IReadOnlyList<Encounter> Moved => moved;

    public async Task RunAsync(PartitionId partition, GalleryTable table, CancellationToken cancel)
    {
        Interlocked.Exchange(ref toLoad, await store.CountAsync(partition, cancel));
        Queue<Task<TableChange[]>> preparing = new();
        await foreach (IReadOnlyList<StoredEncounter> chunk in store.ReadAllAsync(partition, cancel))
        {
            foreach (StoredEncounter[] part in chunk.Chunk(EncountersPerTask))
            {
                preparing.Enqueue(threads.PrepareAsync(() => Prepare(part)));
                if (preparing.Count > 4 * threads.Count)
                {
                    Take(await preparing.Dequeue(), table);
                }
            }
        }

        while (preparing.TryDequeue(out Task<TableChange[]>? task))
        {
            Take(await task, table);
        }
    }

    private TableChange[] Prepare(StoredEncounter[] part)
    {
        List<TableChange> changes = [];
        foreach (StoredEncounter stored in part)
        {
            Decoded<EncounterRows> rows = stored.Content.IsAccepted
                ? EncounterRows.Build(stored.Content.Value.Samples)
                : stored.Content.Rejection;
            if (rows.IsAccepted)
            {
                Encounter light = stored.Content.Value! with { Samples = [], ClientData = default };
                changes.Add(new TableChange(light.PersonId, light.EncounterId, light, rows.Value));
            }
            else
            {
                Interlocked.Increment(ref unreadable);
            }
        }

        return [.. changes];
    }

    private void Take(TableChange[] changes, GalleryTable table)
    {
        table.Apply(changes);
        moved.AddRange(changes.Select(change => change.Encounter!).Where(e => e.MovedFrom is not null));
        Interlocked.Add(ref loaded, changes.Length);
    }
}
