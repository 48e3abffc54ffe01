using System.Text.Json.Nodes;
using MatchCluster.Api.Audit;
using MatchCluster.Api.Hosting;
using MatchCluster.Api.Options;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace MatchCluster.Api.Tests.Audit;

/// <summary>What is erased because it has expired, as rows of the audit log.</summary>
public sealed class ErasureRowsTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("erasures-").FullName;
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task A_row_names_keyed_hashes_and_galleries_and_a_log_that_is_closed_refuses()
    {
        AuditLog log = await AuditLog.OpenAsync(directory, new AuditSettings(), clock);
        ErasureRows rows = new(log, clock);
        Assert.Null(await rows.RecordAsync(
            [.. Enumerable.Range(0, 150).Select(i => new ErasedEncounter($"P-{i}", i == 0 ? ["H", "G"] : ["G"]))]));
        List<AuditRow> written = await log.ReadAsync(new AuditQuery { Person = "P-0" }, 10);
        JsonObject row = JsonNode.Parse(Assert.Single(written).Json)!.AsObject();
        Assert.Equal("expire retention 2026-11-30T12:00:00.000Z", $"{row["operation"]} {row["caller"]} {row["end"]}");
        Assert.Equal("""["G","H"]""", row["galleries"]!.ToJsonString());
        Assert.Equal(100, row["persons"]!.AsArray().Count);
        Assert.Equal(log.Keys.OfPerson("P-0"), (string?)row["persons"]![0]);
        Assert.DoesNotContain("P-0", row.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(2, (await log.ReadAsync(new AuditQuery(), 10)).Count);

        await log.DisposeAsync();
        Assert.NotNull(await rows.RecordAsync([new ErasedEncounter("P-0", [])]));
    }

    [Fact]
    public async Task A_server_records_what_it_erases()
    {
        PartitionId only = new(0);
        await using MemoryGalleryStore store = new(1);
        long epoch = await store.OpenEpochAsync(only, default);
        await store.AppendAsync(
            only, epoch, [StoredPerson.Put("P-1", "E1", "G", clock.GetUtcNow().AddYears(-1))], default);
        ServerOptions options = new()
        {
            Data = directory,
            Urls = "http://127.0.0.1:0",
            Threads = 1,
            Audit = new AuditSettings(),
        };
        await using (Server server = await Server.StartAsync(store, options, LogLevel.None, default))
        {
            await server.Loaded;
            using CancellationTokenSource patience = new(TimeSpan.FromMinutes(1));
            while ((await store.ReadPersonAsync(only, "P-1", patience.Token)).Count > 0)
            {
                await Task.Yield();
            }
        }

        await using AuditLog log = await AuditLog.OpenAsync(directory, new AuditSettings(), clock);
        JsonNode row = JsonNode.Parse(
            Assert.Single(await log.ReadAsync(new AuditQuery { Person = "P-1" }, 10)).Json)!;
        Assert.Equal("expire", (string?)row["operation"]);
        Assert.Equal("G", (string?)row["galleries"]![0]);
    }
}
