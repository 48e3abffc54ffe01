using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// Erases what has expired from the store of one partition. Searches pass over it from the moment that it expires; this
/// only makes room and lets nothing lie about. What a legal hold keeps is asked again at each round.
/// </summary>
/// <param name="partition">Where it is erased.</param>
/// <param name="store">What says which legal holds there are.</param>
/// <param name="table">What knows what has expired.</param>
/// <param name="clock">Times of rounds.</param>
/// <param name="recording">
/// Told of encounters before they are erased; what it cannot record is erased at a later round. Null records nothing.
/// </param>
internal sealed class ExpiredErasure(
    IPartition partition, IGalleryStore store, GalleryTable table, TimeProvider clock, ErasureRecording? recording)
{
    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using PeriodicTimer timer = new(Limits.EraseEvery, clock);
        try
        {
            do
            {
                await EraseAsync(cancel);
            }
            while (await timer.WaitForNextTickAsync(cancel));
        }
        catch (OperationCanceledException)
        {
            // The partition closes.
        }
    }

    private async Task EraseAsync(CancellationToken cancel)
    {
        foreach (ExpiringEncounter[] some in table.ExpiredAt(clock.GetUtcNow()).Chunk(Limits.WritesPerBatch))
        {
            cancel.ThrowIfCancellationRequested();
            if (recording is not null && !await IsRecordedAsync(recording, some, cancel))
            {
                return;
            }

            // An outage ends the partition or passes by: whoever is still there is erased at a later round.
            await partition.ApplyAsync(
                new WriteBatch([.. some.Select(one => new Write.Delete(one.PersonId, one.EncounterId, one.RecordId))]),
                SearchBudget.Of(Limits.LongestDeadline, clock, cancel));
        }
    }

    /// <summary>Whether what can be erased of some encounters is recorded: what a legal hold keeps is not.</summary>
    private async Task<bool> IsRecordedAsync(
        ErasureRecording recording, IReadOnlyList<ExpiringEncounter> some, CancellationToken cancel)
    {
        try
        {
            List<ErasedEncounter> erasable = [];
            foreach (IGrouping<string, ExpiringEncounter> person in some.GroupBy(one => one.PersonId))
            {
                IReadOnlyList<StoredEncounter> stored = await store.ReadPersonAsync(partition.Id, person.Key, cancel);
                erasable.AddRange(stored
                    .Where(found => found.Content.Value is not { IsHeld: true } && person.Any(
                        one => one.EncounterId == found.EncounterId
                            && one.RecordId == (found.Content.Value?.RecordId ?? one.RecordId)))
                    .Select(found => new ErasedEncounter(person.Key, found.Content.Value?.Galleries ?? [])));
            }

            return erasable.Count == 0 || await recording(erasable) is null;
        }
        catch (StoreException)
        {
            return false;
        }
    }
}

/// <summary>An encounter that is about to be erased because it has expired.</summary>
/// <param name="PersonId">Whose it is.</param>
/// <param name="Galleries">The galleries that it is in; none where its record cannot be read.</param>
public sealed record ErasedEncounter(string PersonId, IReadOnlyList<string> Galleries);

/// <summary>Records what is about to be erased.</summary>
/// <returns>Null when it is recorded; otherwise why it is not, and nothing is erased.</returns>
public delegate Task<Outage?> ErasureRecording(IReadOnlyList<ErasedEncounter> erased);
