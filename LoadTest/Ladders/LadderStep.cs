using MatchCluster.LoadTest.Client;
using MatchCluster.LoadTest.Reports;
using MatchCluster.LoadTest.Runs;

namespace MatchCluster.LoadTest.Ladders;

/// <summary>One rate and what came of it; searches alone, without the warm-up, latencies in milliseconds.</summary>
internal sealed record LadderStep
{
    public required double Rate { get; init; }

    public required double AnsweredPerSecond { get; init; }

    public required KindReport Searches { get; init; }

    /// <summary>Searches by partner; empty where the scenario has none.</summary>
    public IReadOnlyList<PartnerReport> Partners { get; init; } = [];

    /// <summary>Cores busy on this machine, everybody's; null where that is not known.</summary>
    public required double? BusyCores { get; init; }

    public required IReadOnlyList<LiveReport.Second> Timeline { get; init; }

    /// <summary>Why it did not hold, or null.</summary>
    public required string? Broke { get; init; }

    public bool Held => Broke is null;

    /// <summary>Refused, failed (what the server answered as incomplete is among them) or partial.</summary>
    public long Bad => Searches.Due - Searches.Answered
        + Searches.Partial - Searches.Statuses.GetValueOrDefault(Outcome.Unavailable);

    /// <summary>Mated probes that did not come back at rank 1, non-mated ones that brought a candidate.</summary>
    public long Wrong => Searches.Missed + Searches.FalseCandidates;

    public static LadderStep Of(LadderOptions options, double rate, LoadRun run, LiveReport live, double? busyCores)
    {
        KindReport searches = KindReport.Of(run.Searches());
        LadderStep step = new()
        {
            Rate = rate,
            AnsweredPerSecond = run.PerSecondAnswered(run.Searches()),
            Searches = searches,
            Partners = PartnerReport.Of(options.Load, run),
            BusyCores = busyCores,
            Timeline = live.Seconds,
            Broke = null,
        };
        return step with
        {
            Broke = searches.Due == 0 ? "nothing was due"
                : searches.Answered == 0 ? "nothing was answered"
                : step.Bad > options.MostBad(searches.Due)
                    ? $"{step.Bad} of {searches.Due} refused, failed or partial"
                : step.Wrong > options.MostWrong(searches.Due)
                    ? $"{step.Wrong} of {searches.Due} wrong"
                : searches.P95 > options.LimitP95Ms ? $"p95 {searches.P95:0} ms" : null,
        };
    }
}

/// <summary>A whole ladder, as a program reads it.</summary>
internal sealed record LadderReport
{
    public int Version { get; init; } = 1;

    public required string Url { get; init; }

    public required string Gallery { get; init; }

    public required int People { get; init; }

    public required double LimitP95Ms { get; init; }

    public required double StepSeconds { get; init; }

    public required double WarmUpSeconds { get; init; }

    /// <summary>
    /// Median milliseconds of a search that is alone on the server, once it has warmed up; null where none was sent.
    /// </summary>
    public required double? AloneMs { get; init; }

    /// <summary>The fastest rate that held; null where none did.</summary>
    public required double? KneePerSecond { get; init; }

    /// <summary>True where it was stopped before it had found the knee.</summary>
    public required bool CutShort { get; init; }

    /// <summary>True where no step broke: the knee is beyond the fastest rate tried.</summary>
    public required bool Unbroken { get; init; }

    public required IReadOnlyList<LadderStep> Steps { get; init; }
}
