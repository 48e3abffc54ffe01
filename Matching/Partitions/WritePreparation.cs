using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// Checks the encounters of a batch and builds their rows on the engine's threads, before the batch takes its turn
/// at the writer.
/// </summary>
internal static class WritePreparation
{
    private const int EncountersPerTask = 16;

    public static Task RunAsync(PendingBatch pending, ScanThreads threads)
    {
        int count = pending.Batch.Writes.Count;
        List<Task> tasks = [];
        for (int first = 0; first < count; first += EncountersPerTask)
        {
            int from = first;
            int to = Math.Min(first + EncountersPerTask, count);
            if (pending.Batch.Writes.Skip(from).Take(to - from).Any(write => Content(write) is not null))
            {
                tasks.Add(threads.PrepareAsync(() => Prepare(pending, from, to)));
            }
        }

        return Task.WhenAll(tasks);
    }

    private static int Prepare(PendingBatch pending, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            if (Content(pending.Batch.Writes[i]) is not { } encounter)
            {
                continue;
            }

            Refusal? refusal = EncounterRules.Check(encounter);
            if (refusal is null)
            {
                Decoded<EncounterRows> rows = EncounterRows.Build(encounter.Samples);
                pending.Rows[i] = rows.Value;
                refusal = rows.IsAccepted ? null : new Refusal(RefusalKind.Invalid, rows.Rejection.ToString());
            }

            pending.Results[i] = new WriteResult(refusal);
        }

        return to - from;
    }

    private static Encounter? Content(Write write) => write switch
    {
        Write.Create create => create.Encounter,
        Write.Update update => update.Encounter,
        Write.Arrive arrive => arrive.Encounter,
        _ => null,
    };
}
