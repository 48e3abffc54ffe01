using System.Runtime.CompilerServices;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// A partition that is loaded while somebody else owns it: it searches nothing and writes nothing, but whoever opens
/// the partition with it has the rows in memory already and only reads again what changed meanwhile.
/// </summary>
public sealed class StandbyPartition : IAsyncDisposable
{
    private readonly IGalleryStore store;
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim turn = new(1);
    private readonly Lazy<Task> closed;
    private readonly Dictionary<EncounterKey, Read> read = [];
    private JournalMark caughtUp;
    private bool isTaken;

    internal StandbyPartition(
        PartitionId id, JournalMark from, IGalleryStore store, ScanThreads threads, MemoryBudget memory)
    {
        Id = id;
        this.store = store;
        caughtUp = from;
        closed = new Lazy<Task>(CloseAsync);
        Load = new PartitionLoad(id, store, threads, memory);
        Loading = Task.Run(LoadAsync);
    }

    public PartitionId Id { get; }

    /// <summary>Completes when everything is loaded or cannot be (<see cref="Failure"/>); never faults.</summary>
    public Task Loading { get; }

    /// <summary>Encounters loaded so far, and encounters the store held when it began.</summary>
    public long Loaded => Load.Loaded;

    public long ToLoad => Load.ToLoad;

    /// <summary>Why it cannot be loaded, or null.</summary>
    public string? Failure { get; private set; }

    private GalleryTable Table => Load.Table;

    internal PartitionLoad Load { get; }

