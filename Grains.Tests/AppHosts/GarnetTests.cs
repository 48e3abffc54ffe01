using System.Diagnostics;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Tests.Storage;
using StackExchange.Redis;
using GarnetProgram = MatchCluster.AppHost.GarnetProgram;

namespace MatchCluster.Grains.Tests.AppHosts;

/// <summary>What takes the place of Redis on a machine that has none, as the app host starts it.</summary>
public sealed class GarnetTests
{
    private const int Writes = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_it_acked_is_there_after_it_was_killed()
    {
        using TempDirectory folder = new();
        int port = ProgramProcess.FreePort();
        using (Process first = Start(port, folder.Path))
        {
            await using ConnectionMultiplexer redis = await ConnectAsync(first, port);
            IDatabase database = redis.GetDatabase();
            for (int i = 0; i < Writes; i++)
            {
                await database.ScriptEvaluateAsync(
                    "redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) return 1", ["all"], [i, $"value {i}"]);
            }

            first.Kill();
            await first.WaitForExitAsync();
        }

        using Process second = Start(port, folder.Path);
        await using (ConnectionMultiplexer redis = await ConnectAsync(second, port))
        {
            HashEntry[] found = await redis.GetDatabase().HashGetAllAsync("all");
            Assert.Equal(
                Enumerable.Range(0, Writes).Select(i => $"value {i}").Order(),
                found.Select(entry => (string)entry.Value!).Order());

            // The store of the gallery opens on it, and says that it does not know how durable it is.
            RedisGalleryStore store = await RedisGalleryStore.OpenAsync(
                redis, "gallery", partitions: 2, defaultPartitions: 2, new RedisStoreOptions(), CancellationToken.None);
            Assert.Equal(2, store.PartitionCount);
        }

        second.Kill();
        await second.WaitForExitAsync();
    }

    private static Process Start(int port, string folder) => Process.Start(new ProcessStartInfo(
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        [
            "exec", typeof(GarnetProgram).Assembly.Location, GarnetProgram.Verb, "--port", $"{port}",
            .. GarnetProgram.Arguments(folder),
        ]))!;

    private static async Task<ConnectionMultiplexer> ConnectAsync(Process server, int port)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port},connectTimeout=2000");
            }
            catch (RedisConnectionException)
            {
                Assert.False(server.HasExited, "Garnet ended");
                Assert.True(waited.Elapsed < Patience, $"Garnet does not answer after {waited.Elapsed}");
                await Task.Delay(50);
            }
        }
    }
}
