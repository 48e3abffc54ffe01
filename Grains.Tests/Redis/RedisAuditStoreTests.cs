using System.Text;
using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>The audit log of a cluster in a real redis-server: one chain, whoever writes.</summary>
public sealed class RedisAuditStoreTests : IDisposable
{
    private const string Gallery = "people";
    private readonly string directory = Directory.CreateTempSubdirectory("audit-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [SkippableFact]
    public async Task Front_ends_that_write_at_once_make_one_chain()
    {
        await using RedisServer server = await RedisServer.StartAsync("--appendfsync", "no");
        ConnectionMultiplexer redis = await server.ConnectAsync();
        await using (AuditLog first = await OpenAsync(redis, "api-1"))
        await using (AuditLog second = await OpenAsync(redis, "api-2"))
        {
            Task[] writers =
            [
                .. new[] { first, second }.SelectMany(log => Enumerable.Range(0, 8).Select(writer => Task.Run(
                    async () =>
                    {
                        for (int i = 0; i < 100; i++)
                        {
                            Assert.Null(await log.AppendAsync([Entry(1000 * writer + i), Entry(-i)]));
                        }
                    }))),
            ];
            await Task.WhenAll(writers);
        }

        (AuditVerdict verdict, int checkpoints) = await VerifyAsync(redis, "api-1.checkpoints", "api-2.checkpoints");
        Assert.Equal((null, 3201L), (verdict.Fault, verdict.Head.Sequence));
        Assert.True(checkpoints > 2);
        await using RedisAuditStore rows = await StoreAsync(redis);
        HashSet<string> servers =
            await rows.ReadAsync(1, null, default).Select(row => row.Text("server")).ToHashSetAsync();
        Assert.Equal(["api-1", "api-2"], servers.Order());
    }

    [SkippableFact]
    public async Task The_layout_is_frozen()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        ConnectionMultiplexer redis = await server.ConnectAsync();
        await using RedisAuditStore store = await StoreAsync(redis);
        string person = new('c', 64);
        AuditRow row = AuditChain.After(new AuditHead(0, store.Id), Entry(1) with { Persons = [person] });
        Assert.Equal(default, await store.AppendAsync(new AuditHead(0, store.Id), [row]));
        IDatabase database = redis.GetDatabase();
        string entry = (string)(await database.ListGetByIndexAsync("mc:{people}:audit:rows", 0))!;
        Assert.Matches($"^1 {row.Hash} [0-9a-f]{{32}}:1 \\{{", entry);
        Assert.EndsWith(Encoding.UTF8.GetString(row.Json), entry, StringComparison.Ordinal);
        Assert.Equal(
            [("hash", row.Hash), ("id", store.Id), ("sequence", "1")],
            (await database.HashGetAllAsync("mc:{people}:audit"))
                .Select(one => ($"{one.Name}", $"{one.Value}")).Order());
        Assert.Equal(["1"], (await database.ListRangeAsync($"mc:{{people}}:audit:about:{person}")).Select(v => $"{v}"));
    }

    [SkippableFact]
    public async Task A_group_whose_answer_was_lost_is_written_once()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        ConnectionMultiplexer direct = await server.ConnectAsync();
        await using LossyProxy proxy = new(server.Port);
        ConnectionMultiplexer lossy = await server.ConnectAsync(proxy.Port);
        await using AuditLog log = await OpenAsync(lossy, "api-1");
        foreach (Loss loss in new[] { Loss.Answer, Loss.Request })
        {
            proxy.CutAt(Encoding.ASCII.GetBytes($"op{(int)loss}\""), loss);
            Assert.Null(await log.AppendAsync([Entry((int)loss)]));
        }

