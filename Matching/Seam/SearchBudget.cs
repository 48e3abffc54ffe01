using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Seam;

/// <summary>
/// How long a caller will wait, on whose behalf the call is made and where it stands among others, carried through the
/// whole path and looked at inside the scan.
/// </summary>
public readonly struct SearchBudget
{
    private readonly TimeProvider clock;
    private readonly long deadline;

    private readonly Use? use;
    private readonly IReadOnlyList<GalleryLease>? leases;

    private SearchBudget(
        TimeProvider clock, long deadline, Use? use, CancellationToken cancel, Standing standing = default,
        IReadOnlyList<GalleryLease>? leases = null)
    {
        this.leases = leases;
        this.clock = clock;
        this.deadline = deadline;
        this.use = use;
        Cancel = cancel;
        Standing = standing;
    }

    /// <summary>On whose behalf; <see cref="Use.Unstated"/> where nobody said.</summary>
    public Use Use => use ?? Use.Unstated;

    public CancellationToken Cancel { get; }

    /// <summary>Where its work stands among others that wait for a thread.</summary>
    public Standing Standing { get; }

    /// <summary>Turns of galleries that the caller holds; none as a rule.</summary>
    public IReadOnlyList<GalleryLease> Leases => leases ?? [];

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
    public SearchBudget With(CancellationToken cancel) => new(clock, deadline, use, cancel, Standing, leases);

    /// <summary>A budget with this deadline and token for another use.</summary>
    public SearchBudget For(Use other) => new(clock, deadline, other, Cancel, Standing, leases);

    /// <summary>A budget with this deadline, use and token for work that stands elsewhere among others.</summary>
    public SearchBudget At(Standing standing) => new(clock, deadline, use, Cancel, standing, leases);

    /// <summary>A budget with all of this for work in turns that the caller holds.</summary>
    public SearchBudget In(IReadOnlyList<GalleryLease> held) => new(clock, deadline, use, Cancel, Standing, held);

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
