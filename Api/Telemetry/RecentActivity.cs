using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Telemetry;

/// <summary>
/// The last minute in seconds, for a person who watches: what the meters count for a collector, kept where the server's
/// own page can read it. Counts and durations only; nothing that names anybody.
/// </summary>
internal sealed class RecentActivity(TimeProvider clock)
{
    /// <summary>Whole seconds that are kept beside the current one.</summary>
    public const int Seconds = 60;

    private readonly Lock guard = new();
    private readonly Second[] ring = [.. Enumerable.Range(0, Seconds + 1).Select(_ => new Second())];
    private readonly SortedDictionary<int, PartitionWork> partitions = [];
    private readonly long started = clock.GetTimestamp();

    public void Searched(TimeSpan elapsed, int searches, int partial)
    {
        lock (guard)
        {
            Second now = Current();
            now.Searches += searches;
            now.Partial += partial;
            now.Latency.Add(elapsed, searches);
        }
    }

    public void Refused()
    {
        lock (guard)
        {
            Current().Refused++;
        }
    }

    public void Wrote(int applied)
    {
        lock (guard)
        {
            Current().Writes += applied;
        }
    }

    public void Scanned(PartitionAnswer answer)
    {
        long firstStage = answer.Results.Sum(result => result.FirstStage?.Comparisons ?? 0);
        lock (guard)
        {
            int number = answer.Partition.Number;
            PartitionWork before = partitions.GetValueOrDefault(number) ?? new PartitionWork(number, 0, 0, 0);
            partitions[number] = before with
            {
                Batches = before.Batches + 1,
                Comparisons = before.Comparisons + answer.Comparisons + firstStage,
                ScanSeconds = before.ScanSeconds + answer.ScanTime.TotalSeconds,
            };
        }
    }

    /// <summary>
    /// The whole seconds that are over, oldest first, and the percentiles of the last ten of them.
    /// </summary>
    public RecentPicture Read()
    {
        lock (guard)
        {
            long now = Now();
            LatencyBuckets window = new();
            List<SecondPicture> seconds = [];
            for (int ago = Seconds; ago >= 1; ago--)
            {
                Second second = At(now - ago) is { } found && found.Number == now - ago ? found : Second.Nothing;
                seconds.Add(new SecondPicture(
                    ago, second.Searches, second.Partial, second.Refused, second.Writes,
                    second.Latency.Percentile(0.5), second.Latency.Percentile(0.95)));
                if (ago <= RecentPicture.Window)
                {
                    window.Add(second.Latency);
                }
            }

            return new RecentPicture(
                seconds, window.Percentile(0.5), window.Percentile(0.95), window.Percentile(0.99),
                [.. partitions.Values]);
        }
    }

    private long Now() => clock.GetElapsedTime(started).Ticks / TimeSpan.TicksPerSecond;

    private Second? At(long number) => number < 0 ? null : ring[number % ring.Length];

    private Second Current()
    {
        long now = Now();
        Second second = At(now)!;
        if (second.Number != now)
        {
            second.Begin(now);
        }

        return second;
    }

    private sealed class Second
    {
        public static Second Nothing { get; } = new();

        /// <summary>
        /// Number of the second since the start; a second of the ring that is older is overwritten.
        /// </summary>
        public long Number { get; private set; } = -1;

        public int Searches { get; set; }

        public int Partial { get; set; }

        public int Refused { get; set; }

        public int Writes { get; set; }

        public LatencyBuckets Latency { get; } = new();

        public void Begin(long number)
        {
            Number = number;
            (Searches, Partial, Refused, Writes) = (0, 0, 0, 0);
            Latency.Clear();
        }
    }
}

/// <param name="Seconds">The last minute, oldest first.</param>
/// <param name="P50Ms">Median milliseconds of the searches of the last <see cref="Window"/> seconds; null
/// where there was none.</param>
/// <param name="P95Ms">95th percentile of those searches in milliseconds.</param>
/// <param name="P99Ms">99th percentile of those searches in milliseconds.</param>
/// <param name="Partitions">What each did since the start.</param>
internal sealed record RecentPicture(
    IReadOnlyList<SecondPicture> Seconds, double? P50Ms, double? P95Ms, double? P99Ms,
    IReadOnlyList<PartitionWork> Partitions)
{
    /// <summary>Seconds that the percentiles cover.</summary>
    public const int Window = 10;
}

/// <param name="Ago">Whole seconds ago, 1 the last that is over.</param>
/// <param name="Searches">Searches answered in it; each probe of a batch is counted.</param>
/// <param name="Partial">Answers among those that did not search everything.</param>
/// <param name="Refused">Searches and writes that were turned away: too many, no memory left, a partition out.</param>
/// <param name="Writes">Encounters written, changed or deleted.</param>
/// <param name="P50Ms">Median milliseconds of its searches; null where there was none.</param>
/// <param name="P95Ms">95th percentile of those searches in milliseconds.</param>
internal sealed record SecondPicture(
    int Ago, int Searches, int Partial, int Refused, int Writes, double? P50Ms, double? P95Ms);

/// <param name="Partition">Its number.</param>
/// <param name="Batches">Answers it gave to this front end.</param>
/// <param name="Comparisons">Comparisons of all stages.</param>
/// <param name="ScanSeconds">Time in its scans.</param>
internal sealed record PartitionWork(int Partition, long Batches, long Comparisons, double ScanSeconds);
