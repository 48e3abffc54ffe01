using System.Buffers;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Jobs;

/// <summary>Searches with many probes and keeps their answers as the door of batch searches gives them.</summary>
internal sealed class BatchIdentifyRunner(LineWalk walk, TimeProvider clock) : IJobRunner
{
    public string Kind => JobKinds.BatchIdentify;

    public async Task<JobEnd> RunAsync(JobRun run, UseDecision decision, CancellationToken cancel)
    {
        await run.SaveAsync(
            run.Notes with { Began = run.Notes.Began ?? clock.GetUtcNow() }, default, 0, cancel);
        return await walk.RunAsync(run, new Work(run.Call), cancel) is { } reason ? JobEnd.Failed(reason) : JobEnd.Done;
    }

    private sealed class Work(JobCall call) : ILineWork
    {
        private readonly LineWriter writer = new(call.Format!, JobInput.Of(call.Body, call.Format!).Columns);

        public ReleaseProfile Released { get; private set; }

        public LinePlan Write(JobLine line, IBufferWriter<byte> output) => new(writer.Write(line, output, call));

        public ValueTask<Parsed<LineResult>> JudgeAsync(
            JobLine line, LinePlan plan, JsonObject answer, CancellationToken cancel)
        {
            // A searched line says its profile where it is less than full; a refused one has nothing of anybody.
            ReleaseProfile release = answer["error"] is not null ? ReleaseProfile.Hit
                : ReleaseWords.Read((string?)answer["release"]) ?? ReleaseProfile.Full;
            Released = release > Released ? release : Released;
            return ValueTask.FromResult<Parsed<LineResult>>(new LineResult(
                answer, LineWalk.OutcomeOf(answer), (string?)answer["error"]?["title"],
                (double?)(answer["candidates"] as JsonArray)?.FirstOrDefault()?["score"]));
        }
    }
}
