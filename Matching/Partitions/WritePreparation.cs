using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// Checks the encounters of a batch and builds their rows on the engine's threads, before the batch takes its turn
/// at the writer. The caller waits for it no longer than its budget.
/// </summary>
internal static class WritePreparation
{
    private const int EncountersPerTask = 16;

    /// <returns>
    /// False where the budget ended first; a thread may still be busy with the batch then, which is not to be used.
    /// </returns>
    public static async ValueTask<bool> RunAsync(PendingBatch pending, ScanThreads threads, SearchBudget budget)
    {
        int count = pending.Batch.Writes.Count;
        List<Task<bool>> tasks = [];
        for (int first = 0; first < count; first += EncountersPerTask)
        {
            int from = first;
            int to = Math.Min(first + EncountersPerTask, count);
            if (pending.Batch.Writes.Skip(from).Take(to - from).Any(write => write.Brought is not null))
            {
                tasks.Add(threads.PrepareAsync(() => Prepare(pending, from, to, budget)));
            }
        }

        if (tasks.Count == 0)
        {
            return !budget.IsSpent;
        }

        Task<bool[]> all = Task.WhenAll(tasks);
        try
        {
            return (await all.WaitAsync(budget.Remaining, budget.Cancel)).All(isWhole => isWhole);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException && !all.IsFaulted)
        {
            return false;
        }
    }

    private static bool Prepare(PendingBatch pending, int from, int to, SearchBudget budget)
    {
        for (int i = from; i < to; i++)
        {
            if (budget.IsSpent)
            {
                return false;
            }

            if (pending.Batch.Writes[i].Brought is not { } encounter)
            {
                continue;
            }

            Refusal? refusal = pending.Batch.Writes[i] is Write.Arrive
                ? EncounterRules.CheckMoved(encounter) : EncounterRules.Check(encounter);
            if (refusal is null)
            {
                Decoded<EncounterRows> rows = EncounterRows.Build(encounter.Samples);
                pending.Rows[i] = rows.Value;
                refusal = rows.IsAccepted ? null : new Refusal(RefusalKind.Invalid, rows.Rejection.ToString());
            }

            pending.Results[i] = new WriteResult(refusal);
        }

        return true;
    }
}
