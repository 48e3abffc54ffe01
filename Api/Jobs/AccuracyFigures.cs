using MatchCluster.Matching.Scores;

namespace MatchCluster.Api.Jobs;

/// <summary>A share with its 95 % interval (Wilson).</summary>
/// <param name="Count">How many.</param>
/// <param name="Of">The number that it is a share of.</param>
/// <param name="Value">The share.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
internal sealed record JobShare(int Count, int Of, double Value, double Low, double High)
{
    public static JobShare Counted(int count, int of)
    {
        Proportion share = new(count, of);
        return new JobShare(count, of, share.Value, share.Low, share.High);
    }
}

/// <summary>Errors at a threshold.</summary>
/// <param name="Name">What has this threshold.</param>
/// <param name="Threshold">-10 log10 FMR.</param>
/// <param name="Fnir">Mated searches whose person did not reach it.</param>
/// <param name="Fpir">Searches for persons who are not enrolled with a candidate at or above it.</param>
internal sealed record JobErrors(string Name, double Threshold, JobShare Fnir, JobShare Fpir);

/// <summary>Mated searches whose person is among the first so many.</summary>
internal sealed record JobRank(int Rank, JobShare Share);

/// <summary>The figures of a labelled set.</summary>
/// <param name="Mated">Searches for enrolled persons.</param>
/// <param name="NonMated">Searches for persons who are not enrolled.</param>
/// <param name="Identities">The most identities that a search compared.</param>
/// <param name="Floor">Below this score nothing was looked at.</param>
/// <param name="CutLists">Searches with more candidates than their list has room for.</param>
/// <param name="Errors">At the thresholds that searches use.</param>
/// <param name="Ranks">How often the person is among the first.</param>
internal sealed record AccuracyFigures(
    int Mated, int NonMated, long Identities, double Floor, int CutLists, IReadOnlyList<JobErrors> Errors,
    IReadOnlyList<JobRank> Ranks)
{
    /// <summary>FPIR that makes the threshold of a search that states none, and of the yellow of a rapid one.</summary>
    private const double DefaultFpir = 0.01;

    private static readonly (string Name, double Fpir)[] Targets =
    [
        ("FPIR 10 %", 0.1), ("default of searches, yellow of rapid ones: FPIR 1 %", DefaultFpir),
        ("FPIR 0.1 %", 0.001), ("red of rapid searches: FPIR 0.01 %", 0.0001),
    ];

    private static readonly int[] RanksShown = [1, 2, 5, 10, 20, 50, 100];

    /// <param name="seen">How the probes scored.</param>
    /// <param name="floor">Below this score nothing was looked at.</param>
    /// <param name="places">Candidates that each search looked at; null where no rank is beyond them.</param>
    public static AccuracyFigures Of(IReadOnlyList<Observation> seen, double floor, int? places = null)
    {
        Observation[] mated = [.. seen.Where(one => one.IsMated)];
        Observation[] others = [.. seen.Where(one => !one.IsMated)];
        long identities = seen.Count == 0 ? 0 : seen.Max(one => one.Comparable);
        List<(string Name, double At)> thresholds =
            [.. Targets.Select(target => (target.Name, Fpir.ThresholdFor(target.Fpir, identities)))];
        thresholds.Add(("the lowest of this job", floor));
        JobErrors At(string name, double threshold) => new(
            name, threshold, Share(mated, one => !(one.MateScore >= threshold)),
            Share(others, one => one.OtherScore >= threshold));

        return new AccuracyFigures(
            mated.Length, others.Length, identities, floor, seen.Count(one => one.IsCut),
            [.. thresholds.Where(one => one.At >= floor).OrderBy(one => one.At).Select(one => At(one.Name, one.At))],
            [
                .. RanksShown.Where(rank => rank <= (places ?? rank))
                    .Select(rank => new JobRank(rank, Share(mated, one => one.MateRank <= rank))),
            ]);
    }

    private static JobShare Share(Observation[] all, Func<Observation, bool> isCounted) =>
        JobShare.Counted(all.Count(isCounted), all.Length);
}
