using MatchCluster.LoadTest.Runs;
using MatchCluster.LoadTest.Workload;

namespace MatchCluster.LoadTest.Reports;

/// <summary>The run as a program reads it.</summary>
internal sealed record LoadReport
{
    public int Version { get; init; } = 1;

    public required string Url { get; init; }

    public required string Gallery { get; init; }

    public required int People { get; init; }

    public required int Seed { get; init; }

    public required double IntendedPerSecond { get; init; }

    public required double DuePerSecond { get; init; }

    public required double AnsweredPerSecond { get; init; }

    /// <summary>Seconds from the start to the last answer.</summary>
    public required double Seconds { get; init; }

    /// <summary>True where the run ended before its time.</summary>
    public required bool CutShort { get; init; }

    /// <summary>The generator's own lateness, p99 in milliseconds.</summary>
    public required double DepartureP99Ms { get; init; }

    /// <summary>Results by kind of request, and of all searches together.</summary>
    public required IReadOnlyDictionary<string, KindReport> Kinds { get; init; }

    /// <summary>Searches by partner; empty where the scenario has none.</summary>
    public IReadOnlyList<PartnerReport> Partners { get; init; } = [];

    public required IReadOnlyList<LiveReport.Second> Timeline { get; init; }

    public static LoadReport Of(LoadOptions options, LoadRun run, LiveReport live, bool cutShort)
    {
        Tally searches = run.Searches();
        var kinds = new Dictionary<string, KindReport> { ["searches"] = KindReport.Of(searches) };
        foreach (RequestKind kind in options.Kinds.Append(RequestKind.Enrol))
        {
            kinds[kind.ToString().ToLowerInvariant()] = KindReport.Of(run.Of(kind));
        }

        return new LoadReport
        {
            Url = options.Url.ToString(),
            Gallery = options.Gallery,
            People = options.People,
            Seed = options.Seed,
            IntendedPerSecond = options.Rate,
            DuePerSecond = run.PerSecondDue(searches),
            AnsweredPerSecond = run.PerSecondAnswered(searches),
            Seconds = run.Answering.TotalSeconds,
            CutShort = cutShort,
            DepartureP99Ms = run.Lateness.Quantile(0.99).TotalMilliseconds,
            Kinds = kinds,
            Partners = PartnerReport.Of(options, run),
            Timeline = live.Seconds,
        };
    }
}

/// <summary>
/// One kind of request; latencies in milliseconds from the intended send time, of 2xx answers.
/// </summary>
internal sealed record KindReport(
    long Due, long Answered, double P50, double P90, double P95, double P99, double P999, double Max,
    double Mean, long Refused, long Errors, long Partial, long Right, long Missed, long FalseCandidates,
    IReadOnlyDictionary<string, long> Statuses)
{
    public static KindReport Of(Tally tally)
    {
        double Milliseconds(double quantile) => tally.Latency.Quantile(quantile).TotalMilliseconds;
        return new KindReport(
            tally.Due, tally.Answered, Milliseconds(0.5), Milliseconds(0.9), Milliseconds(0.95), Milliseconds(
                0.99),
            Milliseconds(0.999), tally.Latency.Max.TotalMilliseconds, tally.Latency.Mean.TotalMilliseconds,
            tally.Refused, tally.Errors, tally.Partial, tally.Right, tally.Missed, tally.FalseCandidates,
            tally.Statuses);
    }
}
