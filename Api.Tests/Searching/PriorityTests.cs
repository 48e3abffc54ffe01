using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Searching;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Tests.Searching;

/// <summary>What <c>priority</c> does to requests that come together.</summary>
public sealed class PriorityTests
{
    [Fact]
    public async Task Low_priority_is_refused_where_high_is_let_in_and_the_label_says_whose_it_was()
    {
        HeldPartition engine = new();
        await using RunningServer server =
            await RunningServer.StartAsync(engine, new Admission(2, TimeSpan.FromSeconds(2)));
        Task<HttpResponseMessage> first = server.PostAsync("identify/ALL?priority=0", Probe());
        await UntilAsync(() => engine.Asked.Count == 1);

        using HttpResponseMessage refused = await server.PostAsync("identify/ALL?priority=0", Probe());
        Task<HttpResponseMessage> high = server.PostAsync("identify/ALL?priority=9", Probe());
        await UntilAsync(() => engine.Asked.Count == 2);
        string live = await server.Http.GetStringAsync("/mc/v1/live");
        engine.Release();

        Assert.Equal(429, (int)refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        await first.OkAsync();
        await high.OkAsync();
        Assert.Contains("\"byPriority\":[1,0,0,0,0,0,0,0,0,1]", live, StringComparison.Ordinal);
        string metrics = await server.Http.GetStringAsync("/metrics");
        Assert.Contains(metrics.Split('\n'), line => line.StartsWith("matchcluster_refused", StringComparison.Ordinal)
            && line.Contains("priority=\"0\"", StringComparison.Ordinal));
        Assert.Contains("matchcluster_turn_waiting", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_goes_to_the_engine_by_priority_and_a_stream_behind_single_calls()
    {
        HeldPartition engine = new();
        await using RunningServer server = await RunningServer.StartAsync(engine, searchesAtOnce: 1);
        SearchTurns turns = server.Part<SearchTurns>();
        List<Task<HttpResponseMessage>> sent = [server.PostAsync("identify/ALL?maxNbCand=1", Probe())];
        await UntilAsync(() => engine.Asked.Count == 1);
        foreach (Func<Task<HttpResponseMessage>> next in (Func<Task<HttpResponseMessage>>[])
        [
            () => server.Http.PostAsync("/mc/v1/identify/ALL", Line(2)),
            () => server.PostAsync("identify/ALL?priority=1&maxNbCand=3", Probe()),
            () => server.Http.PostAsync("/mc/v1/identify/ALL?priority=9", Line(4)),
            () => server.PostAsync("identify/ALL?maxNbCand=5", Probe()),
        ])
        {
            sent.Add(next());
            await UntilAsync(() => turns.Waiting.Sum() == sent.Count - 1);
        }

        engine.Release();
        foreach (Task<HttpResponseMessage> one in sent)
        {
            using HttpResponseMessage answer = await one;
            Assert.True(answer.IsSuccessStatusCode);
            await answer.Content.ReadAsStringAsync();
        }

        Assert.Equal([1, 4, 5, 3, 2], engine.Asked);
    }

    [Fact]
    public async Task A_search_whose_time_ends_before_its_turn_says_that_nothing_was_searched()
    {
        HeldPartition engine = new();
        await using RunningServer server = await RunningServer.StartAsync(engine, searchesAtOnce: 1);
        Task<HttpResponseMessage> first = server.PostAsync("identify/ALL", Probe());
        await UntilAsync(() => engine.Asked.Count == 1);
        using HttpRequestMessage hasty = new(HttpMethod.Post, RunningServer.V1("identify/ALL"))
        {
            Content = JsonContent.Create(Probe()),
        };
        hasty.Headers.Add(Deadline.Header, "1");

        using HttpResponseMessage late = await server.Http.SendAsync(hasty);

        Assert.Equal(503, (int)late.StatusCode);
        engine.Release();
        await first.OkAsync();
    }

    [Fact]
    public async Task A_server_that_gives_nobody_more_counts_a_claim_as_what_it_gives()
    {
        HeldPartition engine = new();
        await using RunningServer server = await RunningServer.StartAsync(
            engine, Admission.Default with { HighestPriority = Priority.Default });
        Task<HttpResponseMessage> claim = server.PostAsync("identify/ALL?priority=9", Probe());
        Task<HttpResponseMessage> stream = server.Http.PostAsync("/mc/v1/identify/ALL?priority=9", Line(2));
        Task<HttpResponseMessage> low = server.PostAsync("identify/ALL?priority=1", Probe());
        await UntilAsync(() => engine.Asked.Count == 3);

        string live = await server.Http.GetStringAsync("/mc/v1/live");
        engine.Release();

        await claim.OkAsync();
        await stream.OkAsync();
        await low.OkAsync();
        Assert.Contains("\"byPriority\":[0,1,0,0,0,2,0,0,0,0]", live, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_engines_threads_are_busy_every_door_keeps_its_deadline_and_the_server_answers()
    {
        await using RunningServer server = await RunningServer.StartAsync(new StubDirectory(StubDirectory.Complete(0)));
        EngineCalls calls = server.Part<EngineCalls>();
        using ManualResetEventSlim free = new();
        Task[] busy =
        [
            .. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => calls.RunAsync(
                () => free.Wait(TimeSpan.FromMinutes(1)), SearchBudget.Of(TimeSpan.FromMinutes(1))).AsTask()),
        ];
        JsonObject pair = new()
        {
            ["biometricData1"] = new JsonArray(Bodies.Finger(1, 2)),
            ["biometricData2"] = new JsonArray(Bodies.Finger(1, 2)),
        };
        JsonObject one = new() { ["biometricData"] = new JsonArray(Bodies.Finger(1, 2)) };
        foreach ((string path, JsonObject body) in ((string, JsonObject)[])
            [("identify/ALL", Probe()), ("verify", pair), ("verify/ALL/P", one)])
        {
            using HttpRequestMessage hasty = new(HttpMethod.Post, RunningServer.V1(path))
            {
                Content = JsonContent.Create(body),
            };
            hasty.Headers.Add(Deadline.Header, "1");
            await server.Http.SendAsync(hasty).ErrorAsync(503, FailureCode.DeadlinePassed);
        }

        Assert.Equal(200, await server.Http.GetAsync("/alive").StatusAsync());
        Assert.Equal(0, server.Part<AdmissionGate>().Inside);
        free.Set();
        await Task.WhenAll(busy);
        await server.PostAsync("verify", pair).OkAsync();
    }

    [Theory]
    [InlineData("10")]
    [InlineData("-1")]
    [InlineData("high")]
    public async Task A_priority_that_is_none_is_refused_at_both_doors(string priority)
    {
        await using RunningServer server = await RunningServer.StartAsync(new HeldPartition());
        Assert.Equal(400, await server.PostAsync($"identify/ALL?priority={priority}", Probe()).StatusAsync());
        Assert.Equal(
            400, await server.Http.PostAsync($"/mc/v1/identify/ALL?priority={priority}", Line(1)).StatusAsync());
    }

    private static JsonObject Probe() => Bodies.Identify([Bodies.Finger(1, 2)]);

    private static StringContent Line(int candidates)
    {
        JsonObject line = Probe();
        line.Remove("filter");
        line["id"] = "a";
        line["maxNbCand"] = candidates;
        return new StringContent(line.ToJsonString() + "\n", Encoding.UTF8, "application/x-ndjson");
    }

    private static async Task UntilAsync(Func<bool> isReached)
    {
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(60));
        while (!isReached())
        {
            late.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Answers nobody until it is told to, and remembers who came by how many candidates they want.</summary>
    private sealed class HeldPartition : IPartition, IPartitionDirectory
    {
        private readonly StubPartition inner = StubDirectory.Complete(0);
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<int> Asked { get; } = new();

        public PartitionId Id => inner.Id;

        public IReadOnlyList<IPartition> All => [this];

        public void Release() => released.SetResult();

        public async ValueTask<PartitionAnswer> SearchAsync(SearchBatch batch, SearchBudget budget)
        {
            // One more than asked for tells whether the list was cut.
            Asked.Enqueue(batch.Searches[0].MaxCandidates - 1);
            await released.Task;
            return await inner.SearchAsync(batch, budget);
        }

        public ValueTask<WriteAck> ApplyAsync(WriteBatch writes, SearchBudget budget) =>
            inner.ApplyAsync(writes, budget);

        public ValueTask<ReadAnswer> ReadAsync(ReadQuery query, SearchBudget budget) => inner.ReadAsync(query, budget);

        public ValueTask<PartitionStatus> StatusAsync(CancellationToken cancel) => inner.StatusAsync(cancel);
    }
}
