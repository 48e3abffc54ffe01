using System.Diagnostics;
using System.Net;
using MatchCluster.Grains.Members;
using MatchCluster.Grains.Redis;
using MatchCluster.Grains.Tests.Redis;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using StackExchange.Redis;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Grains.Tests.Processes;

/// <summary>
/// Front ends of a cluster keep one audit log in Redis, also where one of them is killed in the middle of a row.
/// </summary>
public sealed class AuditOfClusterTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [SkippableFact]
    public async Task Two_front_ends_of_which_one_is_killed_leave_one_chain()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using MemberProcess silo = MemberProcess.Start("silo-1", "Silo", redis.Port, "--partitions", "2");
        await using MemberProcess first = StartApi("api-1", redis.Port);
        using HttpClient one = new() { BaseAddress = await first.AddressAsync() };
        await using MemberProcess second = StartApi("api-2", redis.Port);
        using HttpClient two = new() { BaseAddress = await second.AddressAsync() };

        // The second one is killed while eight callers wait for its answers.
        TaskCompletionSource underWay = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<int>[] lost = [.. Enumerable.Range(0, 8).Select(_ => AskUntilKilledAsync(two, underWay))];
        Task<int>[] kept = [.. Enumerable.Range(0, 4).Select(_ => AskAsync(one, 200))];
        await underWay.Task;
        await second.KillAsync();
        int answered = (await Task.WhenAll(lost)).Sum() + (await Task.WhenAll(kept)).Sum();

        string rows = await one.GetStringAsync(new Uri("/mc/v1/audit?limit=10000", UriKind.Relative));
        string[] galleries =
            [.. rows.Split('\n').Where(row => row.Contains("\"readGalleries\"", StringComparison.Ordinal))];

        // Every answer has a row; the last rows of the killed one were never answered.
        Assert.InRange(galleries.Length, answered, answered + 8);
        Assert.Contains(galleries, row => row.Contains("\"server\":\"api-2\"", StringComparison.Ordinal));
        (int code, string said) = await VerifyAsync(redis.Port, Path.Combine(directory, "api-1"));
        Assert.Equal(0, code);
        Assert.Matches("^[0-9]{3,} rows, each follows the one before it; [1-9][0-9]* checkpoints agree", said);
    }

    [SkippableFact]
    public async Task What_a_silo_erases_because_it_has_expired_has_a_row()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using (ConnectionMultiplexer connection = await redis.ConnectAsync(redis.Port))
        {
            // A front end has kept a log here before, and somebody expired while nobody ran.
            await new RedisErasures(connection, MemberOptions.DefaultStore, new RedisStoreOptions())
                .BeginAsync(default);
            await using RedisGalleryStore store = await RedisGalleryStore.OpenAsync(
                connection, MemberOptions.DefaultStore, 1, 1, new RedisStoreOptions(), default);
            long epoch = await store.OpenEpochAsync(new PartitionId(0), default);
            await store.AppendAsync(
                new PartitionId(0), epoch,
                [
                    StoreWrite.Put(EncounterOf(1, gallery: "G") with
                    {
                        PersonId = "P-1",
                        ExpiresAt = DateTimeOffset.UnixEpoch.AddYears(50),
                    }),
                ],
                default);
        }

        await using MemberProcess silo = MemberProcess.Start("silo-1", "Silo", redis.Port, "--partitions", "1");
        await using MemberProcess api = StartApi("api-1", redis.Port);
        using HttpClient http = new() { BaseAddress = await api.AddressAsync() };
        string rows = "";
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(1));
        while (!rows.Contains("\"operation\":\"expire\"", StringComparison.Ordinal))
        {
            // Each look leaves a row about the same person.
            await Task.Delay(TimeSpan.FromMilliseconds(200), patience.Token);
            rows = await http.GetStringAsync(
                new Uri("/mc/v1/audit?limit=10000&person=P-1", UriKind.Relative), patience.Token);
        }

        Assert.Contains("\"caller\":\"retention\"", rows, StringComparison.Ordinal);
        Assert.Contains("\"galleries\":[\"G\"]", rows, StringComparison.Ordinal);
        using HttpResponseMessage read = await http.GetAsync("/v1/persons/P-1/encounters?transactionId=T");
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
    }

    private MemberProcess StartApi(string name, int redis) => MemberProcess.Start(
        name, "Api", redis, "--cluster", "--audit", "true", "--audit-every", "50",
        "--audit-key", Path.Combine(directory, "key"), "--audit-signing-key", Path.Combine(directory, "signing.pem"),
        "--audit-checkpoints", Path.Combine(directory, name));

    private static async Task<int> AskAsync(HttpClient http, int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            using HttpResponseMessage answer = await http.GetAsync("/v1/galleries?transactionId=T");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        return calls;
    }

    private static async Task<int> AskUntilKilledAsync(HttpClient http, TaskCompletionSource underWay)
    {
        int answered = 0;
        try
        {
            while (true)
            {
                answered += await AskAsync(http, 1);
                if (answered == 20)
                {
                    underWay.TrySetResult();
                }
            }
        }
        catch (HttpRequestException)
        {
            return answered;
        }
    }

    private async Task<(int Code, string Said)> VerifyAsync(int redis, string checkpoints)
    {
        using Process command = Process.Start(new ProcessStartInfo(
            MemberProcess.DotNet,
            [
                "exec", Path.Combine(AppContext.BaseDirectory, "MatchCluster.Api.dll"), "audit", "verify",
                "--redis", $"127.0.0.1:{redis}", "--checkpoints", checkpoints,
                "--public-key", Path.Combine(directory, "signing.public.pem"),
            ])
        {
            RedirectStandardOutput = true,
        })!;
        string said = await command.StandardOutput.ReadToEndAsync();
        await command.WaitForExitAsync();
        return (command.ExitCode, said);
    }
}
