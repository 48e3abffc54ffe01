using System.Diagnostics.Metrics;
using MatchCluster.Api.Deliveries;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Tasks;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Uses;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MatchCluster.Api.Tests.Tasks;

/// <summary>What becomes of a result that cannot or must not be sent.</summary>
public sealed class TaskSenderTests : IDisposable
{
    private static readonly RetryPlan Plan = RetryPlan.Default with { First = TimeSpan.Zero };

    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MemoryTaskStore store = new();
    private readonly TaskMetrics metrics;

    public TaskSenderTests() => metrics = new TaskMetrics(services.GetRequiredService<IMeterFactory>());

    public void Dispose()
    {
        metrics.Dispose();
        services.Dispose();
    }

    [Fact]
    public async Task A_defect_is_tried_a_few_times_and_then_waits_for_somebody()
    {
        StubDeliverer broken = new() { Fault = new InvalidOperationException("with something secret") };
        TaskSender sender = Sender(broken);
        string id = await ScheduleAsync(new TaskNotes("http://127.0.0.1/x", "T"));
        for (int i = 1; i < RetryPlan.MostRefusals; i++)
        {
            Assert.Null(await SendAsync(sender, id));
            Assert.Equal(TaskState.Retrying, (await store.ReadAsync(id, default))!.State);
        }

        string reason = (await SendAsync(sender, id))!;
        Assert.Equal("this server fails to send it (InvalidOperationException)", reason);
        TaskRecord dead = (await store.ReadAsync(id, default))!;
        Assert.Equal((TaskState.Dead, RetryPlan.MostRefusals), (dead.State, dead.Attempts));
        Assert.Equal(reason, TaskNotes.Read(dead)!.Reason);
        Assert.Equal([1, 2], dead.Result.ToArray());
    }

    [Fact]
    public async Task A_result_whose_notes_nobody_can_read_is_a_dead_letter()
    {
        TaskSender sender = Sender(new StubDeliverer());
        foreach (byte[] notes in (byte[][])[[], "null"u8.ToArray(), new TaskNotes("no address", "T").Encode()])
        {
            string id = await ScheduleAsync(notes);
            Assert.NotNull(await SendAsync(sender, id));
            Assert.Equal(TaskState.Dead, (await store.ReadAsync(id, default))!.State);
        }
    }

    [Fact]
    public async Task A_result_is_sent_only_while_the_agreement_holds()
    {
        StubDeliverer deliverer = new();
        Agreements agreements = new(new MemoryGovernanceStore(), TimeProvider.System);
        TaskSender sender = Sender(deliverer, agreements);
        AskedUse search = new(Operation.Identify, "watchlist", "test", null);
        await SignAsync(agreements, Agreement("watchlist"));

        // Suspended after the task was executed: the result is kept, and nothing of it leaves.
        await agreements.SuspendAsync("a-1", "r", "anna", default);
        string id = await ScheduleAsync(Notes(search));
        Assert.Equal("not sent by agreement: agreement a-1 is suspended", await SendAsync(sender, id));
        string old = await ScheduleAsync(Notes(null));
        Assert.NotNull(await SendAsync(sender, old));
        Assert.Equal(0, deliverer.Sent);

        // It holds again: what is asked for again is sent.
        SignedResult proposed = await agreements.ProposeResumptionAsync("a-1", "r", "anna", default);
        await agreements.Suspensions.ApproveAsync("a-1", proposed.Version, "berta", default);
        Assert.True(await store.ControlAsync(
            id, [TaskState.Dead],
            new TaskChange(TimeProvider.System.GetUtcNow()) { State = TaskState.Retrying, Attempts = 0 }, default));
        Assert.Null(await SendAsync(sender, id));
        Assert.Equal((1, TaskState.Done), (deliverer.Sent, (await store.ReadAsync(id, default))!.State));

        // A gallery that the agreement names no more.
        await SignAsync(agreements, Agreement("other"));
        Assert.NotNull(await SendAsync(sender, await ScheduleAsync(Notes(search))));
        Assert.Equal(1, deliverer.Sent);
    }

