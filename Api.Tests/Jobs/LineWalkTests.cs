using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http;
using MatchCluster.Api.Jobs;
using MatchCluster.Api.Tasks;
using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Uses;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace MatchCluster.Api.Tests.Jobs;

/// <summary>What a job asks the door of batch searches, and what it keeps of the answers.</summary>
public sealed class LineWalkTests : IDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MemoryTaskStore store = new();
    private readonly JobMetrics metrics;
    private readonly List<string[]> asked = [];

    public LineWalkTests() => metrics = new JobMetrics(services.GetRequiredService<IMeterFactory>());

    public void Dispose()
    {
        metrics.Dispose();
        services.Dispose();
    }

    [Fact]
    public async Task An_answered_line_is_not_searched_again_for_the_sake_of_one_before_it()
    {
        JobRun run = await BeginAsync(["P1", "P2", "P3", "P4"], new LineNotes { Total = 4 });
        Assert.Null(await WalkAsync(run, (id, attempt) => attempt > 1 || id is "P1" or "P3"));

        Assert.Equal([["P1", "P2", "P3", "P4"], ["P2", "P4"]], asked);
        Assert.Equal([(2, "P1"), (3, "P2"), (4, "P3"), (5, "P4")], await KeptAsync(run));
        Assert.Equal((4, 4, 0), (run.Notes.Lines!.Done, run.Notes.Lines.Without, run.Notes.Lines.Incomplete));
    }

    [Fact]
    public async Task Results_of_too_many_bytes_end_the_job_and_those_before_stay()
    {
        string[] persons = [.. Enumerable.Range(0, 100).Select(person => $"P{person}")];
        const long Before = ApiLimits.JobResultBytes - 100;
        JobRun run = await BeginAsync(persons, new LineNotes { Total = persons.Length, Bytes = Before });
        string? reason = await WalkAsync(run, (_, _) => true);

        Assert.Contains($"wanted less than {ApiLimits.JobResultBytes}", reason, StringComparison.Ordinal);
        Assert.Equal(persons[..64], Assert.Single(asked));
        Assert.Equal(persons[..64], (await KeptAsync(run)).Select(line => line.Id));
        byte[] part = (await store.ReadPartAsync(await IdAsync(), 0, default))!;
        Assert.Equal(Before + part.Length, run.Notes.Lines!.Bytes);
    }

    private async Task<string?> WalkAsync(JobRun run, Func<string, int, bool> isComplete)
    {
        RouteEndpoint door = new(
            _ => Task.CompletedTask, RoutePatternFactory.Parse("/"), 0,
            new EndpointMetadataCollection(new EndpointNameMetadata("batchIdentify")), null);
        TaskPipeline pipeline = new(
            services.GetRequiredService<IServiceScopeFactory>(), new DefaultEndpointDataSource(door));
        pipeline.Use(async http =>
        {
            using StreamReader body = new(http.Request.Body);
            string[] lines = (await body.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            asked.Add([.. lines.Select(line => (string)JsonNode.Parse(line)!["personId"]!)]);
            foreach ((int at, string id) in asked[^1].Index())
            {
                JsonObject answer = new()
                {
                    ["line"] = at + 1,
                    ["id"] = id,
                    ["complete"] = isComplete(id, asked.Count),
                    ["candidates"] = new JsonArray(),
                };
                await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer.ToJsonString() + "\n"));
            }
        });
        BatchIdentifyRunner runner = new(new LineWalk(pipeline, new HurriedClock()), TimeProvider.System);
        JobEnd end = await runner.RunAsync(run, new UseDecision(), default);
        Assert.Equal(end.Reason is null ? TaskState.Done : TaskState.Failed, end.State);
        return end.Reason;
    }

    private async Task<JobRun> BeginAsync(string[] persons, LineNotes lines)
    {
        JobCall call = new("G", null, false, "a", "a", false, null, null, ReleaseProfile.Full)
        {
            Format = JobBody.Csv,
            Body = Encoding.UTF8.GetBytes("personId\n" + string.Join('\n', persons) + "\n"),
        };
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await store.PutAsync(
            TaskRecord.Make(JobKinds.BatchIdentify, "a", null, call.Digest(), call.Encode(), 0, now) with
            {
                Progress = new JobNotes { GalleryId = "G", Lines = lines }.Encode(),
            },
            default);
        TaskRecord job = Assert.Single(await store.ClaimAsync(
            new TaskClaim(TaskPhase.Execute, JobKinds.All, "test", now, now.AddMinutes(10)), default));
        return new JobRun(store, job, metrics, TimeProvider.System);
    }

    private async Task<string> IdAsync() =>
        Assert.Single(await store.ListAsync(new TaskQuery(null, JobKinds.All, Most: 10), default)).Id;

    /// <summary>The lines that are kept, in the order of the results.</summary>
    private async Task<List<(int Line, string Id)>> KeptAsync(JobRun run)
    {
        List<(int, string)> lines = [];
        string id = await IdAsync();
        for (int part = 0; await store.ReadPartAsync(id, part, default) is { } bytes; part++)
        {
            lines.AddRange(Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonNode.Parse(line)!).Select(line => ((int)line["line"]!, (string)line["id"]!)));
        }

        Assert.Equal(run.Notes.Lines!.Done, lines.Count);
        return lines;
    }

    /// <summary>Pauses are over at once.</summary>
    private sealed class HurriedClock : TimeProvider
    {
        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
