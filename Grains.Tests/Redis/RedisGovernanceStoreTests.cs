using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Tests.Governance;
using MatchCluster.Matching.Uses;
using StackExchange.Redis;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>The documents of a cluster on a real server.</summary>
public sealed class RedisGovernanceStoreTests : GovernanceStoreContract
{
    private static readonly StandingClock Clock = new();

    [SkippableFact]
    public async Task A_change_by_one_front_end_acts_on_the_next_request_of_another()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer one = await server.ConnectAsync(server.Port);
        await using ConnectionMultiplexer other = await server.ConnectAsync(server.Port);
        Agreements here = new(StoreOn(one), Clock);
        Agreements there = new(StoreOn(other), Clock);
        for (int i = 0; i < 50; i++)
        {
            AgreementPhase phase = i % 2 == 0 ? AgreementPhase.Live : AgreementPhase.Suspended;
            await SomeAgreements.SignAsync(i % 3 == 0 ? there : here, SomeAgreements.Border with { Phase = phase });

            foreach (Agreements any in (Agreements[])[here, there])
            {
                UseDecision decision = await any.DecideAsync(
                    SomeAgreements.ByBorder, UseRequest.Of(Operation.Identify, "watchlist"), default);
                Assert.Equal(phase == AgreementPhase.Live ? null : UseRule.AgreementSuspended, decision.Refusal?.Rule);
            }
        }
    }

    [SkippableFact]
    public async Task Without_Redis_nothing_is_allowed()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer redis = await server.ConnectAsync(server.Port);
        Agreements agreements = new(StoreOn(redis), TimeProvider.System);
        Assert.Equal(UseRule.NoAgreement, (await AskAsync()).Refusal?.Rule);

        await server.KillAsync();

        Assert.Equal(RefusalKind.Unavailable, (await AskAsync()).Refusal?.Kind);

        ValueTask<UseDecision> AskAsync() => agreements.DecideAsync(
            SomeAgreements.ByBorder, UseRequest.Of(Operation.Identify, "watchlist"), default);
    }

    private protected override async Task<Opened> OpenAsync()
    {
        RedisServer server = await RedisServer.StartAsync();
        ConnectionMultiplexer redis = await server.ConnectAsync(server.Port);
        return new Opened(StoreOn(redis), async () =>
        {
            await redis.DisposeAsync();
            await server.DisposeAsync();
        });
    }

    private static RedisGovernanceStore StoreOn(ConnectionMultiplexer redis) =>
        new(redis, RedisFixture.Name, new RedisStoreOptions { SettleWithin = TimeSpan.FromSeconds(2) });

    /// <summary>The time of the agreements.</summary>
    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => SomeAgreements.Now;
    }
}
