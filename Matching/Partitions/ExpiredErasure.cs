using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// Erases what has expired from the store of one partition. Searches pass over it from the moment that it expires; this
/// only makes room and lets nothing lie about. What a legal hold keeps is looked at again at each round.
/// </summary>
/// <param name="partition">Where it is erased.</param>
/// <param name="table">What knows what has expired and which legal holds there are.</param>
/// <param name="clock">Times of rounds.</param>
/// <param name="recording">
/// Told of encounters before they are erased; what it cannot record is erased at a later round. Null records nothing.
/// </param>
internal sealed class ExpiredErasure(
    IPartition partition, GalleryTable table, TimeProvider clock, ErasureRecording? recording)
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
        foreach (var some in table.ErasableAt(clock.GetUtcNow()).Chunk(Limits.WritesPerBatch))
        {
            cancel.ThrowIfCancellationRequested();
            if (recording is not null && await recording(
                [.. some.Select(one => new ErasedEncounter(one.Version.PersonId, one.Galleries))]) is not null)
            {
                return;
            }

            // An outage ends the partition or passes by: whoever is still there is erased at a later round.
            await partition.ApplyAsync(
                new WriteBatch(
                [
                    .. some.Select(one => new Write.Delete(
                        one.Version.PersonId, one.Version.EncounterId, one.Version.RecordId)),
                ]),
                SearchBudget.Of(Limits.LongestDeadline, clock, cancel));
        }
    }
}

/// <summary>An encounter that is about to be erased because it has expired.</summary>
/// <param name="PersonId">Whose it is.</param>
/// <param name="Galleries">The galleries that it is in.</param>
public sealed record ErasedEncounter(string PersonId, IReadOnlyList<string> Galleries);

/// <summary>Records what is about to be erased.</summary>
/// <returns>Null when it is recorded; otherwise why it is not, and nothing is erased.</returns>
public delegate Task<Outage?> ErasureRecording(IReadOnlyList<ErasedEncounter> erased);
