using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MatchCluster.Api.Tests.Page;

/// <summary>A page of somebody else, in a real browser on this machine: it may send, and nothing comes of it.</summary>
public sealed class ForeignPageTests(RunningServer server, Browser browser)
    : IClassFixture<RunningServer>, IClassFixture<Browser>
{
    [SkippableFact]
    public async Task It_can_neither_enrol_nor_merge_nor_delete()
    {
        await server.PostAsync("persons/VICTIM/encounters/E1", Bodies.Encounter("A", [Bodies.Eye(1, 1)])).OkAsync();
        string line = new JsonObject
        {
            ["personId"] = "PLANTED",
            ["encounter"] = Bodies.Encounter("A", [Bodies.Eye(2, 1)]),
        }.ToJsonString();

        // Another port of the same machine is another origin, and the browser lets it reach loopback addresses.
        await using WebApplication other = WebApplication.CreateSlimBuilder().Build();
        other.Urls.Add("http://127.0.0.1:0");
        other.MapGet("/", () => Results.Content("<title>a page of somebody else</title>", "text/html"));
        await other.StartAsync();
        await using OpenPage open = await browser.OpenAsync(new Uri(other.Urls.Single()));
        await open.Page.UnrouteAllAsync();
        string[] sent = await open.Page.EvaluateAsync<string[]>(
            """
            async ([target, line]) => {
              const outcomes = [];
              const send = async (path, options) => {
                try {
                  await fetch(target + path, { mode: "no-cors", ...options });
                  outcomes.push("sent");
                } catch {
                  outcomes.push("kept back");
                }
              };
              await send("mc/v1/enrol", { method: "POST", body: new Blob([line]) });
              await send("mc/v1/enrol", { method: "POST", body: line });
              await send("v1/persons/STRANGER/merge/VICTIM?transactionId=T", { method: "POST" });
              await send("v1/persons/STRANGER/move/VICTIM/encounters/E1?transactionId=T", { method: "POST" });
              await send("v1/persons/VICTIM?transactionId=T", { method: "DELETE", mode: "cors" });
              return outcomes;
            }
            """,
            new[] { server.Http.BaseAddress!.ToString(), line });

        Assert.Equal(["sent", "sent", "sent", "sent", "kept back"], sent);
        Assert.Equal(404, await server.GetAsync("persons/PLANTED/encounters").StatusAsync());
        Assert.Equal(404, await server.GetAsync("persons/STRANGER/encounters").StatusAsync());
        Assert.Equal(200, await server.GetAsync("persons/VICTIM/encounters/E1").StatusAsync());
    }
}
