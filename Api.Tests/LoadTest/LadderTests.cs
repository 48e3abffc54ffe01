using System.Text.Json;
using MatchCluster.LoadTest;
using MatchCluster.LoadTest.Ladders;
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

    [Fact]
    public void A_first_step_that_breaks_ends_it_without_a_knee_and_one_that_never_breaks_ends_at_the_fastest()
    {
        LadderPlan none = new(Options(new Uri("http://127.0.0.1:1")));
        none.Take(held: false);
        Assert.Equal((null, null), (none.Next, none.Knee));

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
        LadderOptions options = Options(server.Url);
        using ServerClient client = new(options.Load);
        ProbePool pool = ProbePool.Prepare(options.Load, (_, _) => { }, default);
        await server.DisposeAsync();
        LadderReport report = await new Ladder(options, client, pool, Silent).ClimbAsync(default);

        LadderStep step = Assert.Single(report.Steps);
        Assert.Equal("nothing was answered", step.Broke);
        Assert.Null(report.KneePerSecond);
        Assert.Contains("connect", step.Searches.Statuses.Keys);
    }

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
        LimitP95Ms = 1000,
        Refinements = refinements,
    };
}
