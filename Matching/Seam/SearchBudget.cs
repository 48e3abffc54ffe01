using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Seam;

/// <summary>
/// How long a caller will wait and on whose behalf the call is made, carried through the whole path and looked at
/// inside the scan.
/// </summary>
public readonly struct SearchBudget
{
    private readonly TimeProvider clock;
    private readonly long deadline;

    private readonly Use? use;

    private SearchBudget(TimeProvider clock, long deadline, Use? use, CancellationToken cancel)
    {
        this.clock = clock;
        this.deadline = deadline;
        this.use = use;
        Cancel = cancel;
    }

    /// <summary>On whose behalf; <see cref="Use.Unstated"/> where nobody said.</summary>
    public Use Use => use ?? Use.Unstated;

    public CancellationToken Cancel { get; }

    /// <summary>True when the deadline has passed or the caller has gone.</summary>
    public bool IsSpent => Cancel.IsCancellationRequested || clock.GetTimestamp() >= deadline;

    /// <summary>Time left, never negative.</summary>
    public TimeSpan Remaining
    {
        get
        {
            TimeSpan left = clock.GetElapsedTime(clock.GetTimestamp(), deadline);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>
    /// A budget with this deadline and another token, as a rule one that is linked with this one's.
    /// </summary>
    public SearchBudget With(CancellationToken cancel) => new(clock, deadline, use, cancel);

    /// <summary>A budget with this deadline and token for another use.</summary>
    public SearchBudget For(Use other) => new(clock, deadline, other, Cancel);

    /// <summary>A budget that ends <paramref name="time"/> from now.</summary>
    public static SearchBudget Of(TimeSpan time, CancellationToken cancel = default) =>
        Of(time, TimeProvider.System, cancel);

    /// <summary>A budget that ends <paramref name="time"/> from now by a given clock.</summary>
    public static SearchBudget Of(TimeSpan time, TimeProvider clock, CancellationToken cancel)
    {
        long ticks = (long)(time.TotalSeconds * clock.TimestampFrequency);
        return new SearchBudget(clock, clock.GetTimestamp() + ticks, null, cancel);
    }
}
