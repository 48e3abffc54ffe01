namespace MatchCluster.LoadTest.Runs;

/// <summary>
/// When requests are meant to arrive: a Poisson process, as independent callers make it. Gaps are exponential
/// with mean 1/rate, so bursts happen at the rate they happen in life; evenly spaced arrivals would hide
/// them. The times depend on the seed alone, never on how fast the server answers: that is the open model.
/// </summary>
internal sealed class PoissonArrivals(double perSecond, Random random)
{
    private double seconds;

    /// <summary>Time from the start of the run to the next arrival.</summary>
    public TimeSpan Next()
    {
        // NextDouble is inside [0, 1), so the logarithm is of (0, 1].
        seconds += -Math.Log(1 - random.NextDouble()) / perSecond;
        return TimeSpan.FromSeconds(seconds);
    }
}
