using MatchCluster.LoadTest.Runs;
using MatchCluster.LoadTest.Workload;

namespace MatchCluster.LoadTest.Reports;

/// <summary>What became of one partner's searches.</summary>
internal sealed record PartnerReport(
    string Name, int? Priority, double Share, double DuePerSecond, double AnsweredPerSecond, KindReport Searches)
{
    /// <summary>The report of every partner; empty for a run without any.</summary>
    public static IReadOnlyList<PartnerReport> Of(LoadOptions options, LoadRun run) =>
    [
        .. options.Partners.Select((partner, number) => Of(partner, run, run.OfPartner(number))),
    ];

    private static PartnerReport Of(Partner partner, LoadRun run, Tally tally) => new(
        partner.Name, partner.Priority, partner.Share, run.PerSecondDue(tally), run.PerSecondAnswered(tally),
        KindReport.Of(tally));

    /// <summary>Name and priority.</summary>
    internal string Title => Priority is { } priority ? $"{Name} ({priority})" : Name;
}
