using System.Net.Http.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using MatchCluster.Api.Deliveries;
using MatchCluster.Api.Tests.Tasks;
using Microsoft.Playwright;

namespace MatchCluster.Api.Tests.Page;

/// <summary>Tasks, dead letters and jobs as an operator has them.</summary>
public sealed class WorkOnPageTests(Browser browser) : IClassFixture<Browser>
{
    [SkippableTheory]
    [InlineData(320, ColorScheme.Light)]
    [InlineData(1400, ColorScheme.Dark)]
    public async Task A_dead_letter_is_sent_again_and_a_job_shows_how_far_it_is(int width, ColorScheme colours)
    {
        await using TaskServer server = await TaskServer.StartAsync(
            plan: RetryPlan.Default with { First = TimeSpan.FromMilliseconds(10), MostAttempts = 1 });
        for (int person = 1; person <= 3; person++)
        {
            using HttpResponseMessage enrolled = await server.Http.PostAsync(
                RunningServer.V1($"persons/P-{person}/encounters/E"),
                JsonContent.Create(Bodies.Encounter("G", Bodies.Samples(person))));
            Assert.True(enrolled.IsSuccessStatusCode, await enrolled.Content.ReadAsStringAsync());
        }

        server.Receiver.Status = 500;
        string task = await server.TaskAsync("GET", "persons/P-1/encounters", null, "T-dead");
        await server.WaitAsync(task, "RESPONSE_ERROR");
        using HttpResponseMessage begun = await server.Http.PostAsync(
            "/mc/v1/jobs?kind=deduplicate&galleryId=ALL&threshold=40", null);
        Assert.True(begun.IsSuccessStatusCode, await begun.Content.ReadAsStringAsync());

        await using OpenPage open = await browser.OpenAsync(
            server.Http.BaseAddress!, new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = width, Height = 800 },
                ColorScheme = colours,
            });
        IPage page = open.Page;
        await page.ClickAsync("#work-open");
        await page.SelectOptionAsync("#work-state", "Dead");
        ILocator row = page.Locator("#task-table tbody tr").Filter(new() { HasText = task });
        await Assertions.Expect(row).ToContainTextAsync("Dead");
        await Assertions.Expect(page.Locator("#job-table tbody tr")).ToContainTextAsync("3 of 3 pairs");
        await Assertions.Expect(page.Locator("#job-table tbody tr")).ToContainTextAsync("done");
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        AxeResult axe = await page.RunAxe();
        Assert.Empty(axe.Violations.Select(one =>
            $"{one.Id}: {string.Join("; ", one.Nodes.Select(node => node.Html))}"));

        IDownload report = await page.RunAndWaitForDownloadAsync(
            () => page.Locator("#job-table").GetByRole(AriaRole.Button, new() { Name = "report" }).ClickAsync());
        Assert.Matches("^job-.+[.]html$", report.SuggestedFilename);
        Assert.Contains("ALL", await File.ReadAllTextAsync(await report.PathAsync()));

        server.Receiver.Status = 204;
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await server.Receiver.OfAsync(task);
        await server.WaitAsync(task, "COMPLETED");
        await page.SelectOptionAsync("#work-state", "Done");
        await Assertions.Expect(row).ToContainTextAsync("Done");

        if (Environment.GetEnvironmentVariable("MATCHCLUSTER_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.Locator("#work").ScreenshotAsync(new() { Path = Path.Combine(folder, $"work-{width}.png") });
        }

        // This server keeps no subscriptions, and says so where alerts would be.
        await Assertions.Expect(page.Locator("#alert-table tbody")).ToContainTextAsync("--changes-kept");
        Assert.All(open.Troubles, trouble => Assert.Contains("409", trouble));
    }

    [SkippableFact]
    public async Task More_tasks_are_shown_after_the_first_hundred()
    {
        await using TaskServer server = await TaskServer.StartAsync();
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!);
        IPage page = open.Page;
        List<string?> after = [];
        await page.RouteAsync("**/mc/v1/tasks?*", route =>
        {
            string? last = System.Web.HttpUtility.ParseQueryString(new Uri(route.Request.Url).Query)["afterTaskId"];
            after.Add(last);
            int first = last is null ? 0 : 100;
            string tasks = string.Join(',', Enumerable.Range(first, first == 0 ? 100 : 3).Select(number =>
                $"{{\"taskId\":\"task-{number}\",\"kind\":\"osia\",\"state\":\"Done\",\"attempts\":0,"
                + "\"due\":\"2026-01-01T00:00:00Z\",\"created\":\"2026-01-01T00:00:00Z\"}"));
            return route.FulfillAsync(new RouteFulfillOptions
            {
                ContentType = "application/json",
                Body = $"{{\"tasks\":[{tasks}]}}",
            });
        });

        await page.ClickAsync("#work-open");
        ILocator rows = page.Locator("#task-table tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(100);
        await page.ClickAsync("#work-more");

        await Assertions.Expect(rows).ToHaveCountAsync(103);
        await Assertions.Expect(page.Locator("#work-more")).ToBeHiddenAsync();
        Assert.Equal([null, "task-99"], after);
    }

    [SkippableFact]
    public async Task Alerts_go_on_after_a_stream_that_ended_or_broke_off()
    {
        await using TaskServer server = await TaskServer.StartAsync();
        await using OpenPage open = await browser.OpenAsync(server.Http.BaseAddress!);
        IPage page = open.Page;
        List<string> after = [];
        await page.RouteAsync("**/mc/v1/alerts/stream", route =>
        {
            string last = route.Request.Headers["last-event-id"];
            after.Add(last);
            return after.Count == 2 ? route.AbortAsync() : route.FulfillAsync(new RouteFulfillOptions
            {
                ContentType = "text/event-stream",
                Body = last == "2" ? ": nothing new\n\n" : AlertAfter(last),
            });
        });

        await page.ClickAsync("#work-open");

        ILocator rows = page.Locator("#alert-table tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(2, new() { Timeout = 20_000 });
        await Assertions.Expect(rows.Nth(0)).ToContainTextAsync("P-2");
        await Assertions.Expect(rows.Nth(1)).ToContainTextAsync("P-1");
        Assert.Equal(["0", "1", "1"], after.Take(3));
    }

    private static string AlertAfter(string last)
    {
        int number = int.Parse(last, System.Globalization.CultureInfo.InvariantCulture) + 1;
        return $"id: {number}\ndata: {{\"number\":{number},\"alertId\":\"a-{number}\",\"kind\":\"hit\","
            + "\"subscriptionId\":\"s\",\"galleryId\":\"G\",\"at\":\"2026-01-01T00:00:00Z\","
            + $"\"personId\":\"P-{number}\",\"score\":61}}\n\n";
    }
}
