using System.Diagnostics.Metrics;
using MatchCluster.Api.Telemetry;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MatchCluster.Api.Tests.Telemetry;

public sealed class RecentActivityTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void Seconds_that_are_over_are_counted_each_by_itself()
    {
        RecentActivity recent = new(clock);
        recent.Searched(TimeSpan.FromMilliseconds(10), searches: 3, partial: 1);
        recent.Refused();
        clock.Advance(TimeSpan.FromSeconds(1.5));
        recent.Wrote(5);
        Assert.Equal(0, recent.Read().Seconds[^1].Writes);
        clock.Advance(TimeSpan.FromSeconds(1));

        IReadOnlyList<SecondPicture> seconds = recent.Read().Seconds;

        Assert.Equal(RecentActivity.Seconds, seconds.Count);
        Assert.Equal((3, 1, 1, 0), Counts(seconds[^2]));
        Assert.Equal((0, 0, 0, 5), Counts(seconds[^1]));
        Assert.Null(seconds[^1].P50Ms);
        Assert.All(seconds.SkipLast(2), second => Assert.Equal(0, second.Searches));
    }

    [Fact]
    public void Whoever_names_somebody_unknown_or_takes_a_taken_id_was_not_turned_away()
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        RecentActivity recent = new(clock);
        using SearchMetrics metrics = new(services.GetRequiredService<IMeterFactory>(), recent);

        metrics.Wrote(TimeSpan.FromMilliseconds(1), new WriteAck(
        [
            WriteResult.Applied,
            .. Enum.GetValues<RefusalKind>().Select(kind => new WriteResult(new Refusal(kind, "why"))),
            new WriteResult(Outage: new Outage("why", MayRetry: true)),
        ]));
        clock.Advance(TimeSpan.FromSeconds(1));

        // Overloaded, Full and the outage; Invalid, Unknown and Conflict are the caller's.
        Assert.Equal((0, 0, 3, 1), Counts(recent.Read().Seconds[^1]));
    }

    [Fact]
    public void A_minute_later_nothing_is_left_though_the_ring_was_not_touched()
    {
        RecentActivity recent = new(clock);
        recent.Searched(TimeSpan.FromMilliseconds(10), searches: 3, partial: 0);
        clock.Advance(TimeSpan.FromSeconds(RecentActivity.Seconds + 1));

        RecentPicture picture = recent.Read();

        Assert.All(picture.Seconds, second => Assert.Equal(0, second.Searches));
        Assert.Null(picture.P99Ms);
    }

    [Fact]
    public void Percentiles_cover_ten_seconds_and_say_at_most_seven_per_cent_too_much()
    {
        RecentActivity recent = new(clock);
        recent.Searched(TimeSpan.FromSeconds(60), searches: 1000, partial: 0);
        clock.Advance(TimeSpan.FromSeconds(RecentPicture.Window));
        for (int i = 1; i <= 100; i++)
        {
            recent.Searched(TimeSpan.FromMilliseconds(i), searches: 1, partial: 0);
        }

        clock.Advance(TimeSpan.FromSeconds(1));

        RecentPicture picture = recent.Read();

        Assert.InRange(picture.P50Ms!.Value, 50, 50 * 1.0626);
        Assert.InRange(picture.P95Ms!.Value, 95, 95 * 1.0626);
        Assert.InRange(picture.P99Ms!.Value, 99, 99 * 1.0626);
    }

    [Fact]
    public void The_work_of_each_partition_is_added_up()
    {
        RecentActivity recent = new(clock);
        foreach (int partition in (int[])[1, 0, 1])
        {
            recent.Scanned(new PartitionAnswer
            {
                Partition = new PartitionId(partition),
                Outcome = PartitionOutcome.Complete,
                IdentitiesHeld = 1,
                Comparisons = 7,
                ScanTime = TimeSpan.FromSeconds(0.5),
            });
        }

        Assert.Equal(
            [new PartitionWork(0, 1, 7, 0.5), new PartitionWork(1, 2, 14, 1)], recent.Read().Partitions);
    }

    private static (int Searches, int Partial, int Refused, int Writes) Counts(SecondPicture second) =>
        (second.Searches, second.Partial, second.Refused, second.Writes);
}