    [Fact]
    public async Task Another_agreement_of_several_purposes_does_not_open_what_a_suspended_one_closed()
    {
        StubDeliverer deliverer = new();
        Agreements agreements = new(new MemoryGovernanceStore(), TimeProvider.System);
        TaskSender sender = Sender(deliverer, agreements);
        await SignAsync(agreements, Agreement("watchlist") with { Purposes = ["test"] });
        await SignAsync(agreements, Agreement("other") with { Id = "a-2" });
        AskedUse stated = new(Operation.Identify, "watchlist", null, null);
        Assert.Null(await SendAsync(sender, await ScheduleAsync(Notes(stated))));
        Assert.Equal(1, deliverer.Sent);

        await agreements.SuspendAsync("a-1", "r", "anna", default);
        Assert.NotNull(await SendAsync(sender, await ScheduleAsync(Notes(stated))));

        // The second one would allow such a search too, and is not what this result was made by.
        await SignAsync(agreements, Agreement("watchlist") with { Id = "a-2" });
        UseDecision by = new() { Purpose = "test", Agreement = new AgreementRef("a-1", 1) };
        Assert.Equal(
            "not sent by agreement: agreement a-1 is suspended",
            await SendAsync(sender, await ScheduleAsync(Notes(stated.AllowedBy(by, isSearch: true)))));
        Assert.Equal(1, deliverer.Sent);
    }

    [Fact]
    public async Task A_result_that_shows_more_than_is_released_now_is_not_sent()
    {
        StubDeliverer deliverer = new();
        Agreements agreements = new(new MemoryGovernanceStore(), TimeProvider.System);
        TaskSender sender = Sender(deliverer, agreements);
        await SignAsync(agreements, Agreement("watchlist") with { Release = ReleaseProfile.Hit });
        foreach (AskedUse use in (AskedUse[])
            [new(Operation.Identify, "watchlist", "test", null), new(Operation.Identify, "watchlist", null, null)])
        {
            Assert.Equal(
                "not sent by agreement: the agreement releases hit now, and the result was made with full",
                await SendAsync(
                    sender, await ScheduleAsync(Notes(use with { Release = ReleaseProfile.Full }))));
        }

        Assert.Equal(0, deliverer.Sent);
        AskedUse asked = new(Operation.Identify, "watchlist", "test", null);
        Assert.Null(await SendAsync(
            sender, await ScheduleAsync(Notes(asked with { Release = ReleaseProfile.Hit }))));
        Assert.Null(await SendAsync(sender, await ScheduleAsync(Notes(asked))));
        Assert.Equal(2, deliverer.Sent);
    }

