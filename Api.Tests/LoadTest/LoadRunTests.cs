using System.Net;
using System.Net.Sockets;
using MatchCluster.LoadTest.Client;
using MatchCluster.LoadTest.Reports;
using MatchCluster.LoadTest.Runs;
using MatchCluster.LoadTest.Workload;
using Microsoft.AspNetCore.Http;

namespace MatchCluster.Api.Tests.LoadTest;

public sealed class LoadRunTests
{
    private const string NoCandidate = "[]";

    [Fact]
    public async Task Requests_leave_on_time_while_none_is_answered()
    {
        // The first answers wait for the tenth request: a generator that waits for answers would never send
        // it.
        const int together = 10;
        int arrived = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using StubServer server = await StubServer.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref arrived) == together)
            {
                all.SetResult();
            }

            await all.Task;
            await context.Response.WriteAsync(NoCandidate);
        });
        Tally tally = (await RunAsync(server.Options())).Searches();
        Assert.True(tally.Due > together);
        Assert.Equal(tally.Due, tally.Answered);
        Assert.Equal(tally.Answered, tally.Latency.Count);
    }

    [Fact]
    public async Task The_same_seed_asks_the_same_and_another_does_not()
    {
        await using StubServer server = await StubServer.StartAsync(c => c.Response.WriteAsync(NoCandidate));
        LoadOptions options = server.Options();
        long first = (await RunAsync(options)).Searches().Due;
        long second = (await RunAsync(options)).Searches().Due;
        long third = (await RunAsync(options with { Seed = 2 })).Searches().Due;
        Assert.Equal(first, second);
        Assert.NotEqual(first, third);
    }

    [Theory]
    [InlineData("""[{"personId":"SYN-00000000","rank":1,"score":50}]""", null)]
    [InlineData(
        """[{"personId":"SYN-00000000","rank":2,"score":40},{"personId":"X","rank":1,"score":50}]""", "X")]
    public async Task A_mated_probe_is_right_at_rank_one_alone(string answer, string? wrong)
    {
        await using StubServer server = await StubServer.StartAsync(c => c.Response.WriteAsync(answer));
        Tally tally = (await RunAsync(server.Options() with { People = 1 })).Searches();
        Assert.Equal(tally.Answered, wrong is null ? tally.Right : tally.Missed);
        Assert.Equal(0, wrong is null ? tally.Missed : tally.Right);
    }

    [Fact]
    public async Task A_candidate_for_somebody_who_is_not_enrolled_is_false()
    {
        await using StubServer server = await StubServer.StartAsync(
            c => c.Response.WriteAsync("""[{"personId":"A","rank":1,"score":50}]"""));
        Tally tally = (await RunAsync(server.Options() with { Mated = 0 })).Searches();
        Assert.True(tally.FalseCandidates > 0);
        Assert.Equal(tally.Answered, tally.FalseCandidates);
    }

    [Fact]
    public async Task An_answer_that_says_it_is_partial_is_counted_and_not_called_wrong()
    {
        await using StubServer server = await StubServer.StartAsync(context =>
        {
            context.Response.Headers["MatchCluster-Complete"] = "false";
            return context.Response.WriteAsync(NoCandidate);
        });
        Tally tally = (await RunAsync(server.Options())).Searches();
        Assert.Equal(tally.Due, tally.Partial);
        Assert.Equal(0, tally.Missed);
    }

    [Theory]
    [InlineData(429, true, false)]
    [InlineData(503, false, true)]
    [InlineData(500, false, false)]
    public async Task Refusals_outages_and_errors_are_told_apart_and_have_no_latency(
        int status, bool refused, bool partial)
    {
        await using StubServer server = await StubServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        Tally tally = (await RunAsync(server.Options())).Searches();
        Assert.True(tally.Due > 0);
        Assert.Equal(tally.Due, tally.Statuses[status.ToString()]);
        Assert.Equal(refused ? tally.Due : 0, tally.Refused);
        Assert.Equal(refused ? 0 : tally.Due, tally.Errors);
        Assert.Equal(partial ? tally.Due : 0, tally.Partial);
        Assert.Equal(0, tally.Latency.Count);
    }

    [Fact]
    public async Task A_server_that_cuts_connections_is_counted_and_the_run_ends()
    {
        await using StubServer server = await StubServer.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        Tally tally = (await RunAsync(server.Options())).Searches();
        Assert.True(tally.Due > 0);
        Assert.Equal(tally.Due, tally.Errors);
        Assert.Equal(tally.Due, tally.Statuses["cut-off"]);
    }

    [Fact]
    public async Task An_answer_that_is_no_candidate_list_is_an_error()
    {
        await using StubServer server =
            await StubServer.StartAsync(c => c.Response.WriteAsync("""{"rank":1"""));
        Tally tally = (await RunAsync(server.Options())).Searches();
        Assert.Equal(tally.Due, tally.Statuses["unreadable"]);
    }

    [Fact]
    public async Task Nobody_at_the_address_is_told_before_and_counted_during_a_run()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        LoadOptions options = StubServer.OptionsFor(new Uri($"http://127.0.0.1:{port}/"));
        using var client = new ServerClient(options);
        (HttpStatusCode? status, string text) = await client.HealthAsync(CancellationToken.None);
        Assert.Null(status);
        Assert.NotEmpty(text);
        Tally tally = (await RunAsync(options)).Searches();
        Assert.Equal(tally.Due, tally.Statuses["connect"]);
    }

    [Fact]
    public async Task Requests_over_the_limit_in_flight_are_due_and_not_sent()
    {
        var release = new TaskCompletionSource();
        await using StubServer server = await StubServer.StartAsync(async context =>
        {
            await release.Task;
            await context.Response.WriteAsync(NoCandidate);
        });
        LoadOptions options = server.Options() with { MaxInFlight = 3 };
        using var client = new ServerClient(options);
        var run = new LoadRun(
            options, client, ProbePool.Prepare(options, (_, _) => { }, CancellationToken.None));
        Task running = run.RunAsync(CancellationToken.None);
        await run.AllSent;
        Assert.True(run.InFlight <= 3);
        release.SetResult();
        await running;
        Tally tally = run.Searches();
        Assert.Equal(3, tally.Answered);
        Assert.Equal(tally.Due - 3, tally.Statuses[Outcome.Unsent]);
    }

    [Fact]
    public async Task A_run_that_is_stopped_ends_early_with_what_it_has()
    {
        using var stop = new CancellationTokenSource();
        await using StubServer server = await StubServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync(NoCandidate);
            await stop.CancelAsync();
        });
        LoadOptions options = server.Options() with { Duration = TimeSpan.FromMinutes(10) };
        Tally tally = (await RunAsync(options, stop.Token)).Searches();
        Assert.True(tally.Answered > 0);
        Assert.Equal(tally.Due, tally.Ended);
    }

    [Fact]
    public async Task A_run_that_is_stopped_does_not_wait_for_a_server_that_hangs()
    {
        using var stop = new CancellationTokenSource();
        await using StubServer server = await StubServer.StartAsync(async context =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        LoadOptions options = server.Options() with
        {
            Duration = TimeSpan.FromMinutes(10),
            Deadline = TimeSpan.FromMinutes(2),
        };
        Tally tally = (await RunAsync(options, stop.Token)).Searches();
        Assert.True(tally.Due > 0);
        Assert.Equal(tally.Due, tally.Statuses["abandoned"]);
    }

    [Fact]
    public async Task Enrolments_go_beside_the_searches_each_to_a_person_of_its_own()
    {
        var persons = new System.Collections.Concurrent.ConcurrentBag<string>();
        await using StubServer server = await StubServer.StartAsync(context =>
        {
            if (context.Request.Path.StartsWithSegments("/v1/persons", out PathString rest))
            {
                persons.Add(rest);
                context.Response.StatusCode = StatusCodes.Status201Created;
            }

            return context.Response.WriteAsync(NoCandidate);
        });
        LoadRun run = await RunAsync(server.Options() with { EnrolRate = 200 });
        Tally enrol = run.Of(RequestKind.Enrol);
        Assert.True(enrol.Answered > 0);
        Assert.Equal(enrol.Due, persons.Distinct().Count());
        Assert.True(run.Searches().Answered > 0);
    }

    [Fact]
    public async Task Partners_send_their_share_with_their_priority_and_headers_and_are_counted_apart()
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<(string Priority, string Authorization)>();
        await using StubServer server = await StubServer.StartAsync(context =>
        {
            string priority = context.Request.Query["priority"].ToString();
            seen.Add((priority, context.Request.Headers.Authorization.ToString()));
            context.Response.StatusCode = priority == "0" ? 429 : 200;
            return context.Response.WriteAsync(NoCandidate);
        });
        LoadOptions options = server.Options() with { Duration = TimeSpan.FromSeconds(1) };
        Partner border = options.Callers[0] with
        {
            Name = "border",
            Share = 0.75,
            Priority = 9,
            Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer secret" },
        };
        options = options with
        {
            Partners = [border, options.Callers[0] with { Name = "bulk", Share = 0.25, Priority = 0, Mated = 0 }],
        };

        LoadRun run = await RunAsync(options);

        (Tally first, Tally second) = (run.OfPartner(0), run.OfPartner(1));
        Assert.Equal(run.Searches().Due, first.Due + second.Due);
        Assert.InRange((double)first.Due / run.Searches().Due, 0.65, 0.85);
        Assert.Equal((first.Due, 0, first.Due), (first.Answered, first.Refused, first.Missed));
        Assert.Equal((0, second.Due), (second.Answered, second.Refused));
        Assert.Equal(first.Due, seen.Count(one => one == ("9", "Bearer secret")));
        Assert.Equal(second.Due, seen.Count(one => one == ("0", "")));
        PartnerReport report = PartnerReport.Of(options, run)[1];
        Assert.Equal(("bulk", 0, second.Due), (report.Name, report.Priority, report.Searches.Refused));
    }

    private static async Task<LoadRun> RunAsync(LoadOptions options, CancellationToken stop = default)
    {
        using var client = new ServerClient(options);
        var run = new LoadRun(
            options, client, ProbePool.Prepare(options, (_, _) => { }, CancellationToken.None));
        await run.RunAsync(stop);
        return run;
    }
}
