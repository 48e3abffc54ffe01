using System.Diagnostics;
using System.Globalization;
using MatchCluster.Api.Http.Access;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using Microsoft.Extensions.Options;
using Spectre.Console;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace MatchCluster.Api.Demo;

/// <summary>
/// Fills a temporary gallery, asks for somebody who is in it and somebody who is not, says how to go on.
/// </summary>
internal static class DemoRun
{
    private const int EnrolledPerson = 7;

    /// <param name="app">The running server.</param>
    /// <param name="loaded">Completes when its partitions are loaded.</param>
    /// <param name="count">People to enrol.</param>
    /// <param name="only">What they have; null where they have fingers and irises.</param>
    /// <param name="directory">Where the probes are written that can be sent again.</param>
    /// <param name="cancel">Ends it early and in order.</param>
    public static async Task RunAsync(
        WebApplication app, Task loaded, int count, Modality? only, string directory, CancellationToken cancel)
    {
        IServiceProvider services = app.Services;
        DemoConsole console = new(AnsiConsole.Console);
        DemoPeople people = new(only);
        DemoGallery gallery = new(
            people, services.GetRequiredService<EncounterRoot>(), services.GetRequiredService<TimeProvider>());

        try
        {
            long started = Stopwatch.GetTimestamp();
            await loaded.WaitAsync(cancel);
            await console.ProgressAsync("enrolling synthetic people", count,
                enrolled => gallery.FillAsync(count, enrolled, cancel));
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            console.Line(string.Create(CultureInfo.InvariantCulture,
                $"{count} people with {people.What} made and enrolled in {seconds:F1} s"));

            using DemoQuestions questions = new(
                new Uri(app.Urls.First()), directory, services.GetRequiredService<IOptions<JsonOptions>>(),
                DevelopmentKey.TokenFor(
                    services.GetRequiredService<AccessSettings>(), "demo", Scopes.Identify,
                    services.GetRequiredService<TimeProvider>()));
            await AskAsync(console, people, questions, count, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Stopped while it was filling; the host ends in order.
        }
    }

    private static async Task AskAsync(
        DemoConsole console, DemoPeople people, DemoQuestions questions, int count, CancellationToken cancel)
    {
        string mated = questions.Write("probe-enrolled.json", people.Probe(EnrolledPerson));
        string nonMated = questions.Write("probe-stranger.json", people.Probe(count + EnrolledPerson));
        string small = questions.Write(people.SmallFile, people.SmallProbe(EnrolledPerson));

        // The first search of a process also compiles its code: it is asked before the one that is shown.
        await questions.AskAsync(mated, cancel);
        console.Answer(
            $"{people.Asked} of {people.IdOf(EnrolledPerson)}, captured again:",
            await questions.AskAsync(mated, cancel));
        console.Answer(
            $"{people.Asked} of somebody who is not enrolled:", await questions.AskAsync(nonMated, cancel));

        console.Line("");
        console.Line("Candidates, not matches: a person decides. Ask again yourself:");
        console.Line("");
        console.Line(questions.Curl(mated));
        console.Line(questions.Curl(nonMated));
        console.Line("");
        console.Line($"A small body to read: {small}. Serving until Ctrl+C; the gallery is then deleted.");
    }
}
