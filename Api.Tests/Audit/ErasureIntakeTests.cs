using System.Text.Json.Nodes;
using MatchCluster.Api.Audit;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MatchCluster.Api.Tests.Audit;

/// <summary>Notes of silos become rows, and go only when they are.</summary>
public sealed class ErasureIntakeTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("erasures-").FullName;
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Every_note_becomes_a_row_with_keyed_hashes_and_none_goes_before()
    {
        Outbox outbox = new();
        outbox.Notes.AddRange(Enumerable.Range(0, 70).Select(
            i => new NotedErasure(Guid.NewGuid(), clock.GetUtcNow().AddMinutes(-1), ["G", "H"], [$"P-{i}", "Q"])));
        AuditLog log = await AuditLog.OpenAsync(directory, new AuditSettings(), clock);
        ErasureIntake intake = new(outbox, log, clock, NullLogger<ErasureIntake>.Instance);

        // Redis is away at first: nothing is lost, and it is begun again.
        outbox.IsAway = true;
        Assert.Equal("away", await intake.LookAsync(default));
        outbox.IsAway = false;
        Assert.Null(await intake.LookAsync(default));
        Assert.True(outbox.HasBegun);
        Assert.Empty(outbox.Notes);
        Assert.Equal(70, (await log.ReadAsync(new AuditQuery { Person = "Q" }, 100)).Count);
        JsonNode row = JsonNode.Parse(
            Assert.Single(await log.ReadAsync(new AuditQuery { Person = "P-69" }, 10)).Json)!;
        Assert.Equal(
            "expire retention 2026-11-30T11:59:00.000Z 2026-11-30T12:00:00.000Z",
            $"{row["operation"]} {row["caller"]} {row["start"]} {row["end"]}");
        Assert.Equal("""["G","H"]""", row["galleries"]!.ToJsonString());
        Assert.DoesNotContain("P-69", row.ToJsonString(), StringComparison.Ordinal);

        await log.DisposeAsync();
        outbox.Notes.Add(new NotedErasure(Guid.NewGuid(), clock.GetUtcNow(), ["G"], ["P-1"]));
        Assert.NotNull(await intake.LookAsync(default));
        Assert.Single(outbox.Notes);
    }

    /// <summary>Notes in memory.</summary>
    private sealed class Outbox : IErasureOutbox
    {
        public List<NotedErasure> Notes { get; } = [];

        public bool HasBegun { get; private set; }

        public bool IsAway { get; set; }

        public ValueTask BeginAsync(CancellationToken cancel)
        {
            HasBegun = IsAway ? throw new StoreException("away") : true;
            return default;
        }

        public ValueTask<IReadOnlyList<NotedErasure>> TakeAsync(int most, CancellationToken cancel) =>
            ValueTask.FromResult<IReadOnlyList<NotedErasure>>([.. Notes.Take(most)]);

        public ValueTask RemoveAsync(IReadOnlyList<NotedErasure> recorded, CancellationToken cancel)
        {
            Notes.RemoveRange(0, recorded.Count);
            return default;
        }
    }
}
