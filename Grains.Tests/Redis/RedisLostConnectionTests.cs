using System.Text;
using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests;
using MatchCluster.Matching.Tests.Storage;
using static MatchCluster.Grains.Tests.Redis.RedisFixture;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>The connection breaks in the middle of an append.</summary>
public sealed class RedisLostConnectionTests : IAsyncLifetime
{
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
    public async Task An_append_whose_answer_was_lost_is_acked_and_was_applied_once()
    {
        RedisFixture fixture = await NewAsync(TimeSpan.FromSeconds(20));
        await fixture.PutAsync(Some("before"));
        long puts = await fixture.CallsOfAsync("zadd");
        proxy.CutAt(Encoding.UTF8.GetBytes("cut-here"), Loss.Answer);

        AppendResult result = await fixture.PutAsync(Some("cut-here"));

        Assert.True(proxy.Cut.IsCompleted, "the connection was not cut");
        Assert.Equal(new AppendResult(AppendOutcome.Applied), result);
        Assert.Equal(puts + 1, await fixture.CallsOfAsync("zadd"));
        Assert.Equal(["before", "cut-here"], (await fixture.AllAsync()).Select(s => s.PersonId));
    }

    [SkippableFact]
    public async Task An_append_that_never_arrived_is_sent_again()
    {
        RedisFixture fixture = await NewAsync(TimeSpan.FromSeconds(20));
        proxy.CutAt(Encoding.UTF8.GetBytes("cut-here"), Loss.Request);

        AppendResult result = await fixture.PutAsync(Some("cut-here"));

        Assert.True(proxy.Cut.IsCompleted, "the connection was not cut");
        Assert.Equal(new AppendResult(AppendOutcome.Applied), result);
        Assert.Equal(1, await fixture.CallsOfAsync("zadd"));
    }

    [SkippableFact]
    public async Task Where_nobody_can_say_what_became_of_it_the_outcome_is_unknown_and_a_next_one_goes_on_behind_it()
    {
        RedisFixture fixture = await NewAsync(TimeSpan.FromMilliseconds(200));
        await fixture.PutAsync(Some("before"));
        proxy.CutAt(Encoding.UTF8.GetBytes("cut-here"), Loss.AnswerAndLine);

        AppendResult unknown = await fixture.PutAsync(Some("cut-here"));
        proxy.Restore();
        AppendResult next = await RetryAsync(fixture, Some("next"));

        Assert.Equal(AppendOutcome.Unknown, unknown.Outcome);
        Assert.True(unknown.Outage!.MayRetry);
        Assert.Contains("not known", unknown.Outage.Reason, StringComparison.Ordinal);
        Assert.Equal(new AppendResult(AppendOutcome.Applied), next);
        Assert.Equal(["before", "cut-here", "next"], (await fixture.AllAsync()).Select(s => s.PersonId));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_partition_behind_an_unknown_outcome_stops_and_shows_what_redis_has_when_it_is_opened_again(
        bool arrived)
    {
        RedisFixture fixture = await NewAsync(TimeSpan.FromMilliseconds(200));
        using PartitionHost host = new(fixture.Store, 1, TimeProvider.System);
        SearchBudget budget = SearchBudget.Of(TimeSpan.FromSeconds(60));
        await using LocalPartition partition = host.Open(P0);
        await partition.Loading;
        WriteBatch enrol = new([new Write.Create(TestPeople.EncounterOf(0))]);
        proxy.CutAt(
            Encoding.UTF8.GetBytes(TestPeople.IdOf(0)), arrived ? Loss.AnswerAndLine : Loss.RequestAndLine);

        Outage? outage = (await partition.ApplyAsync(enrol, budget)).Results[0].Outage;
        Assert.True(outage?.MayRetry);
        Assert.Contains("has to be opened again: Redis did not answer", outage?.Reason, StringComparison.Ordinal);
        Assert.True(partition.HasFailed);
        Assert.Equal(PartitionState.Failed, (await partition.StatusAsync(None)).State);
        proxy.Restore();
        Assert.True((await partition.ApplyAsync(enrol, budget)).Results[0].Outage?.MayRetry);
        await partition.DisposeAsync();

        await using LocalPartition again = await OpenAgainAsync(host);
        Assert.Equal(arrived ? 1 : 0, (await again.StatusAsync(None)).Identities);
        Assert.Equal(!arrived, (await again.ApplyAsync(enrol, budget)).Results[0].IsApplied);
        Assert.Equal(1, await fixture.Store.CountAsync(P0, None));
    }

    [SkippableFact]
    public async Task An_owner_that_was_replaced_meanwhile_still_learns_that_its_append_was_applied()
    {
        RedisFixture older = await NewAsync(TimeSpan.FromSeconds(20));
        proxy.CutAt(Encoding.UTF8.GetBytes("cut-here"), Loss.AnswerAndLine);

        Task<AppendResult> append = older.PutAsync(Some("cut-here"));
        await proxy.Cut;
        RedisFixture newer = await RedisFixture.OnAsync(server, server.Port, new RedisStoreOptions());
        await newer.PutAsync(Some("newer"));
        proxy.Restore();

        Assert.Equal(new AppendResult(AppendOutcome.Applied), await append);
        Assert.Equal(
            new AppendResult(AppendOutcome.Fenced, newer.Epoch), await older.PutAsync(Some("too late")));
        Assert.Equal(["cut-here", "newer"], (await newer.AllAsync()).Select(s => s.PersonId));
    }

    [SkippableFact]
    public async Task A_listing_goes_on_where_the_connection_broke()
    {
        RedisFixture fixture = await NewAsync(TimeSpan.FromSeconds(20));
        Encounter[] many = [.. Enumerable.Range(0, 1500).Select(i => Some($"{i:D4}"))];
        await fixture.PutAsync(many);
        proxy.CutAt(Encoding.UTF8.GetBytes("1023\0"), Loss.Answer);

        List<StoredEncounter> all = await fixture.AllAsync();

        Assert.True(proxy.Cut.IsCompleted, "the connection was not cut");
        Assert.Equal(many.Select(e => e.PersonId), all.Select(s => s.PersonId));
    }

    private static Encounter Some(string personId) => SomeEncounters.Sized(personId, "e", 100);

    private static async Task<AppendResult> RetryAsync(RedisFixture fixture, Encounter encounter)
    {
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(30));
        while (true)
        {
            AppendResult result = await fixture.PutAsync(encounter);
            if (result.Outage is not { MayRetry: true } || late.IsCancellationRequested)
            {
                return result;
            }
        }
    }

    /// <summary>The client needs a moment to connect again; an opening before that has failed.</summary>
    private static async Task<LocalPartition> OpenAgainAsync(PartitionHost host)
    {
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(30));
        while (true)
        {
            LocalPartition partition = host.Open(P0);
            await partition.Loading;
            if (!partition.HasFailed || late.IsCancellationRequested)
            {
                return partition;
            }

            await partition.DisposeAsync();
        }
    }

    private Task<RedisFixture> NewAsync(TimeSpan settleWithin) =>
        RedisFixture.OnAsync(server, proxy.Port, new RedisStoreOptions { SettleWithin = settleWithin });
}
