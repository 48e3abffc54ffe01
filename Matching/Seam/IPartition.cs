namespace MatchCluster.Matching.Seam;

/// <summary>
/// The whole boundary between "what" and "where": one partition of the gallery, wherever it lives.
/// A refusal or an outage is a value in the answer; only a bug throws.
/// </summary>
public interface IPartition
{
    PartitionId Id { get; }

    /// <summary>Scores every search of the batch against this partition. A lone probe is a batch of one.</summary>
    ValueTask<PartitionAnswer> SearchAsync(SearchBatch batch, SearchBudget budget);

    /// <summary>Applies writes in order: they become durable, then visible, then acked.</summary>
    ValueTask<WriteAck> ApplyAsync(WriteBatch writes, SearchBudget budget);

    /// <summary>Reads encounters of one person, or the members of a gallery.</summary>
    ValueTask<ReadAnswer> ReadAsync(ReadQuery query, SearchBudget budget);

    ValueTask<PartitionStatus> StatusAsync(CancellationToken cancel);
}
