using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Packs;

/// <summary>
/// A store that is filled by a pack, without an engine: records go to the partitions where an engine looks for them.
/// </summary>
internal sealed class StagedGallery : IAsyncDisposable
{
    /// <summary>Writes of one append.</summary>
    private const int PerAppend = 256;

    /// <summary>
    /// Of so many encounters one is prepared as for a search: to see that it can be, and what it takes in memory.
    /// </summary>
    private const int OneOf = 16;

    private readonly SqliteGalleryStore store;
    private readonly long[] epochs;
    private readonly List<StoreWrite>[] waiting;
    private readonly long memoryBytes;
    private long puts;
    private long looked;
    private long lookedBytes;

    private StagedGallery(SqliteGalleryStore store, long[] epochs, long memoryBytes)
    {
        this.store = store;
        this.epochs = epochs;
        this.memoryBytes = memoryBytes;
        waiting = [.. epochs.Select(_ => new List<StoreWrite>(PerAppend))];
    }

    /// <summary>A new store in a new directory.</summary>
    public static async Task<StagedGallery> OpenAsync(
        string directory, int partitions, MasterKeySource? masterKey, long memoryBytes, CancellationToken cancel)
    {
        SqliteGalleryStore store = await SqliteGalleryStore.OpenAsync(
            directory, partitions, partitions, cancel, masterKey);
        try
        {
            long[] epochs = new long[partitions];
            for (int partition = 0; partition < partitions; partition++)
            {
                epochs[partition] = await store.OpenEpochAsync(new PartitionId(partition), cancel);
            }

            return new StagedGallery(store, epochs, memoryBytes);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="PackException">It cannot be searched, or all of them do not fit into memory.</exception>
    public async ValueTask PutAsync(Encounter encounter, CancellationToken cancel)
    {
        if (puts++ % OneOf == 0)
        {
            Decoded<EncounterRows> rows = EncounterRows.Build(encounter.Samples);
            looked++;
            lookedBytes += rows.Value is { } made ? Limits.EncounterObjectBytes + made.Bytes + made.LaneBytes
                : throw new PackException($"a template of the pack cannot be read: {rows.Rejection}");
        }

        await AddAsync(StoreWrite.Put(encounter), cancel);
    }

    public ValueTask DeleteAsync(string personId, string encounterId, CancellationToken cancel) =>
        AddAsync(StoreWrite.Delete(personId, encounterId), cancel);

    /// <summary>Writes what waits.</summary>
    public async ValueTask FlushAsync(CancellationToken cancel)
    {
        for (int partition = 0; partition < waiting.Length; partition++)
        {
            await FlushAsync(partition, cancel);
        }
    }

    /// <summary>What was written, read back.</summary>
    /// <exception cref="PackException">It does not fit into memory.</exception>
    public async ValueTask<GalleryState> StateAsync(FeedKey key, CancellationToken cancel)
    {
        GalleryState state = await FeedReplay.StateAsync(store, key, cancel);
        double each = looked == 0 ? 0 : (double)lookedBytes / looked;
        return each * state.Encounters <= memoryBytes ? state
            : throw new PackException(
                $"{state.Encounters} encounters take about {each * state.Encounters:N0} bytes of memory, and "
                + $"{memoryBytes:N0} may be taken here");
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private async ValueTask AddAsync(StoreWrite write, CancellationToken cancel)
    {
        int partition = Placement.PartitionOf(write.PersonId, epochs.Length).Number;
        waiting[partition].Add(write);
        if (waiting[partition].Count == PerAppend)
        {
            await FlushAsync(partition, cancel);
        }
    }

    private async ValueTask FlushAsync(int partition, CancellationToken cancel)
    {
        if (waiting[partition].Count == 0)
        {
            return;
        }

        AppendResult result = await store.AppendAsync(
            new PartitionId(partition), epochs[partition], waiting[partition], cancel);
        waiting[partition].Clear();
        if (result.Outcome != AppendOutcome.Applied)
        {
            throw new PackException(
                $"the copy cannot be written: {result.Outage?.Reason ?? result.Outcome.ToString()}");
        }
    }
}