    /// <summary>Reads again whom the owner has changed.</summary>
    /// <returns>False where these changes do not follow on what was read; nothing was read then.</returns>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async ValueTask<bool> CatchUpAsync(JournalTail tail, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(tail);
        await Loading;
        await turn.WaitAsync(cancel);
        try
        {
            if (Failure is not null || !FollowsOn(tail))
            {
                return false;
            }

            await ReadPersonsAsync(tail.Persons, cancel);
            caughtUp = new JournalMark(tail.Epoch, tail.To);
            return true;
        }
        catch (MemoryLimitException full)
        {
            Fail(full.Message);
            return false;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Ends the load where it still runs and gives its memory back, unless that was taken over.</summary>
    public ValueTask DisposeAsync() => new(closed.Value);

    /// <summary>
    /// Brings the rows up to what the store holds; nobody but the caller may write to it any more. With the last
    /// owner's last changes it reads those persons; without, or where somebody else owned the partition in between,
    /// it compares every record.
    /// </summary>
    /// <param name="epoch">The epoch that the caller opened.</param>
    /// <param name="last">The last changes of the owner before, where they are known.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <returns>False where it could not be loaded in the first place.</returns>
    /// <exception cref="StoreException">The store cannot be read, or has not what was written to it.</exception>
    internal async Task<bool> TakeOverAsync(long epoch, JournalTail? last, CancellationToken cancel)
    {
        await Loading.WaitAsync(cancel);
        await turn.WaitAsync(cancel);
        try
        {
            if (Failure is not null)
            {
                return false;
            }

            if (last is not null && last.Epoch == epoch - 1 && FollowsOn(last))
            {
                await ReadPersonsAsync(last.Persons, cancel);
            }
            else
            {
                await ReadAsync(store.ReadAllAsync(Id, cancel), _ => true, cancel);
            }

            long unreadable = read.Values.LongCount(one => one.Content is null);
            PartitionDigest found = read.Values.Aggregate(default(PartitionDigest), (sum, one) => sum.With(one.Mark));
            await Load.CheckAsync(epoch, found, unreadable, cancel);
            Load.Replace(
                read.Values.LongCount(one => one.Content is not null),
                read.Where(one => one.Value.Content is null).Select(one => (one.Key.PersonId, one.Key.EncounterId)),
                read.Values.Select(one => one.Content).OfType<Encounter>().Where(one => one.IsMoving));
            read.Clear();
            isTaken = true;
            return true;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task CloseAsync()
    {
        await stopping.CancelAsync();
        await Loading;
        await turn.WaitAsync();
        if (!isTaken)
        {
            Table.Clear();
        }

        turn.Dispose();
        stopping.Dispose();
    }

    private void Fail(string reason)
    {
        Table.Clear();
        Failure = reason;
    }

    private bool FollowsOn(JournalTail tail) => tail.Epoch == caughtUp.Epoch && tail.From <= caughtUp.Sequence;

    private async Task LoadAsync()
    {
        await turn.WaitAsync();
        try
        {
            await Load.CountAsync(stopping.Token);
            await ReadAsync(store.ReadAllAsync(Id, stopping.Token), _ => true, stopping.Token);
        }
        catch (Exception broken)
        {
            // Whoever opens the partition with it loads everything itself, and says what is wrong then.
            Fail(LoadFailures.OutageOf(broken).Reason);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task ReadPersonsAsync(IReadOnlyList<string> persons, CancellationToken cancel)
    {
        HashSet<string> names = new(persons, StringComparer.Ordinal);
        await ReadAsync(OfPersonsAsync(names, cancel), key => names.Contains(key.PersonId), cancel);
    }

    private async IAsyncEnumerable<IReadOnlyList<StoredEncounter>> OfPersonsAsync(
        IEnumerable<string> persons, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (string person in persons)
        {
            yield return await store.ReadPersonAsync(Id, person, cancel);
        }
    }

    /// <summary>
    /// Builds rows of what is new in a source and removes what it should have and has not.
    /// </summary>
    private async Task ReadAsync(
        IAsyncEnumerable<IReadOnlyList<StoredEncounter>> source, Func<EncounterKey, bool> covers,
        CancellationToken cancel)
    {
        HashSet<EncounterKey> present = [];
        List<EncounterKey> gone = [];
        await Load.RunAsync(
            OnlyNewAsync(source, present),
            (stored, light) =>
            {
                EncounterKey key = new(stored.PersonId, stored.EncounterId);
                if (light is null && read.TryGetValue(key, out Read before) && before.Content is not null)
                {
                    gone.Add(key);
                }

                read[key] = new Read(light, stored.Mark);
            },
            cancel);
        EncounterKey[] missing = [.. read.Keys.Where(key => covers(key) && !present.Contains(key))];
        gone.AddRange(missing.Where(key => read[key].Content is not null));
        Table.Apply(gone.Select(key => new TableChange(key.PersonId, key.EncounterId)));
        foreach (EncounterKey key in missing)
        {
            read.Remove(key);
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<StoredEncounter>> OnlyNewAsync(
        IAsyncEnumerable<IReadOnlyList<StoredEncounter>> source, HashSet<EncounterKey> present)
    {
        await foreach (IReadOnlyList<StoredEncounter> chunk in source)
        {
            List<StoredEncounter> changed = [];
            foreach (StoredEncounter stored in chunk)
            {
                EncounterKey key = new(stored.PersonId, stored.EncounterId);
                present.Add(key);
                if (!read.TryGetValue(key, out Read known) || !known.Is(stored))
                {
                    changed.Add(stored);
                }
            }

            yield return changed;
        }
    }

    private readonly record struct EncounterKey(string PersonId, string EncounterId);

    /// <param name="Content">The encounter without its samples; null where it could not be read.</param>
    /// <param name="Mark">The mark of the stored record.</param>
    private readonly record struct Read(Encounter? Content, UInt128 Mark)
    {
        /// <summary>
        /// Whether that is what the store holds now. Every change makes a new record, and another key seals the same
        /// one again.
        /// </summary>
        public bool Is(StoredEncounter stored) => Content is not null && stored.Content.Value is { } now
            && Content.RecordId == now.RecordId && Content.MovedFrom == now.MovedFrom && Mark == stored.Mark;
    }
}
