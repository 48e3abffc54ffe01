namespace MatchCluster.Api.Tests;

/// <summary>A clock that passes when the test says so.</summary>
internal sealed class HandClock : TimeProvider
{
    private long ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => ticks;

    public void Pass(TimeSpan time) => ticks += time.Ticks;
}
