using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scan;

/// <summary>
/// The budget of one thread's comparisons, looked at every few of them, because one encounter of hundreds of
/// rows against a probe of many samples is seconds of work. Once it is spent it stays spent, so that the code
/// that stopped early and the code that asks later agree.
/// </summary>
/// <param name="budget">How long.</param>
/// <param name="most">Comparisons at most, whatever time there is; rounded up to the next look.</param>
internal sealed class ComparisonBudget(SearchBudget budget, long most = long.MaxValue)
{
    /// <summary>Comparisons between two looks at the clock: about a millisecond of fingers, 25 ns of looking.</summary>
    private const int ComparisonsPerLook = 16;

    private int untilLook = ComparisonsPerLook;
    private long left = most;

    /// <summary>Whether comparisons were left out.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>Whether they were too many, not too slow.</summary>
    public bool IsTooMany => left <= 0;

    /// <summary>A budget that never ends.</summary>
    public static ComparisonBudget Unlimited => new(SearchBudget.Of(TimeSpan.FromDays(1)));

    /// <summary>Ask before each comparison: true where it must be left out.</summary>
    public bool Ends()
    {
        if (--untilLook > 0)
        {
            return IsSpent;
        }

        untilLook = ComparisonsPerLook;
        left -= ComparisonsPerLook;
        return EndsNow();
    }

    /// <summary>Looks at the clock: true where nothing more must be begun.</summary>
    public bool EndsNow() => IsSpent || (IsSpent = IsTooMany || budget.IsSpent);
}
