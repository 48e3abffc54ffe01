using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Partitions;

/// <summary>A write batch on its way: checked and prepared, waiting for its turn, its results filled in.</summary>
internal sealed class PendingBatch(WriteBatch batch)
{
    private readonly TaskCompletionSource<WriteAck> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WriteBatch Batch { get; } = batch;

    /// <summary>One result per write; set where the write was refused before its turn.</summary>
    public WriteResult[] Results { get; } = new WriteResult[batch.Writes.Count];

    /// <summary>One set of rows per write; set for creations and updates that were accepted.</summary>
    public EncounterRows?[] Rows { get; } = new EncounterRows?[batch.Writes.Count];

    /// <summary>Bytes of the pictures that it brings.</summary>
    public long PictureBytes { get; } = batch.Writes.Sum(write => write.Brought?.PictureBytes ?? 0);

    /// <summary>Why nothing of it was written; null where it was.</summary>
    public Outage? Outage { get; private set; }

    public Task<WriteAck> Done => done.Task;

    public void Complete() => done.TrySetResult(new WriteAck(Results));

    /// <summary>Gives this outage to every write that has no refusal yet.</summary>
    public void Fail(Outage outage)
    {
        Outage = outage;
        for (int i = 0; i < Results.Length; i++)
        {
            if (Results[i].Refusal is null)
            {
                Results[i] = new WriteResult(Outage: outage);
            }
        }

        Complete();
    }

    public void Throw(Exception bug) => done.TrySetException(bug);
}
