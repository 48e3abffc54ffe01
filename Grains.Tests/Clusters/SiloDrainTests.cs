using System.Collections.Concurrent;
using MatchCluster.Grains.Clients;
using MatchCluster.Grains.Silos;
using Microsoft.Extensions.Logging.Abstractions;

namespace MatchCluster.Grains.Tests.Clusters;

/// <summary>A silo that stops hands on what it has for as long as that makes progress.</summary>
public sealed class SiloDrainTests
{
    private readonly JumpingClock clock = new();
    private readonly ConcurrentDictionary<int, string> here = new(
        Enumerable.Range(0, 4).ToDictionary(partition => partition, partition => partition % 2 == 0 ? "a" : "b"));

    private readonly ConcurrentQueue<(int Partition, string Silo)> tried = new();

    [Fact]
    public async Task Every_partition_goes_where_it_belongs()
    {
        Assert.Equal(0, await DrainAsync(Moves));

        Assert.Equal([(0, "a"), (1, "b"), (2, "a"), (3, "b")], tried.OrderBy(one => one.Partition));
    }

    [Fact]
    public async Task What_one_silo_cannot_take_goes_to_another_whether_it_says_so_or_dies()
    {
        Assert.Equal(0, await DrainAsync((partition, silo, loaded) => (partition, silo) switch
        {
            (0, "a") => Task.FromResult(false),
            (1, "b") => throw new TimeoutException("no answer"),
            _ => Moves(partition, silo, loaded),
        }));

        Assert.Equal([(0, "a"), (0, "b"), (1, "b"), (1, "a"), (2, "a"), (3, "b")], tried.OrderBy(one => one.Partition));
    }

    [Fact]
    public async Task What_everybody_refused_once_is_offered_again()
    {
        Assert.Equal(0, await DrainAsync((partition, silo, loaded) =>
            partition == 2 && tried.Count(one => one.Partition == 2) < 5
                ? Task.FromResult(false) : Moves(partition, silo, loaded)));

        Assert.Equal(["a", "b", "a", "b", "a"], tried.Where(one => one.Partition == 2).Select(one => one.Silo));
    }

    [Fact]
    public async Task It_goes_on_for_hours_while_encounters_are_loaded_and_ends_a_minute_after_the_last()
    {
        // Each attempt takes half an hour and fails, a little further every time for eight times.
        long most = 0;
        TimeSpan began = clock.Time;
        int left = await DrainAsync((partition, silo, loaded) =>
        {
            clock.Time += TimeSpan.FromMinutes(30);
            most += most < 8 ? 1 : 0;
            loaded(most);
            clock.Time += TimeSpan.FromSeconds(10);
            return Task.FromResult(false);
        }, partitions: 1);

        Assert.Equal(1, left);
        Assert.InRange(tried.Count, 8, 12);
        Assert.True(clock.Time - began > TimeSpan.FromHours(4), $"{clock.Time - began}");
    }

    [Fact]
    public async Task A_silo_that_takes_nothing_for_a_minute_ends_it()
    {
        TimeSpan began = clock.Time;
        Assert.Equal(4, await DrainAsync((_, _, _) => Task.FromResult(false)));

        Assert.InRange(clock.Time - began, SiloDrain.NoProgress, 2 * SiloDrain.NoProgress);
    }

    [Fact]
    public async Task Where_nobody_is_left_it_ends_at_once()
    {
        Assert.Equal(4, await DrainAsync(Moves, silos: []));
        Assert.Empty(tried);
    }

    [Fact]
    public async Task While_nobody_says_who_shall_have_them_it_asks_again_and_hands_on_to_nobody()
    {
        int looks = 0;
        Assert.Equal(0, await DrainAsync(Moves, isHeard: () => ++looks > 5));

        Assert.Equal(4, tried.Count);
    }

    [Fact]
    public async Task Where_nobody_ever_says_who_shall_have_them_it_ends()
    {
        TimeSpan began = clock.Time;
        Assert.Equal(4, await DrainAsync(Moves, isHeard: () => false));

        Assert.Empty(tried);
        Assert.InRange(clock.Time - began, SiloDrain.NoWord, 2 * SiloDrain.NoWord);
    }

    [Fact]
    public async Task A_silo_that_stops_gives_what_has_no_room_where_it_belongs_to_another_and_no_search_is_partial()
    {
        // The third silo cannot take anything: it has memory for nobody.
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(
            silos: 3, partitions: 6, frontEnds: 1,
            options: (name, part) => part.MemoryBytes = name == "Silo_3" ? 1000 : 0);
        GrainDirectory directory = await GrainDirectory.ConnectAsync(cluster.FrontEnd);
        await cluster.SettledAsync(directory, "Silo_1:3 Silo_2:3");
        await People.EnrolAsync(directory, 0, 40);
        await cluster.JoinAsync();
        await using Traffic traffic = await Traffic.StartAsync(directory, 40, areThere: true);

        await cluster.StopAsync(cluster.Silos.Single(silo => silo.Name == "Silo_2"));
        await traffic.UntilAsync(() => true);
        await traffic.StopAsync();

        Assert.Equal(["Silo_1:6"], cluster.Loads());
        Assert.Equal(0, traffic.Partial);
        await traffic.AllAckedAreFoundAsync();
    }

    private Task<int> DrainAsync(
        Func<int, string, Action<long>, Task<bool>> handOn, int partitions = 4, string[]? silos = null,
        Func<bool>? isHeard = null)
    {
        SiloDrain drain = new(
            () => Task.FromResult(new DrainPicture(
                here.Where(one => one.Key < partitions).ToDictionary(), silos ?? ["a", "b"],
                isHeard?.Invoke() ?? true)),
            (partition, silo, loaded, _) =>
            {
                tried.Enqueue((partition, silo));
                return handOn(partition, silo, loaded);
            },
            clock, NullLogger.Instance);
        return drain.RunAsync(atOnce: 1, CancellationToken.None);
    }

    private Task<bool> Moves(int partition, string silo, Action<long> loaded) =>
        Task.FromResult(here.TryRemove(partition, out _));

    /// <summary>A clock on which a wait is over at once, and the time has passed.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        public TimeSpan Time { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Time.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Time += dueTime;
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