        Assert.Equal(3, (await direct.GetDatabase().ListLengthAsync("mc:{people}:audit:rows")));
        Assert.Null((await VerifyAsync(direct)).Verdict.Fault);
    }

    [SkippableFact]
    public async Task Other_keys_are_refused_and_missing_ones_are_not_made_for_a_log_that_has_some()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        ConnectionMultiplexer redis = await server.ConnectAsync();
        await (await OpenAsync(redis, "api-1")).DisposeAsync();
        string missing = (await Assert.ThrowsAsync<StoreException>(() => OpenAsync(redis, "api-2", "other"))).Message;
        Assert.Contains("other.key: is missing; copy it", missing, StringComparison.Ordinal);
        File.WriteAllBytes(Path.Combine(directory, "other.key"), new byte[32]);
        File.Copy(Path.Combine(directory, "shared.pem"), Path.Combine(directory, "other.pem"));
        string hash = (await Assert.ThrowsAsync<StoreException>(() => OpenAsync(redis, "api-2", "other"))).Message;
        Assert.Contains("was begun with another key of hashes", hash, StringComparison.Ordinal);

        File.Copy(Path.Combine(directory, "shared.key"), Path.Combine(directory, "third.key"));
        using (AuditKeys _ = AuditKeys.Open(
            AuditKeyFiles.Named(Path.Combine(directory, "fourth.key"), Path.Combine(directory, "third.pem")), true))
        {
            string signing =
                (await Assert.ThrowsAsync<StoreException>(() => OpenAsync(redis, "api-2", "third"))).Message;
            Assert.Contains("was begun with another key of checkpoints", signing, StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public async Task A_full_a_read_only_and_a_silent_Redis_are_said_and_writing_goes_on_afterwards()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        ConnectionMultiplexer redis = await server.ConnectAsync();
        IServer control = redis.GetServers()[0];
        await using AuditLog log = await OpenAsync(redis, "api-1");
        await control.ConfigSetAsync("maxmemory", "1mb");
        Outage? full = await log.AppendAsync([Entry(1)]);
        Assert.Contains("Redis is full", full!.Reason, StringComparison.Ordinal);
        Assert.Contains("Redis is full", (await log.CheckAsync())!.Reason, StringComparison.Ordinal);
        await control.ConfigSetAsync("maxmemory", "0");
        Assert.Null(await log.CheckAsync());

        await control.ExecuteAsync("REPLICAOF", "127.0.0.1", "1");
        Outage? replica = await log.AppendAsync([Entry(2)]);
        Assert.NotNull(replica);
        await control.ExecuteAsync("REPLICAOF", "NO", "ONE");
        await redis.ConfigureAsync();
        Assert.Null(await log.CheckAsync());

        await server.KillAsync();
        Assert.NotNull(await log.AppendAsync([Entry(3)]));
        await server.StartAgainAsync();
        await redis.GetDatabase().PingAsync();
        Assert.Null(await log.CheckAsync());
        Assert.Null(await log.AppendAsync([Entry(4)]));
        Assert.Null((await VerifyAsync(redis)).Verdict.Fault);
    }

    [SkippableFact]
    public async Task Rows_that_Redis_acknowledged_and_lost_are_noticed_by_who_wrote_them()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        ConnectionMultiplexer redis = await server.ConnectAsync();
        await using AuditLog log = await OpenAsync(redis, "api-1");
        Assert.Null(await log.AppendAsync([Entry(1), Entry(2)]));
        IDatabase database = redis.GetDatabase();
        AuditRow last = await (await StoreAsync(redis)).ReadAsync(1, null, default).FirstAsync();

        // As after a restart without the last rows, with another front end that went on.
        await database.ListTrimAsync("mc:{people}:audit:rows", 0, 1);
        await database.HashSetAsync("mc:{people}:audit", [new("sequence", 2), new("hash", last.Hash)]);
        Assert.Contains("rows of the audit log were lost: it ends with row 2, and row 3",
            (await log.AppendAsync([Entry(3)]))!.Reason, StringComparison.Ordinal);
        Assert.Contains("were lost", (await log.CheckAsync())!.Reason, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("LSET", "row 5 was changed")]
    [InlineData("LREM", "row 5 is missing: row 6 comes after row 4")]
    [InlineData("LTRIM", "row 19 is missing: the log ends with row 18, and the log names row 21")]
    [InlineData("RPUSH", "row 22 is missing: row 5 comes after row 21")]
    public async Task What_is_done_to_rows_is_found(string command, string found)
    {
        await using RedisServer server = await RedisServer.StartAsync("--appendfsync", "no");
        ConnectionMultiplexer redis = await server.ConnectAsync();
        await using (AuditLog log = await OpenAsync(redis, "api-1"))
        {
            Assert.Null(await log.AppendAsync([.. Enumerable.Range(2, 20).Select(Entry)]));
        }

        IDatabase database = redis.GetDatabase();
        const string Rows = "mc:{people}:audit:rows";
        string fifth = (string)(await database.ListGetByIndexAsync(Rows, 4))!;
        await (command switch
        {
            "LSET" => database.ListSetByIndexAsync(Rows, 4, fifth.Replace("op5", "op9", StringComparison.Ordinal)),
            "LREM" => database.ListRemoveAsync(Rows, fifth),
            "LTRIM" => database.ListTrimAsync(Rows, 0, 17),
            _ => (Task)database.ListRightPushAsync(Rows, fifth),
        });
        Assert.StartsWith(found, (await VerifyAsync(redis)).Verdict.Fault, StringComparison.Ordinal);
    }

    private static AuditEntry Entry(int number) => new()
    {
        Start = DateTimeOffset.UnixEpoch.AddSeconds(Math.Abs(number)),
        End = DateTimeOffset.UnixEpoch.AddSeconds(Math.Abs(number) + 1),
        Caller = "partner",
        Operation = $"op{number}",
    };

    private static async Task<RedisAuditStore> StoreAsync(IConnectionMultiplexer redis) =>
        await RedisAuditStore.OpenAsync(
            redis, Gallery, new RedisStoreOptions { SettleWithin = TimeSpan.FromSeconds(1) }, CancellationToken.None);

    private async Task<AuditLog> OpenAsync(IConnectionMultiplexer redis, string name, string keys = "shared") =>
        await AuditLog.OpenSharedAsync(
            await StoreAsync(redis),
            new AuditSettings(Path.Combine(directory, $"{name}.checkpoints"), Every: 100)
            {
                Server = name,
                Keys = AuditKeyFiles.Named(
                    Path.Combine(directory, $"{keys}.key"), Path.Combine(directory, $"{keys}.pem")),
            },
            TimeProvider.System);

    private async Task<(AuditVerdict Verdict, int Checkpoints)> VerifyAsync(
        IConnectionMultiplexer redis, params string[] checkpoints)
    {
        await using RedisAuditStore rows = await RedisAuditStore.OpenToReadAsync(
            redis, Gallery, new RedisStoreOptions(), CancellationToken.None);
        return await AuditVerification.RunAsync(
            rows, [.. checkpoints.Select(file => Path.Combine(directory, file))],
            Path.Combine(directory, "shared.public.pem"), CancellationToken.None);
    }
}

file static class Rows
{
    public static string Text(this AuditRow row, string member) =>
        (string)System.Text.Json.Nodes.JsonNode.Parse(row.Json)![member]!;
}
