namespace MatchCluster.Matching.Quotas;

/// <summary>
/// A token bucket: a use takes a token, tokens come at the rate and are kept up to the burst. The framework's
/// (System.Threading.RateLimiting) knows whole tokens in a period of the system's own clock; here rates are fractions,
/// change while it runs, and time comes in by the door. Time is the clock's monotonic one: no jump of the date gives
/// or takes any. Not safe for several threads.
/// </summary>
internal sealed class TokenBucket(TimeProvider clock)
{
    private const double BurstSeconds = 2;

    private double tokens = double.PositiveInfinity;
    private long filled = clock.GetTimestamp();

    /// <summary>Uses that may come at once: two seconds of the rate, one at least.</summary>
    public static double BurstOf(double rate) => Math.Max(1, rate * BurstSeconds);

    /// <summary>Tokens that are there.</summary>
    public double Fill(double rate)
    {
        long now = clock.GetTimestamp();
        double seconds = Math.Max(0, clock.GetElapsedTime(filled, now).TotalSeconds);
        filled = now;
        tokens = Math.Min(BurstOf(rate), tokens + (seconds * rate));
        return tokens;
    }

    /// <summary>The time until there is a token; zero where there is one.</summary>
    public TimeSpan WaitFor(double rate) =>
        Fill(rate) is var there && there >= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - there) / rate);

    /// <summary>Takes a token that is there.</summary>
    public void Take() => tokens--;
}
