using System.Text.Json;
using MatchCluster.LoadTest.Client;
using MatchCluster.LoadTest.Commands;
using MatchCluster.LoadTest.Ladders;
using MatchCluster.LoadTest.Reports;
using MatchCluster.LoadTest.Runs;
using MatchCluster.LoadTest.Workload;
using Microsoft.AspNetCore.Http;
using Spectre.Console;

namespace MatchCluster.Api.Tests.LoadTest;

public sealed class LadderTests
{
    private static readonly IAnsiConsole Silent = AnsiConsole.Create(
        new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) });

    [Theory]
    [InlineData(37)]
    [InlineData(23)]
    [InlineData(400)]
    public void The_knee_is_narrowed_from_both_sides(double capacity)
    {
        LadderPlan plan = new(Options(new Uri("http://127.0.0.1:1"), refinements: 6));
        List<double> tried = [];
        while (plan.Next is { } rate)
        {
            tried.Add(rate);
            plan.Take(rate <= capacity);
        }

        Assert.Equal(tried.Where(rate => rate <= capacity).Max(), plan.Knee);
        Assert.InRange(plan.Knee!.Value, capacity / 1.02, capacity);
        Assert.Equal(tried.Count, tried.Distinct().Count());
    }

    [Theory]
    [InlineData(7)]
    [InlineData(2.5)]
    public void Where_the_first_step_breaks_the_ladder_goes_down_to_a_knee(double capacity)
    {
        LadderPlan plan = new(Options(new Uri("http://127.0.0.1:1"), refinements: 6));
        List<double> tried = [];
        while (plan.Next is { } rate)
        {
            tried.Add(rate);
            plan.Take(rate <= capacity);
        }

        Assert.Equal([20, 5], tried.Take(2));
        Assert.InRange(plan.Knee!.Value, capacity / 1.03, capacity);
    }

    [Fact]
    public void A_ladder_ends_without_a_knee_at_the_slowest_rate_and_one_that_never_breaks_at_the_fastest()
    {
        LadderPlan none = new(Options(new Uri("http://127.0.0.1:1")));
        List<double> down = [];
        while (none.Next is { } rate)
        {
            down.Add(rate);
            none.Take(held: false);
        }

        Assert.Equal([20, 5, 2], down);
        Assert.Null(none.Knee);

        LadderPlan all = new(Options(new Uri("http://127.0.0.1:1")) with { MostRate = 60 });
        List<double> tried = [];
        while (all.Next is { } rate)
        {
            tried.Add(rate);
            all.Take(held: true);
        }

        Assert.Equal([20, 40, 60], tried);
        Assert.Equal(60, all.Knee);
    }

    [Fact]
    public async Task A_server_with_one_place_breaks_where_it_is_full_and_the_report_says_so()
    {
        // It refuses what comes while somebody is inside, and stays with each for 8 ms.
        using SemaphoreSlim place = new(1);
        await using StubServer server = await StubServer.StartAsync(async context =>
        {
            if (!await place.WaitAsync(0))
            {
                context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                return;
            }

            try
            {
                using PeriodicTimer busy = new(TimeSpan.FromMilliseconds(8));
                await busy.WaitForNextTickAsync();
            }
            finally
            {
                place.Release();
            }

            await context.Response.WriteAsync("""[{"personId":"SYN-00000000","rank":1,"score":50}]""");
        });
        LadderOptions options = Options(server.Url);
        using ServerClient client = new(options.Load);
        ProbePool pool = ProbePool.Prepare(options.Load, (_, _) => { }, default);
        LadderReport report = await new Ladder(options, client, pool, Silent).ClimbAsync(default);

        Assert.False(report.Unbroken);
        Assert.Contains("refused, failed or partial", report.Steps[^1].Broke ?? report.Steps[0].Broke);
        Assert.All(report.Steps.Where(step => !step.Held), step => Assert.True(step.Searches.Refused > 0));
        string page = LadderPage.Of(report);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.Contains(LadderTable.KneeOf(report), page, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Partners_stand_in_the_page_the_table_and_the_file_and_their_headers_in_none()
    {
        await using StubServer server = await StubServer.StartAsync(
            context => context.Response.WriteAsync("""[{"personId":"SYN-00000000","rank":1,"score":50}]"""));
        LadderOptions options = Options(server.Url) with { MostRate = 20 };
        Partner only = options.Load.Callers[0];
        Dictionary<string, string> headers = new() { ["Authorization"] = "Bearer secret" };
        options = options with
        {
            Load = options.Load with
            {
                Duration = TimeSpan.FromSeconds(1.2),
                Partners =
                [
                    only with { Name = "border <1>", Share = 0.5, Priority = 9, Headers = headers },
                    only with { Name = "bulk", Share = 0.5, Priority = 0 },
                ],
            },
        };
        using ServerClient client = new(options.Load);
        using StringWriter said = new();
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(said) });
        console.Profile.Width = 200;
        ProbePool pool = ProbePool.Prepare(options.Load, (_, _) => { }, default);
        LadderReport report = await new Ladder(options, client, pool, console).ClimbAsync(default);
        LadderTable.Write(console, report);
        FileInfo json = new(Path.GetTempFileName());
        await ReportJson.WriteAsync(json, report);
        string page = LadderPage.Of(report);
        string file = await File.ReadAllTextAsync(json.FullName);
        json.Delete();

        Assert.All(report.Steps, step => Assert.Equal(
            step.Searches.Due, step.Partners.Sum(partner => partner.Searches.Due)));
        Assert.Contains("p95 by partner", page, StringComparison.Ordinal);
        Assert.Contains("border &lt;1&gt; (9)", page, StringComparison.Ordinal);
        Assert.Contains("border <1> (9)", said.ToString(), StringComparison.Ordinal);
        Assert.Contains("bulk ", said.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"name\": \"bulk\"", file, StringComparison.Ordinal);
        Assert.All([page, file, said.ToString()], text => Assert.DoesNotContain(
            "secret", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_dies_ends_the_ladder_with_a_report_of_what_was()
    {
        StubServer server = await StubServer.StartAsync(
            context => context.Response.WriteAsync("""[{"personId":"SYN-00000000","rank":1,"score":50}]"""));
        LadderOptions options = Options(server.Url) with { FirstRate = 300, LeastRate = 150 };
        using ServerClient client = new(options.Load);
        ProbePool pool = ProbePool.Prepare(options.Load, (_, _) => { }, default);
        await server.DisposeAsync();
        LadderReport report = await new Ladder(options, client, pool, Silent).ClimbAsync(default);

        LadderStep step = report.Steps[^1];
        Assert.Equal("nothing was answered", step.Broke);
        Assert.StartsWith(
            "No step held, not even 150.0 searches/s: nothing was answered", LadderTable.KneeOf(report),
            StringComparison.Ordinal);
        Assert.Null(report.KneePerSecond);
        Assert.Contains("connect", step.Searches.Statuses.Keys);
    }

    [Theory]
    [InlineData(60, 6, true)]
    [InlineData(60, 10, false)]
    [InlineData(2000, 130, true)]
    [InlineData(2000, 140, false)]
    public void Some_wrong_answers_more_than_the_share_are_chance_in_a_short_step(
        long searches, int wrong, bool holds) => Assert.Equal(
            holds, wrong <= Options(new Uri("http://127.0.0.1:1")).MostWrong(searches));

    [Fact]
    public async Task A_server_that_warms_up_is_searched_until_it_becomes_no_faster_and_then_measured()
    {
        int arrived = 0;
        await using StubServer server = await StubServer.StartAsync(async context =>
        {
            // The first forty take far longer than those that follow.
            if (Interlocked.Increment(ref arrived) <= 40)
            {
                using PeriodicTimer compiling = new(TimeSpan.FromMilliseconds(40));
                await compiling.WaitForNextTickAsync();
            }

            await context.Response.WriteAsync("[]");
        });
        LoadOptions options = server.Options();
        using ServerClient client = new(options);
        LoneSearches lone = new(client, ProbePool.Prepare(options, (_, _) => { }, default), options);

        double? alone = await lone.SettleAsync(TimeSpan.FromMinutes(1), default);

        Assert.InRange(arrived, 40, 400);
        Assert.NotNull(alone);
        Assert.Null(await lone.SettleAsync(TimeSpan.Zero, default));
    }

    [Fact]
    public void A_ladder_without_a_knee_says_whether_each_search_is_too_slow_or_the_load_too_high()
    {
        LadderReport report = ReportOf(aloneMs: 1300, broke: "p95 1900 ms");
        Assert.StartsWith(
            "No step held, not even 0.5 searches/s: p95 1900 ms; a search alone takes 1300 ms, more than the limit of "
            + "1000 ms", LadderTable.KneeOf(report), StringComparison.Ordinal);
        Assert.Contains("a search alone takes 80 ms", LadderTable.KneeOf(report with { AloneMs = 80 }));
        Assert.Equal("No step was made.", LadderTable.KneeOf(report with { Steps = [] }));
    }

    private static LadderReport ReportOf(double aloneMs, string broke) => new()
    {
        Url = "http://127.0.0.1:1",
        Gallery = "demo",
        People = 1,
        LimitP95Ms = 1000,
        StepSeconds = 20,
        WarmUpSeconds = 3,
        AloneMs = aloneMs,
        KneePerSecond = null,
        CutShort = false,
        Unbroken = false,
        Steps =
        [
            new LadderStep
            {
                Rate = 0.5,
                AnsweredPerSecond = 0.4,
                Searches = KindReport.Of(new Tally()),
                BusyCores = 0.1,
                Timeline = [],
                Broke = broke,
            },
        ],
    };

    [Fact]
    public async Task What_leaves_in_the_warm_up_is_sent_and_not_counted()
    {
        int arrived = 0;
        await using StubServer server = await StubServer.StartAsync(context =>
        {
            Interlocked.Increment(ref arrived);
            return context.Response.WriteAsync("[]");
        });
        LoadOptions options = server.Options() with { WarmUp = TimeSpan.FromMilliseconds(150) };
        using ServerClient client = new(options);
        LoadRun run = new(options, client, ProbePool.Prepare(options, (_, _) => { }, default));
        await run.RunAsync(default);

        Tally counted = run.Searches();
        Assert.Equal(counted.Due, counted.Answered);
        Assert.InRange(counted.Due, 1, arrived / 2);
    }

    [Fact]
    public async Task Seeding_enrols_every_person_once_and_a_second_time_says_they_are_there()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            new MatchCluster.Matching.Storage.MemoryGalleryStore(2));
        using Seeding seeding = new(server.Http.BaseAddress!, seed: 1, "demo") { Fingers = false };

        SeedCount first = await seeding.RunAsync(30, _ => { }, default);
        SeedCount again = await seeding.RunAsync(31, _ => { }, default);

        Assert.Equal((30, 0, null), (first.Enrolled, first.Present, first.Problem));
        Assert.Equal((1, 30, null), (again.Enrolled, again.Present, again.Problem));
        Assert.Equal(
            31, (int)JsonDocument.Parse(await server.Http.GetStringAsync("/mc/v1/stats")).RootElement
                .GetProperty("identities").GetInt64());
    }

    [Fact]
    public async Task Seeding_says_what_stands_in_its_way()
    {
        using Seeding nobody = new(new Uri("http://127.0.0.1:1"), seed: 1, "demo");
        SeedCount count = await nobody.RunAsync(3, _ => { }, default);
        Assert.Equal(0, count.Enrolled);
        Assert.Contains("127.0.0.1", count.Problem);
        Assert.Contains("ended early", count.ToString());
    }

    private static LadderOptions Options(Uri url, int refinements = 1) => new()
    {
        Load = StubServer.OptionsFor(url) with { People = 1 },
        FirstRate = 20,
        Factor = 2,
        MostRate = 2000,
        LeastRate = 2,
        LimitP95Ms = 1000,
        Refinements = refinements,
    };
}
