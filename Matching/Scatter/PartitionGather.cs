using MatchCluster.Matching.Seam;

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

    /// <summary>What partitions last said of kinds of searches.</summary>
    public GalleryMemory Memory { get; } = new(directory.All.Count);

    /// <summary>One answer per partition, in their order.</summary>
    /// <param name="batch">The searches.</param>
    /// <param name="kinds">Of each, for <see cref="Memory"/>.</param>
    /// <param name="budget">How long.</param>
    public async ValueTask<IReadOnlyList<PartitionAnswer>> SearchAsync(
        SearchBatch batch, string[] kinds, SearchBudget budget)
    {
        IReadOnlyList<Task<PartitionAnswer>> asked = directory.SearchAll(batch, budget);
        PartitionAnswer[] answers = await Task.WhenAll(
            asked.Select((answer, number) => InTimeAsync(new(number), answer, budget)));
        foreach (PartitionAnswer answer in answers)
        {
            for (int i = 0; i < answer.Results.Count; i++)
            {
                if (answer.Results[i].Count is { } count)
                {
                    Memory.Heard(kinds[i], answer.Partition.Number, count);
                }
            }
        }

        return answers;
    }

    public Task<PartitionAnswer> SearchAsync(IPartition partition, SearchBatch batch, SearchBudget budget) =>
        InTimeAsync(partition.Id, partition.SearchAsync(batch, budget).AsTask(), budget);

    private async Task<PartitionAnswer> InTimeAsync(
        PartitionId partition, Task<PartitionAnswer> asked, SearchBudget budget)
    {
        try
        {
            return Remembered(await asked.WaitAsync(budget.Remaining + AnswerTime));
        }
        catch (TimeoutException)
        {
            return new PartitionAnswer
            {
                Partition = partition,
                Outcome = PartitionOutcome.Unavailable,
                Reason = $"partition {partition} did not answer before the deadline",
                RetryAfter = TimeSpan.FromSeconds(1),
                IdentitiesHeld = Volatile.Read(ref lastHeld[partition.Number]),
            };
        }
    }

    /// <summary>
    /// A partition that is lost or has just begun to load does not know what it holds: what it last said stands, so
    /// that the answer does not shrink the gallery to what is left of it.
    /// </summary>
    private PartitionAnswer Remembered(PartitionAnswer answer)
    {
        ref long held = ref lastHeld[answer.Partition.Number];
        if (answer.Outcome == PartitionOutcome.Unavailable)
        {
            return answer with { IdentitiesHeld = Math.Max(answer.IdentitiesHeld, Volatile.Read(ref held)) };
        }

        Volatile.Write(ref held, answer.IdentitiesHeld);
        return answer;
    }
}
