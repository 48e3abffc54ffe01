using System.Diagnostics.Metrics;
using MatchCluster.Api.Jobs;
using MatchCluster.Api.Tasks;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Quotas;
using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Uses;
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
    private async Task WorkAsync(int calls, IUsePolicy policy, Func<JobRun, JobEnd>? work = null)
    {
        (runner.Left, runner.Work) = (calls, work ?? runner.Work);
        using JobWorker worker = new(
            store, [runner], policy, new TaskPulse(), tasks, metrics, new JobAudit(TimeProvider.System),
            TaskSettings.Default, TimeProvider.System, NullLogger<JobWorker>.Instance);
        await worker.StartAsync(default);
        await runner.Called.Task.WaitAsync(Patience);
        await worker.StopAsync(default);
    }

    private sealed class StubRunner : IJobRunner
    {
        public string Kind => JobKinds.BatchIdentify;

        public int Left { get; set; }

        public Func<JobRun, JobEnd> Work { get; set; } = _ => JobEnd.Done;

        public TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<JobEnd> RunAsync(JobRun run, UseDecision decision, CancellationToken cancel)
        {
            if (--Left == 0)
            {
                Called.SetResult();
            }

            return Task.FromResult(Work(run));
        }
    }
}
