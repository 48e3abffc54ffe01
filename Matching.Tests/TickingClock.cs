namespace MatchCluster.Matching.Tests;

/// <summary>
/// A clock that goes on by one tick each time it is looked at: a deadline of n ticks ends a search at its n-th look.
/// FakeTimeProvider moves by itself for its UTC time only, and not for the timestamps that a deadline is measured by.
/// </summary>
internal sealed class TickingClock : TimeProvider
{
    private long looks = -1;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Increment(ref looks);
}
