using System.Text;
using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests;
using StackExchange.Redis;
using static MatchCluster.Grains.Tests.Redis.RedisFixture;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>A partition that loads from a Redis that goes away and comes back in the middle.</summary>
public sealed class RedisLoadTests : IAsyncLifetime
{
    private const int People = 1500;
    private const int LastOfFirstChunk = 1023;

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private RedisServer server = null!;
    private LossyProxy proxy = null!;

    public async Task InitializeAsync()
    {
        server = await RedisServer.StartAsync();
        proxy = new LossyProxy(server.Port);
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        await proxy.DisposeAsync();
    }

    [SkippableFact]
    public async Task A_load_comes_in_chunks_says_how_far_it_is_and_waits_for_a_line_that_broke_between_two()
    {
        RedisFixture fixture = await FilledAsync();
        using PartitionHost host = new(fixture.Store, 1, TimeProvider.System);
        proxy.CutAt(Encoding.UTF8.GetBytes($"{PersonId(LastOfFirstChunk)}\0"), Loss.RequestAndLine);

        await using LocalPartition partition = host.Open(P0);
        await proxy.Cut;
        using CancellationTokenSource late = new(Long);
        PartitionStatus status;
        do
        {
            await Task.Yield();
            late.Token.ThrowIfCancellationRequested();
            status = await partition.StatusAsync(None);
        }
        while (status.Loaded == 0);
        ReadAnswer early = await partition.ReadAsync(new ReadQuery.Person(PersonId(0)), SearchBudget.Of(Long));

        Assert.Equal((PartitionState.Loading, People), (status.State, status.ToLoad));
        Assert.InRange(status.Loaded, 1, LastOfFirstChunk + 1);
        Assert.True(early.Outage?.MayRetry);
        Assert.Matches($"is loading [0-9]+ of {People}$", early.Outage!.Reason);

        proxy.Restore();
        await partition.Loading;
        status = await partition.StatusAsync(None);
        Assert.Equal((PartitionState.Ready, People, People), (status.State, status.Loaded, status.ToLoad));
        Assert.Equal(People, status.Identities);
    }

    [SkippableFact]
    public async Task A_load_waits_for_a_redis_that_was_killed_and_reads_its_own_file_first()
    {
        RedisFixture fixture = await FilledAsync();
        await fixture.Server.KillAsync();
        using PartitionHost host = new(fixture.Store, 1, TimeProvider.System);
        await using LocalPartition partition = host.Open(P0);

        // Slowed down, it takes a second to read its file and answers nobody else meanwhile.
        await fixture.Server.StartAgainAsync("--key-load-delay", "300");
        await partition.Loading;

        PartitionStatus status = await partition.StatusAsync(None);
        Assert.Null(status.Reason);
        Assert.Equal((PartitionState.Ready, People), (status.State, status.Identities));
    }

    [SkippableFact]
    public async Task A_read_that_a_busy_server_refused_is_asked_again()
    {
        RedisFixture fixture = await FilledAsync();
        IServer host = (await server.ConnectAsync()).GetServers()[0];
        await host.ConfigSetAsync("busy-reply-threshold", 10);
        IDatabase looping = (await server.ConnectAsync()).GetDatabase();
        Task loop = looping.ExecuteAsync("EVAL", "while true do end", 0);
        await UntilBusyAsync(() => host.PingAsync());

        Task<long> count = fixture.Store.CountAsync(P0, None).AsTask();

        // Its connection answers in order: the count has had its refusal when this has.
        await UntilBusyAsync(() => fixture.Redis.GetDatabase().PingAsync());
        Assert.False(count.IsCompleted);
        await host.ExecuteAsync("SCRIPT", "KILL");
        Assert.Equal(People, await count);
        await Assert.ThrowsAsync<RedisServerException>(() => loop);
    }

    private static async Task UntilBusyAsync(Func<Task> ask)
    {
        using CancellationTokenSource late = new(Long);
        while (true)
        {
            late.Token.ThrowIfCancellationRequested();
            try
            {
                await ask();
            }
            catch (RedisServerException busy) when (busy.Message.StartsWith("BUSY", StringComparison.Ordinal))
            {
                return;
            }
        }
    }

    private static string PersonId(int person) => $"person {person:D5}";

    private async Task<RedisFixture> FilledAsync()
    {
        RedisFixture fixture = await RedisFixture.OnAsync(
            server, proxy.Port, new RedisStoreOptions { SettleWithin = Long });
        Encounter same = TestPeople.EncounterOf(0);
        AppendResult filled = await fixture.PutAsync(
            [.. Enumerable.Range(0, People).Select(person => same with { PersonId = PersonId(person) })]);
        Assert.Equal(new AppendResult(AppendOutcome.Applied), filled);
        return fixture;
    }
}