    [Fact]
    public async Task An_execution_notes_what_allowed_it()
    {
        UseDecision by = new()
        {
            Purpose = "visa",
            Agreement = new AgreementRef("a-7", 3),
            Release = ReleaseProfile.Scores,
        };
        RouteEndpoint search = new(
            _ => Task.CompletedTask, RoutePatternFactory.Parse("/"), 0,
            new EndpointMetadataCollection(
                new EndpointNameMetadata("identify"), new AccessRule(Scopes.Identify, null)),
            null);
        TaskPipeline pipeline = new(
            services.GetRequiredService<IServiceScopeFactory>(), new DefaultEndpointDataSource(search));
        pipeline.Use(http =>
        {
            http.Use().Decided!(by);
            return Task.CompletedTask;
        });
        OsiaExecutor executor = new(
            store, pipeline, new EncounterRoot(new StubDirectory()), TaskSettings.Default, TimeProvider.System);
        TaskCall call = new()
        {
            Operation = "identify",
            Method = "POST",
            Path = "/v1/identify/watchlist",
            Query = "",
            Route = new Dictionary<string, string> { ["galleryId"] = "watchlist" },
            Headers = new Dictionary<string, string>(),
            Partner = "a",
            Subject = "",
            CallerKind = CallerKind.Client,
            Scopes = [],
        };
        AskedUse stated = new(Operation.Identify, "watchlist", null, null);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await store.PutAsync(
            TaskRecord.Make(TaskKinds.Osia, "a", null, new byte[32], call.Encode(), 0, now) with
            {
                Progress = Notes(stated).Encode(),
            },
            default);
        TaskRecord task = Assert.Single(await store.ClaimAsync(
            new TaskClaim(TaskPhase.Execute, [TaskKinds.Osia], "test", now, now.AddMinutes(1)), default));
        Assert.NotNull(await executor.ExecuteAsync(task, default));

        AskedUse noted = TaskNotes.Read((await store.ReadAsync(task.Id, default))!)!.Asked!;
        Assert.Equal(
            new AskedUse(Operation.Identify, "watchlist", "visa", "a-7") { Release = ReleaseProfile.Scores }, noted);
    }

    private static async Task SignAsync(Agreements agreements, Agreement agreement)
    {
        SignedResult result = await agreements.Partners.ProposeAsync(agreement, "anna", default);
        Assert.Null(result.Refusal);
        Assert.Null((await agreements.Partners.ApproveAsync(
            agreement.Id, result.Version, "berta", default)).Refusal);
    }

    private static TaskNotes Notes(AskedUse? asked) => new("http://127.0.0.1/x", "T") { Asked = asked };

    private static Agreement Agreement(string gallery) => new()
    {
        Id = "a-1",
        Partner = "a",
        Purposes = ["test", "visa"],
        Modalities = [MatchCluster.Matching.Model.Modality.Finger],
        Search = [gallery],
        ValidFrom = DateTimeOffset.UnixEpoch,
        ValidTo = DateTimeOffset.MaxValue,
        Phase = AgreementPhase.Live,
        LegalBasis = "Treaty of Nowhere",
    };

    private TaskSender Sender(IDeliverer deliverer, Agreements? agreements = null) => new(
        store, deliverer, Plan, new DeliveryRight(agreements), metrics, TimeProvider.System,
        NullLogger<TaskSender>.Instance);

    private Task<string> ScheduleAsync(TaskNotes notes) => ScheduleAsync(notes.Encode());

    private async Task<string> ScheduleAsync(byte[] notes)
    {
        TaskRecord task = TaskRecord.Make(
            TaskKinds.Osia, "a", null, new byte[32], default, 0, TimeProvider.System.GetUtcNow()) with
        {
            State = TaskState.Scheduled,
            Result = new byte[] { 1, 2 },
            Progress = notes,
        };
        await store.PutAsync(task, default);
        return task.Id;
    }

    /// <summary>Claims what is due, which is this task, and sends it.</summary>
    private async Task<string?> SendAsync(TaskSender sender, string id)
    {
        DateTimeOffset later = TimeProvider.System.GetUtcNow().AddDays(1);
        TaskRecord task = Assert.Single(await store.ClaimAsync(
            new TaskClaim(TaskPhase.Deliver, TaskKinds.Delivered, "test", later, later.AddSeconds(1)), default));
        Assert.Equal(id, task.Id);
        return await sender.SendAsync(task, default);
    }

    private sealed class StubDeliverer : IDeliverer
    {
        public Exception? Fault { get; init; }

        public int Sent { get; private set; }

        public Failure? Check(string address, string partner) => null;

        public Task<DeliveryResult> DeliverAsync(Delivery delivery, CancellationToken cancel)
        {
            if (Fault is not null)
            {
                throw Fault;
            }

            Sent++;
            return Task.FromResult(new DeliveryResult(DeliveryOutcome.Delivered, "its server answers 200"));
        }
    }
}
