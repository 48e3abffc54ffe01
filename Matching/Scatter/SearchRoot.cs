using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// The root of a search: scatters a batch over every partition, gathers their answers, ranks, and says what was
/// searched. The same code stands in front of local partitions and of a cluster.
/// </summary>
public sealed class SearchRoot(IPartitionDirectory directory, TimeProvider clock)
{
    /// <summary>Answers every request of the batch; one pass over each partition serves them all.</summary>
    public ValueTask<IReadOnlyList<IdentifyAnswer>> IdentifyAsync(
        IReadOnlyList<IdentifyRequest> requests, SearchBudget budget) =>
        throw new NotImplementedException($"{directory} {clock}");

    /// <summary>Compares a probe with one enrolled person (null gallery: any gallery).</summary>
    public ValueTask<VerifyAnswer> VerifyAsync(
        Probe probe, string gallery, string personId, double threshold, SearchBudget budget) =>
        throw new NotImplementedException();
}
