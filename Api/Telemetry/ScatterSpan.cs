using System.Diagnostics;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Telemetry;

/// <summary>
/// The activity from the first message of a search to its last answer, and the one after it: what the search
/// does with the answers. What partitions did is said on the first, for all of them together: a cluster has
/// thousands, and an activity each would cost more than the search. The calls to silos hang on it.
/// </summary>
/// <remarks>
/// While it is not disposed of, what is started is started below it; then its caller goes on below the search.
/// </remarks>
internal sealed class ScatterSpan : IDisposable
{
    private const string Gather = "gather";

    private readonly ActivitySource source;
    private readonly Activity? search = Activity.Current;
    private readonly Activity? scatter;
    private readonly int partitions;
    private int left;
    private int complete;
    private long longestQueueTicks;
    private long scanTicks;

    public ScatterSpan(ActivitySource source, int partitions)
    {
        this.source = source;
        left = this.partitions = partitions;
        scatter = source.StartActivity("scatter");
    }

    /// <summary>Ends what a search does with its answers; nothing where they did not all come.</summary>
    public static void EndGather(Activity? search) => (search?.GetCustomProperty(Gather) as Activity)?.Stop();

    /// <summary>Passes an answer on; the last one ends the scatter before its caller has it.</summary>
    public async Task<PartitionAnswer> WatchAsync(Task<PartitionAnswer> asked)
    {
        if (scatter is null)
        {
            return await asked;
        }

        try
        {
            PartitionAnswer answer = await asked;
            Add(answer);
            return answer;
        }
        finally
        {
            if (Interlocked.Decrement(ref left) == 0)
            {
                End(scatter);
            }
        }
    }

    private void Add(PartitionAnswer answer)
    {
        Interlocked.Add(ref scanTicks, answer.ScanTime.Ticks);
        if (answer.Outcome == PartitionOutcome.Complete)
        {
            Interlocked.Increment(ref complete);
        }

        long queued = answer.QueueTime.Ticks;
        for (long seen = Volatile.Read(ref longestQueueTicks); queued > seen;)
        {
            seen = Interlocked.CompareExchange(ref longestQueueTicks, queued, seen) is var now && now == seen
                ? queued : now;
        }
    }

    private void End(Activity ended)
    {
        ended.SetTag("partitions", partitions);
        ended.SetTag("partitions.complete", Volatile.Read(ref complete));
        ended.SetTag("queue.ms", Milliseconds(Volatile.Read(ref longestQueueTicks)));
        ended.SetTag("scan.ms", Milliseconds(Volatile.Read(ref scanTicks)));
        ended.Stop();
        search?.SetCustomProperty(Gather, source.StartActivity(Gather, ActivityKind.Internal, search.Context));
    }

    /// <summary>To the microsecond: people read the tags of a span.</summary>
    private static double Milliseconds(long ticks) => Math.Round(new TimeSpan(ticks).TotalMilliseconds, 3);

    public void Dispose() => Activity.Current = search;
}
