using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// Turns a gallery into partitions: in this process or on many machines. What concerns all of them goes through here
/// and not through each, so that a directory may carry it with fewer messages than it has partitions.
/// </summary>
public interface IPartitionDirectory
{
    /// <summary>Every partition, ordered by number.</summary>
    IReadOnlyList<IPartition> All { get; }

    /// <summary>The partition that owns a person, by <see cref="Placement"/>.</summary>
    IPartition Of(string personId) => All[Placement.PartitionOf(personId, All.Count).Number];

    /// <summary>
    /// Sends a batch to every partition at once: one task per partition, in their order, each done as soon as its
    /// answer is there.
    /// </summary>
    IReadOnlyList<Task<PartitionAnswer>> SearchAll(SearchBatch batch, SearchBudget budget) =>
        [.. All.Select(partition => partition.SearchAsync(batch, budget).AsTask())];

    /// <summary>Status of every partition, ordered by number.</summary>
    async ValueTask<IReadOnlyList<PartitionStatus>> StatusAllAsync(CancellationToken cancel) =>
        await Task.WhenAll(All.Select(partition => partition.StatusAsync(cancel).AsTask()));
}
