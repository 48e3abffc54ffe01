using System.Text;
using MatchCluster.Grains.Redis;
using MatchCluster.Matching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Storage;
using StackExchange.Redis;
using static MatchCluster.Grains.Tests.Redis.RedisFixture;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>Servers that die, are full or came back with less than they had acked.</summary>
public sealed class RedisFaultTests
{
    /// <summary>
    /// Both stated settings keep acks through the end of the process, everysec once they are written, which Redis puts
    /// off while the disk is slow; loss of power is not tried here.
    /// </summary>
    [SkippableTheory]
    [InlineData("always", false)]
    [InlineData("everysec", false)]
    [InlineData("always", true)]
    public async Task A_killed_server_has_every_acked_append_when_it_is_back(string fsync, bool rewrites)
    {
        const int Writers = 8;
        const int EachBeforeTheKill = 25;
        await using RedisFixture fixture = await NewAsync("--appendfsync", fsync);
        Assert.Contains($"fsync {fsync}", fixture.Store.Durability, StringComparison.Ordinal);
        using CancellationTokenSource enough = new();
        TaskCompletionSource warm = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int acks = 0;

        Task<List<string>>[] writers = [.. Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            List<string> acked = [];
            for (int i = 0; !enough.IsCancellationRequested; i++)
            {
                string person = $"{writer}-{i:D6}";
                if ((await fixture.PutAsync(Some(person, 4000))).Outcome == AppendOutcome.Applied)
                {
                    acked.Add(person);
                }

                if (Interlocked.Increment(ref acks) == Writers * EachBeforeTheKill)
                {
                    warm.SetResult();
                }
            }

            return acked;
        }))];
        await warm.Task;
        if (rewrites)
        {
            // The file is replaced while it is written: acks before, during and after it.
            await fixture.Redis.GetServers()[0].ExecuteAsync("BGREWRITEAOF");
            await fixture.Server.WaitForLineAsync("Background AOF rewrite finished successfully");
        }

        if (fsync == "everysec")
        {
            // While the disk is slow in the background Redis keeps what it acked in memory, for two seconds at most.
            await enough.CancelAsync();
            await Task.WhenAll(writers);
            while (!$"{await fixture.Redis.GetServers()[0].ExecuteAsync("INFO", "persistence")}"
                .Contains("aof_buffer_length:0\r\n", StringComparison.Ordinal))
            {
            }
        }

        await fixture.Server.KillAsync();
        int acksAtKill = Volatile.Read(ref acks);
        await fixture.Server.StartAgainAsync();
        await fixture.PutAsync(Some("after", 10));
        await enough.CancelAsync();
        string[] acked = [.. (await Task.WhenAll(writers)).SelectMany(persons => persons)];

        string[] found = [.. (await fixture.AllAsync()).Select(s => s.PersonId)];
        Assert.True(acksAtKill >= Writers * EachBeforeTheKill, $"{acksAtKill}");
        Assert.Empty(acked.Except(found));
        Assert.Equal(found.Distinct(), found);
        Assert.Contains("after", found);
        Assert.Equal(found.Length, await fixture.Store.CountAsync(P0, None));
    }

    [SkippableFact]
    public async Task A_full_server_refuses_puts_and_keeps_what_it_acked_until_deletes_make_room()
    {
        await using RedisFixture fixture = await NewAsync("--maxmemory", "6mb");
        List<string> acked = [];
        AppendResult result;
        while ((result = await fixture.PutAsync(Some($"{acked.Count:D6}", 60_000))).Outcome
            == AppendOutcome.Applied)
        {
            acked.Add($"{acked.Count:D6}");
        }

        Assert.Equal(AppendOutcome.Failed, result.Outcome);
        Assert.True(result.Outage!.MayRetry);
        Assert.Contains("full", result.Outage.Reason, StringComparison.Ordinal);
        Assert.True(acked.Count > 10, $"{acked.Count} acked");
        Assert.Equal(acked, (await fixture.AllAsync()).Select(s => s.PersonId));

        long epoch = await fixture.Store.OpenEpochAsync(P0, None);
        StoreWrite[] deletes = [.. acked.Take(10).Select(person => StoreWrite.Delete(person, "e"))];
        Assert.Equal(
            AppendOutcome.Applied, (await fixture.Store.AppendAsync(P0, epoch, deletes, None)).Outcome);
        AppendResult fits = await fixture.Store.AppendAsync(
            P0, epoch, [StoreWrite.Put(Some("fits", 60_000))], None);
        Assert.Equal(new AppendResult(AppendOutcome.Applied), fits);
    }

    [SkippableFact]
    public async Task Of_appends_that_wait_together_at_a_full_server_the_deletes_are_applied()
    {
        await using RedisFixture fixture = await NewAsync();
        await fixture.PutAsync(Some("old", 10));
        await fixture.Redis.GetServers()[0].ConfigSetAsync("maxmemory", 1);

        Task<AppendResult> first = fixture.PutAsync(Some("first", 10));
        Task<AppendResult> second = fixture.PutAsync(Some("second", 10));
        AppendResult delete = await fixture.Store.AppendAsync(
            P0, fixture.Epoch, [StoreWrite.Delete("old", "e")], None);

        Assert.Equal(new AppendResult(AppendOutcome.Applied), delete);
        Assert.Equal(AppendOutcome.Failed, (await first).Outcome);
        Assert.Equal(AppendOutcome.Failed, (await second).Outcome);
        Assert.Equal(0, await fixture.Store.CountAsync(P0, None));
    }

    [SkippableFact]
    public async Task A_server_that_came_back_without_acked_appends_fences_their_owner()
    {
        await using RedisFixture fixture = await NewAsync("--appendonly", "no");
        await fixture.PutAsync(Some("saved", 10));
        await fixture.Redis.GetServers()[0].ExecuteAsync("SAVE");
        await fixture.PutAsync(Some("lost", 10));
        await fixture.Server.KillAsync();
        await fixture.Server.StartAgainAsync();

        AppendResult result = await fixture.PutAsync(Some("next", 10));

        Assert.StartsWith("no append-only file", fixture.Store.Durability, StringComparison.Ordinal);
        Assert.Equal(new AppendResult(AppendOutcome.Fenced, fixture.Epoch), result);
        Assert.Equal(["saved"], (await fixture.AllAsync()).Select(s => s.PersonId));
        Assert.Equal(fixture.Epoch + 1, await fixture.Store.OpenEpochAsync(P0, None));
    }

    [SkippableFact]
    public async Task A_server_that_is_gone_or_lacks_its_replicas_or_became_one_is_an_outage_that_may_end()
    {
        RedisStoreOptions impatient = new() { SettleWithin = TimeSpan.FromMilliseconds(100) };
        await using RedisFixture fixture = await NewAsync(impatient);
        await fixture.PutAsync(Some("before", 10));
        IServer server = fixture.Redis.GetServers()[0];

        await server.ConfigSetAsync("min-replicas-to-write", 1);
        AppendResult alone = await fixture.PutAsync(Some("alone", 10));
        await server.ConfigSetAsync("min-replicas-to-write", 0);
        await server.ExecuteAsync("REPLICAOF", "127.0.0.1", "1");
        AppendResult replica = await fixture.PutAsync(Some("replica", 10));
        await server.ExecuteAsync("REPLICAOF", "NO", "ONE");
        await fixture.Server.KillAsync();
        AppendResult gone = await fixture.PutAsync(Some("gone", 10));

        Assert.All([alone, replica], result => Assert.Equal(AppendOutcome.Failed, result.Outcome));

        // Whether it was on its way when the line broke decides which: both are honest.
        Assert.True(gone.Outcome is AppendOutcome.Failed or AppendOutcome.Unknown, $"{gone}");
        Assert.All([alone, replica, gone], result => Assert.True(result.Outage!.MayRetry, $"{result}"));
        Assert.Contains("too few replicas", alone.Outage!.Reason, StringComparison.Ordinal);
        Assert.Contains("replica", replica.Outage!.Reason, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreException>(async () => await fixture.Store.CountAsync(P0, None));

        await fixture.Server.StartAgainAsync();
        Assert.Equal(["before"], (await fixture.AllAsync()).Select(s => s.PersonId));
    }

    [SkippableFact]
    public async Task A_store_on_another_connection_that_opens_the_partition_fences_the_first()
    {
        await using RedisFixture older = await NewAsync();
        await older.PutAsync(Some("1", 10));
        RedisFixture newer = await OnAsync(older.Server, older.Server.Port, new RedisStoreOptions());

        AppendResult[] late = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => older.PutAsync(Some($"late {i}", 10))));

        Assert.All(late, result => Assert.Equal(new AppendResult(AppendOutcome.Fenced, newer.Epoch), result));
        Assert.Equal(new AppendResult(AppendOutcome.Applied), await newer.PutAsync(Some("2", 10)));
        Assert.Equal(["1", "2"], (await older.AllAsync()).Select(s => s.PersonId));
    }

    [SkippableFact]
    public async Task A_delayed_copy_of_a_group_that_arrives_behind_a_later_one_changes_nothing()
    {
        await using RedisFixture fixture = await NewAsync();
        RedisSession session = new(fixture.Redis, new RedisKeys(Name), new RedisStoreOptions());
        RedisKey[] keys = session.Keys.Partition(0);
        RedisValue[] put = ["w:1", "", fixture.Epoch, 1, 0, 0, Member("a"), "record", ""];
        RedisValue[] delete = ["w:2", "w:1", fixture.Epoch, 0, 0, 0, Member("a"), "", ""];

        List<int> codes = [];
        foreach (RedisValue[] group in (RedisValue[][])[put, put, delete, put])
        {
            RedisResult answer = await session.RunAsync(RedisScripts.Append, keys, group);
            codes.Add((int)answer[0]);
        }

        Assert.Equal(
            [RedisScripts.Applied, RedisScripts.Applied, RedisScripts.Applied, RedisScripts.Follows], codes);
        Assert.Equal(0, await fixture.Store.CountAsync(P0, None));
        Assert.Equal(1, await fixture.CallsOfAsync("zadd"));
    }

    [SkippableFact]
    public async Task Damaged_records_come_as_rejections_among_the_others()
    {
        await using RedisFixture fixture = await NewAsync();
        await fixture.PutAsync(Some("a", 10), Some("b", 10), Some("c", 10), Some("d", 10));
        RedisKeys keys = new(Name);
        IDatabase database = fixture.Redis.GetDatabase();
        await database.HashSetAsync(keys.Records(0), Member("b"), "no record");
        await database.HashDeleteAsync(keys.Records(0), Member("c"));
        await database.SortedSetAddAsync(keys.Index(0), "zzz", 0);

        List<StoredEncounter> all = await fixture.AllAsync();

        Assert.Equal(["a", "b", "c", "d", "zzz"], all.Select(s => s.PersonId));
        Assert.Equal([true, false, false, true, false], all.Select(s => s.Content.IsAccepted));
        Assert.False(Assert.Single(await fixture.Store.ReadPersonAsync(P0, "b", None)).Content.IsAccepted);
    }

    [SkippableFact]
    public async Task Keys_that_something_else_overwrote_stop_an_append_before_its_first_write()
    {
        await using RedisFixture fixture = await NewAsync();
        RedisKeys keys = new(Name);
        await fixture.Redis.GetDatabase().StringSetAsync(keys.Records(0), "mine");

        AppendResult result = await fixture.PutAsync(Some("a", 10));

        Assert.Equal(AppendOutcome.Failed, result.Outcome);
        Assert.False(result.Outage!.MayRetry);
        Assert.Contains("overwritten", result.Outage.Reason, StringComparison.Ordinal);
        Assert.Equal(0, await fixture.Store.CountAsync(P0, None));
    }

    [SkippableFact]
    public async Task An_append_too_large_for_one_script_is_refused_with_the_numbers()
    {
        await using RedisFixture fixture = await NewAsync();
        int count = (RedisLimits.AppendBytes / Limits.FingerTemplateBytes) + 1;
        Encounter[] many =
            [.. Enumerable.Range(0, count).Select(i => Some($"{i:D6}", Limits.FingerTemplateBytes))];

        AppendResult result = await fixture.PutAsync(many);

        Assert.Equal(AppendOutcome.Failed, result.Outcome);
        Assert.False(result.Outage!.MayRetry);
        Assert.Contains($"at most {RedisLimits.AppendBytes}", result.Outage.Reason, StringComparison.Ordinal);
        Assert.Equal(0, await fixture.Store.CountAsync(P0, None));
    }

    private static byte[] Member(string person) => RedisMember.Of(Encoding.UTF8.GetBytes(person), "e"u8);

    private static Encounter Some(string person, int bytes) => SomeEncounters.Sized(person, "e", bytes);
}
