using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// Asks partitions at once and waits for each no longer than the budget: a partition that does not answer in time is
/// answered for, with what it last said it holds.
/// </summary>
internal sealed class PartitionGather(IPartitionDirectory directory, TimeProvider clock)
{
    /// <summary>A partition ends its scan at the deadline; its answer needs a moment to come back.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(100);

    private readonly long[] lastHeld = new long[directory.All.Count];

    /// <summary>What partitions last said of kinds of searches.</summary>
    public GalleryMemory Memory { get; } = new(directory.All.Count);

    /// <summary>
    /// Searches every partition. Gives one answer per partition, in their order, and the time at the end in
    /// which the call only waited for partitions that then were not searched.
    /// </summary>
    /// <param name="batch">The searches.</param>
    /// <param name="kinds">The kind of each search, for <see cref="Memory"/>.</param>
    /// <param name="budget">How long the caller waits.</param>
    public async ValueTask<(IReadOnlyList<PartitionAnswer> Answers, TimeSpan InVain)> SearchAsync(
        SearchBatch batch, string[] kinds, SearchBudget budget)
    {
        long lastSearched = clock.GetTimestamp();
        IReadOnlyList<Task<PartitionAnswer>> asked = directory.SearchAll(batch, budget);
        PartitionAnswer[] answers = await Task.WhenAll(asked.Select(NotedAsync));
        TimeSpan inVain = answers.All(answer => answer.Results.Count > 0)
            ? TimeSpan.Zero : clock.GetElapsedTime(Volatile.Read(ref lastSearched));
        Remember(kinds, answers);
        return (answers, inVain);

        async Task<PartitionAnswer> NotedAsync(Task<PartitionAnswer> answer, int number)
        {
            PartitionAnswer given = await InTimeAsync(new(number), answer, budget);
            if (given.Results.Count > 0)
            {
                Volatile.Write(ref lastSearched, clock.GetTimestamp());
            }

            return given;
        }
    }

    private void Remember(string[] kinds, PartitionAnswer[] answers)
    {
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
