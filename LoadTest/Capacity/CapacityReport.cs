namespace MatchCluster.LoadTest.Capacity;

/// <summary>Everything that one simulation said, with what it assumed.</summary>
internal sealed record CapacityReport(
    MachineFigures Figures, Assumptions Assumed, IReadOnlyList<SizingResult> Sizes, IReadOnlyList<TailRow> Tails)
{
    public static CapacityReport Of(MachineFigures figures, Assumptions assumed, IReadOnlyList<Demand> demands) => new(
        figures, assumed,
        [
            .. demands.SelectMany(demand => figures.Probes.Select(
                probe => Sizing.Of(demand, probe, figures, assumed))),
        ],
        [.. TailStudy.Rows(figures, assumed)]);
}
