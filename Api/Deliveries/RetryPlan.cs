namespace MatchCluster.Api.Deliveries;

/// <summary>
/// When an attempt that failed is repeated: exponential back-off with full jitter (a uniform share of a bound that
/// doubles), so that what failed together is not repeated together.
/// </summary>
/// <param name="First">Bound of the first delay.</param>
/// <param name="Longest">The bound grows no further; also the longest that a receiver's Retry-After counts.</param>
/// <param name="MostAttempts">Attempts in all.</param>
/// <param name="GiveUpAfter">Age of a result at which it is tried no more.</param>
internal sealed record RetryPlan(TimeSpan First, TimeSpan Longest, int MostAttempts, TimeSpan GiveUpAfter)
{
    /// <summary>
    /// Attempts in all where the receiver answers 3xx or 4xx: a deployment may pass by, a mistake will not.
    /// </summary>
    public const int MostRefusals = 5;

    /// <summary>
    /// A receiver that is down for a weekend gets what it missed: about 200 attempts a day, half a bound apart each.
    /// </summary>
    public static RetryPlan Default { get; } = new(
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(15), MostAttempts: 1000, TimeSpan.FromDays(3));

    /// <summary>How long to wait after so many attempts; null to give up.</summary>
    /// <param name="attempts">Attempts that were made, 1 after the first.</param>
    /// <param name="random">Where the jitter comes from.</param>
    /// <param name="result">The last attempt; null counts as one that says nothing of its own.</param>
    /// <param name="age">Time since the result was there.</param>
    public TimeSpan? DelayAfter(
        int attempts, Random random, DeliveryResult? result = null, TimeSpan age = default)
    {
        if (result is { IsAttempt: false })
        {
            return result.After ?? First;
        }

        int most = Math.Min(MostAttempts, result?.MostAttempts ?? MostAttempts);
        if (attempts >= most || age >= GiveUpAfter || result?.Outcome == DeliveryOutcome.Refused)
        {
            return null;
        }

        double bound = Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Max(0, attempts - 1)));
        TimeSpan delay = TimeSpan.FromSeconds(bound * random.NextDouble());
        TimeSpan asked = result?.After ?? TimeSpan.Zero;
        asked = asked < Longest ? asked : Longest;
        return delay > asked ? delay : asked;
    }
}
