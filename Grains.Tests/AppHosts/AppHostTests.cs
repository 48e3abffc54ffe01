using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using MatchCluster.Api.Tests;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Templates;
using Xunit.Abstractions;

namespace MatchCluster.Grains.Tests.AppHosts;

/// <summary>The whole cluster on one command, used as a person uses it from the dashboard.</summary>
public sealed class AppHostTests(ITestOutputHelper output)
{
    private const string People = "60";

    private static readonly string[] Members = ["redis", "silo-1", "silo-2", "api"];

    [SkippableFact]
    public async Task It_is_seeded_searched_and_loaded_starts_a_killed_silo_again_and_leaves_no_process()
    {
        Stopwatch time = Stopwatch.StartNew();
        await using RunningAppHost host = await RunningAppHost.StartAsync(
            "--MatchCluster:Silos=2", "--MatchCluster:Partitions=4", "--MatchCluster:ThreadsPerSilo=1");
        await host.HealthyAsync(Members);
        output.WriteLine($"healthy after {time.Elapsed.TotalSeconds:0.0} s");

        await host.UntilAsync("seed", now => IsOffered(now, "seed-gallery"));
        Assert.False((await host.PressAsync("seed", "seed-gallery", ("people", "many"))).Success);
        ExecuteCommandResult seeded = await host.PressAsync("seed", "seed-gallery", ("people", People));
        Assert.True(seeded.Success, seeded.Message);
        Assert.Equal(0, (await host.UntilAsync("seed", HasEnded)).ExitCode);

        using HttpClient api = host.Client("api");
        await FindsAsync(api, 7);

        ExecuteCommandResult started = await host.PressAsync(
            "ladder", "start-ladder",
            ("people", People), ("first-rate", "2"), ("most-rate", "2"), ("step", "3"), ("limit-ms", "60000"),
            ("scenario", "border"));
        Assert.True(started.Success, started.Message);
        CustomResourceSnapshot ladder = await host.UntilAsync(
            "ladder", now => HasEnded(now) && ReportIn(now) is not null);
        string report = await api.GetStringAsync(new Uri(ReportIn(ladder)!));
        Assert.Contains("<h1>MatchCluster capacity</h1>", report, StringComparison.Ordinal);
        Assert.Contains($"{People} people", report, StringComparison.Ordinal);
        output.WriteLine($"loaded after {time.Elapsed.TotalSeconds:0.0} s");

        int before = await host.ProcessOfAsync("silo-2");
        foreach (int process in ProcessTree.Of([before]).Keys)
        {
            Process.GetProcessById(process).Kill();
        }

        if (OperatingSystem.IsLinux())
        {
            await host.UntilAsync("silo-2", HasEnded);
            await host.UntilAsync("silo-2", now => now.State?.Text == KnownResourceStates.Running);
            await host.HealthyAsync("silo-2");
            Assert.NotEqual(before, await host.ProcessOfAsync("silo-2"));
        }

        output.WriteLine($"the silo is back after {time.Elapsed.TotalSeconds:0.0} s");
        Assert.Empty(await host.StopAsync(Members));
        output.WriteLine($"all is gone after {time.Elapsed.TotalSeconds:0.0} s");
    }

    private static async Task FindsAsync(HttpClient api, int person)
    {
        SyntheticPerson who = new SyntheticPopulation(1).Person(person);
        JsonArray probe = [Finger(who, 2), Finger(who, 7)];
        using HttpResponseMessage answer = await api.PostAsJsonAsync(
            "/v1/identify/demo?transactionId=T", Bodies.Identify(probe));
        JsonNode candidates = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.True(answer.StatusCode == HttpStatusCode.OK, candidates.ToJsonString());
        Assert.Equal(who.PersonId, (string?)candidates[0]!["personId"]);
        Assert.True((bool)candidates[0]!["others"]!["complete"]!);
    }

    /// <summary>Another capture than the one that was enrolled.</summary>
    private static JsonObject Finger(SyntheticPerson who, int finger)
    {
        FingerView view = who.Finger(finger, impression: 1);
        return Bodies.Item(
            "FINGER", view.Position.ToString(), "ISO_19794_2",
            FingerRecords.Encode(TemplateFormat.Iso19794v2005, [view]));
    }

    private static bool IsOffered(CustomResourceSnapshot snapshot, string command) =>
        snapshot.Commands.Any(each => each.Name == command && each.State == ResourceCommandState.Enabled);

    private static bool HasEnded(CustomResourceSnapshot snapshot) =>
        KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text) && snapshot.ExitCode is not null;

    private static string? ReportIn(CustomResourceSnapshot ladder) => ladder.Urls.FirstOrDefault(
        url => url.DisplayProperties.DisplayName.StartsWith("Report of ", StringComparison.Ordinal))?.Url;
}
