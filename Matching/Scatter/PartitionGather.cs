using MatchCluster.Matching.Partitions;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// Asks partitions at once and waits for each no longer than the budget: a partition that does not answer in time is
/// answered for, with what it last said it holds.
/// </summary>
internal sealed class PartitionGather(IPartitionDirectory directory)
{
    /// <summary>A partition ends its scan at the deadline; its answer needs a moment to come back.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(100);

    private readonly long[] lastHeld = new long[directory.All.Count];

    /// <summary>One answer per partition, in their order.</summary>
    public async ValueTask<IReadOnlyList<PartitionAnswer>> SearchAsync(SearchBatch batch, SearchBudget budget)
    {
        Task<PartitionAnswer>[] asked = [.. directory.All.Select(p => SearchAsync(p, batch, budget).AsTask())];
        return await Task.WhenAll(asked);
    }

    public async ValueTask<PartitionAnswer> SearchAsync(IPartition partition, SearchBatch batch, SearchBudget budget)
    {
        try
        {
            PartitionAnswer answer = await partition.SearchAsync(batch, budget).AsTask()
                .WaitAsync(budget.Remaining + AnswerTime);
            Volatile.Write(ref lastHeld[partition.Id.Number], answer.IdentitiesHeld);
            return answer;
        }
        catch (TimeoutException)
        {
            return new PartitionAnswer
            {
                Partition = partition.Id,
                Outcome = PartitionOutcome.Unavailable,
                Reason = $"partition {partition.Id} did not answer before the deadline",
                RetryAfter = TimeSpan.FromSeconds(1),
                IdentitiesHeld = Volatile.Read(ref lastHeld[partition.Id.Number]),
            };
        }
    }
}
