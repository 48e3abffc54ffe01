using System.Diagnostics.Metrics;
using System.Text;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Jobs;
using MatchCluster.Api.Tasks;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Quotas;
using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Uses;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MatchCluster.Api.Tests.Jobs;

/// <summary>What the worker does with a job beside the work of its kind.</summary>
public sealed class JobWorkerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MemoryTaskStore store = new();
    private readonly StubRunner runner = new();
    private readonly TaskMetrics tasks;
    private readonly JobMetrics metrics;

    public JobWorkerTests()
    {
        IMeterFactory meters = services.GetRequiredService<IMeterFactory>();
        (tasks, metrics) = (new TaskMetrics(meters), new JobMetrics(meters));
    }

    public void Dispose()
    {
        tasks.Dispose();
        metrics.Dispose();
        services.Dispose();
    }

    [Fact]
    public async Task A_claim_takes_no_use_of_the_quota()
    {
        Agreements agreements = new(new MemoryGovernanceStore(), TimeProvider.System);
        SignedResult proposed = await agreements.Partners.ProposeAsync(
            new Agreement
            {
                Id = "a-1",
                Partner = "a",
                Purposes = ["test"],
                Modalities = [Modality.Finger],
                Search = ["G"],
                QuotaPerDay = 0,
                ValidFrom = DateTimeOffset.UnixEpoch,
                ValidTo = DateTimeOffset.MaxValue,
                Phase = AgreementPhase.Live,
                LegalBasis = "Treaty of Nowhere",
            },
            "anna", default);
        Assert.Null((await agreements.Partners.ApproveAsync("a-1", proposed.Version, "berta", default)).Refusal);
        MeteredPolicy policy = new(
            agreements, new UseMeter(new MemoryQuotaStore(), TimeProvider.System), TimeProvider.System);
        UseRequest search = UseRequest.Of(Operation.Identify, "G");
        Use use = new() { Partner = "a" };
        Assert.Equal(UseRule.QuotaExceeded, (await policy.DecideAsync(use, search, default)).Refusal?.Rule);

        string id = await PutAsync(CallOf("a").Encode());
        await WorkAsync(1, policy);

        Assert.Equal(TaskState.Done, (await store.ReadAsync(id, default))!.State);
    }

    [Fact]
    public async Task A_job_that_waits_for_long_makes_room_for_others_and_goes_on_later()
    {
        JobCall lines = CallOf("a") with { Format = JobBody.Csv, Body = "personId\nP1\n"u8.ToArray() };
        string waits = await PutAsync(
            lines.Encode(), new JobNotes { GalleryId = "G", Lines = new LineNotes { Total = 1 } }.Encode());
        string next = await PutAsync(CallOf("a").Encode());
        RouteEndpoint door = new(
            _ => Task.CompletedTask, RoutePatternFactory.Parse("/"), 0,
            new EndpointMetadataCollection(new EndpointNameMetadata("batchIdentify")), null);
        TaskPipeline pipeline = new(
            services.GetRequiredService<IServiceScopeFactory>(), new DefaultEndpointDataSource(door));
        pipeline.Use(http =>
        {
            http.Features.Set(new Failure(FailureCode.QuotaExceeded, "the quota of the day is used up"));
            return Task.CompletedTask;
        });
        BatchIdentifyRunner searches = new(new LineWalk(pipeline, new HastyClock()), TimeProvider.System);
        await WorkAsync(2, OpenPolicy.Instance, (run, decision, cancel) => run.Call.Body.IsEmpty
            ? Task.FromResult(JobEnd.Done) : searches.RunAsync(run, decision, cancel));

        TaskRecord rests = (await store.ReadAsync(waits, default))!;
        JobNotes notes = JobNotes.Decode(rests.Progress.Span);
        Assert.Equal((TaskState.Waiting, null), (rests.State, rests.Owner));
        Assert.True(rests.Due > rests.Created.AddSeconds(10), $"due {rests.Due - rests.Created} after it came");
        Assert.False(rests.Request.IsEmpty);
        Assert.Contains("the quota of the day is used up", notes.Reason, StringComparison.Ordinal);
        Assert.Equal((0, 4), (notes.Lines!.Done, notes.Lines.Waits));
        Assert.Equal(TaskState.Done, (await store.ReadAsync(next, default))!.State);
    }

    [Fact]
    public async Task A_job_that_nobody_can_read_ends_and_holds_up_no_other()
    {
        string folder = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;
        try
        {
            await using AuditLog log = await AuditLog.OpenAsync(folder, new AuditSettings(), TimeProvider.System);
            string[] broken =
            [
                await PutAsync([9, 9]), await PutAsync("{}"u8.ToArray()),
                await PutAsync(CallOf("a").Encode(), "no notes"u8.ToArray()),
            ];
            string good = await PutAsync(CallOf("a").Encode());
            await WorkAsync(1, OpenPolicy.Instance, log: log);

            foreach (string id in broken)
            {
                TaskRecord job = (await store.ReadAsync(id, default))!;
                Assert.Equal((TaskState.Failed, true), (job.State, job.Request.IsEmpty));
                Assert.Equal("a defect ended the job", JobAnswers.Of(job).Reason);
            }

            Assert.Equal(TaskState.Done, (await store.ReadAsync(good, default))!.State);
            List<AuditRow> rows = await log.ReadAsync(new AuditQuery(), 100);
            string ended = $"job:{runner.Kind}:ended";
            Assert.Equal(broken.Length + 1, rows.Count(row => Encoding.UTF8.GetString(row.Json).Contains(ended)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static JobCall CallOf(string partner) =>
        new("G", null, false, partner, "", false, null, null, null);

    /// <summary>Puts a job; those that are put first are worked at first.</summary>
    private async Task<string> PutAsync(byte[] request, byte[]? notes = null)
    {
        TaskRecord job = TaskRecord.Make(
            runner.Kind, "a", null, new byte[32], request, 0, TimeProvider.System.GetUtcNow()) with
        {
            Progress = notes ?? new JobNotes { GalleryId = "G" }.Encode(),
        };
        await store.PutAsync(job, default);
        return job.Id;
    }

    /// <summary>Works until the runner was called so often, and what it did then is kept.</summary>
    private async Task WorkAsync(int calls, IUsePolicy policy, Work? work = null, AuditLog? log = null)
    {
        (runner.Left, runner.Work) = (calls, work ?? runner.Work);
        using JobWorker worker = new(
            store, [runner], policy, new TaskPulse(), tasks, metrics, new JobAudit(TimeProvider.System, log),
            TaskSettings.Default, TimeProvider.System, NullLogger<JobWorker>.Instance);
        await worker.StartAsync(default);
        await runner.Called.Task.WaitAsync(Patience);
        await worker.StopAsync(default);
    }

    private delegate Task<JobEnd> Work(JobRun run, UseDecision decision, CancellationToken cancel);

    private sealed class StubRunner : IJobRunner
    {
        public string Kind => JobKinds.BatchIdentify;

        public int Left { get; set; }

        public Work Work { get; set; } = (_, _, _) => Task.FromResult(JobEnd.Done);

        public TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<JobEnd> RunAsync(JobRun run, UseDecision decision, CancellationToken cancel)
        {
            if (--Left == 0)
            {
                Called.SetResult();
            }

            return Work(run, decision, cancel);
        }
    }

    /// <summary>A clock by which every wait is over at once.</summary>
    private sealed class HastyClock : TimeProvider
    {
        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
