using MatchCluster.Api.Deliveries;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Tasks;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Tasks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MatchCluster.Api.Tests.Tasks;

/// <summary>How a worker waits for what cannot be done now.</summary>
public sealed class TaskWorkerTests
{
    [Fact]
    public void Pauses_outlast_the_time_that_a_task_is_tried()
    {
        TaskSettings settings = TaskSettings.Default;
        TimeSpan paused = TimeSpan.FromTicks(Enumerable.Range(1, settings.MostClaims)
            .Sum(claims => TaskSettings.PauseAfter(claims).Ticks));
        Assert.True(paused > settings.TriesFor, $"{settings.MostClaims} claims are over after {paused}");
    }

    /// <summary>Looks first whether the person is there, and cannot: the gallery is loading.</summary>
    [Fact]
    public async Task A_deletion_rests_while_the_gallery_loads()
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        MemoryTaskStore store = new();
        TaskSettings settings = new() { Poll = TimeSpan.FromMilliseconds(5) };
        TaskMetrics metrics = new(services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
        TaskPulse pulse = new();
        OsiaExecutor executor = new(
            store,
            new TaskPipeline(services.GetRequiredService<IServiceScopeFactory>(), new DefaultEndpointDataSource()),
            new EncounterRoot(new StubDirectory(StubDirectory.Loading(0))), settings, TimeProvider.System);
        using TaskWorker worker = new(
            store, executor,
            new TaskSender(
                store, new NoDeliverer(), RetryPlan.Default, new DeliveryRight(), metrics, TimeProvider.System,
                NullLogger<TaskSender>.Instance),
            pulse, metrics, settings, TimeProvider.System, NullLogger<TaskWorker>.Instance);
        TaskCall call = new()
        {
            Operation = "deleteEncounter",
            Method = "DELETE",
            Path = "/v1/persons/P/encounters/E",
            Query = "",
            Route = new Dictionary<string, string> { ["personId"] = "P", ["encounterId"] = "E" },
            Headers = new Dictionary<string, string>(),
            Partner = "",
            Subject = "",
            CallerKind = CallerKind.Unchecked,
            Scopes = [],
        };
        TaskRecord task = TaskRecord.Make(
            TaskKinds.Osia, "", null, new byte[32], call.Encode(), 0, TimeProvider.System.GetUtcNow()) with
        {
            Progress = new TaskNotes("http://127.0.0.1/x", "T").Encode(),
        };
        await store.PutAsync(task, default);
        await worker.StartAsync(default);
        TaskRecord? rests;
        do
        {
            await Task.Delay(5);
            rests = await store.ReadAsync(task.Id, default);
        }
        while (rests is not { Epoch: >= 1, Owner: null });

        await worker.StopAsync(default);
        Assert.Equal(TaskState.Waiting, rests.State);
        Assert.True(
            rests.Due - task.Created >= TaskSettings.PauseAfter(rests.Epoch),
            $"due again {rests.Due - task.Created} after it came, at claim {rests.Epoch}");
    }

    private sealed class NoDeliverer : IDeliverer
    {
        public Failure? Check(string address, string partner) => null;

        public Task<DeliveryResult> DeliverAsync(Delivery delivery, CancellationToken cancel) =>
            throw new InvalidOperationException("there is nothing to deliver");
    }
}
