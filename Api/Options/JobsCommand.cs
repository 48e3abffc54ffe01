using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace MatchCluster.Api.Options;

/// <summary>
/// "jobs": begins, watches and ends jobs of a running server, and reads their results (docs/jobs.md).
/// </summary>
internal sealed class JobsCommand
{
    /// <summary>Exit code where the server refuses, and of a job that failed.</summary>
    public const int Failed = 1;

    /// <summary>Exit code of a job that was waited for and is paused or cancelled.</summary>
    public const int Stopped = 3;

    private const string Base = "/mc/v1/jobs";

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly Option<string> server = new("--server", "--url")
    {
        HelpName = "URL",
        DefaultValueFactory = _ => ServerOptions.DefaultUrls,
        Description = "The server; beyond this machine by https only",
    };

    private readonly Option<string?> token = new("--token")
    {
        HelpName = "FILE",
        Description = "File with an access token (scope mc.jobs; mc.identify beside it to search). Default: none",
    };

    private readonly Option<string?> output = new("--output")
    {
        HelpName = "FILE",
        Description = "Where results or the report go. Default: standard output",
    };

    private readonly Option<string> format = new("--format")
    {
        HelpName = "NAME",
        DefaultValueFactory = _ => "ndjson",
        Description = "Of results: ndjson, csv, or figures of an accuracy job",
    };

    private readonly Option<bool> wait = new("--wait")
    {
        Description = "Wait for its end: 0 done, 1 failed, 3 paused or cancelled; then --output gets its results",
    };

    public JobsCommand()
    {
        format.AcceptOnlyFromAmong("ndjson", "csv", "figures");
        Command = new Command("jobs", "Work over whole galleries of a running server (docs/jobs.md)")
        {
            Made("list", "Jobs with their states", [], ListAsync),
            OfOne("show", "A job with its progress", ShowAsync),
            OfOne("pause", "Pause a job", (said, id, http, cancel) => ControlAsync(said, id, "pause", http, cancel)),
            OfOne("resume", "Let a job go on",
                (said, id, http, cancel) => ControlAsync(said, id, "resume", http, cancel)),
            OfOne("cancel", "End a job", (said, id, http, cancel) => ControlAsync(said, id, "cancel", http, cancel)),
            OfOne("results", "The results of a job", ResultsAsync, format, output),
            OfOne("report", "The report page of a job", (said, id, http, cancel) =>
                FetchAsync(said, $"{At(id)}/report", http, cancel), output),
            Begun("deduplicate", "Compare a gallery with itself", takesFile: false),
            Begun("batch-identify", "Search with many probes or references", takesFile: true),
            Begun("accuracy", "Count the errors of a labelled set", takesFile: true),
        };
    }

    public Command Command { get; }

    private Command Begun(string kind, string description, bool takesFile)
    {
        Option<string> gallery = new("--gallery")
        {
            HelpName = "NAME",
            Required = true,
            Description = "The gallery, or ALL",
        };
        Option<string?> file = new("--file")
        {
            HelpName = "FILE",
            Required = takesFile,
            Description = "Its lines: probes as NDJSON, or references as CSV (a name that ends in .csv)",
        };
        Option<double?> threshold = new("--threshold")
        {
            HelpName = "SCORE",
            Description = "Lowest score, -10 log10 FMR. Default: as docs/jobs.md says",
        };
        Option<bool> exhaustive = new("--exhaustive") { Description = "Score everybody in full" };
        Option<string?> key = new("--key")
        {
            HelpName = "TEXT",
            Description = "A name of this call: repeated with it, it gets the first job (Idempotency-Key)",
        };
        List<Symbol> parts = [gallery, threshold, exhaustive, key, wait, format, output];
        if (takesFile)
        {
            parts.Add(file);
        }

        return Made(kind, description, parts, async (said, http, cancel) =>
        {
            string query = $"?kind={kind}&galleryId={Uri.EscapeDataString(said.GetValue(gallery)!)}"
                + (said.GetValue(threshold) is { } score
                    ? string.Create(CultureInfo.InvariantCulture, $"&threshold={score}") : "")
                + (said.GetValue(exhaustive) ? "&accuracyLevel=exhaustive" : "");
            using HttpRequestMessage request = new(HttpMethod.Post, Base + query);
            if (said.GetValue(key) is { } name)
            {
                request.Headers.Add("Idempotency-Key", name);
            }

            if (takesFile)
            {
                string path = said.GetValue(file)!;
                request.Content = new StreamContent(File.OpenRead(path));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(
                    path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? "text/csv" : "application/x-ndjson");
            }

            using HttpResponseMessage answer = await http.SendAsync(request, cancel);
            JsonNode job = await JsonAsync(answer, cancel);
            string id = (string)job["jobId"]!;
            if (!said.GetValue(wait))
            {
                await WriteAsync(said, id);
                return 0;
            }

            await said.InvocationConfiguration.Error.WriteLineAsync($"job {id}");
            while ((string)job["state"]! is "waiting" or "running")
            {
                await Task.Delay(Look, cancel);
                using HttpResponseMessage now = await http.GetAsync(At(id), cancel);
                job = await JsonAsync(now, cancel);
            }

            await said.InvocationConfiguration.Error.WriteLineAsync(LineOf(job));
            int code = CodeOf(job);
            return code != 0 ? code : await ResultsAsync(said, id, http, cancel);
        });
    }

    private Command OfOne(
        string name, string description, Func<ParseResult, string, HttpClient, CancellationToken, Task<int>> act,
        params IEnumerable<Symbol> parts)
    {
        Argument<string> id = new("ID") { Description = "The job" };
        return Made(name, description, [id, .. parts], (said, http, cancel) =>
            act(said, said.GetValue(id)!, http, cancel));
    }

    private Command Made(
        string name, string description, IEnumerable<Symbol> parts,
        Func<ParseResult, HttpClient, CancellationToken, Task<int>> act)
    {
        Command made = CommandLine.Made(name, description, [server, token, .. parts]);
        made.SetAction((said, cancel) => RunAsync(said, act, cancel));
        return made;
    }

    private async Task<int> RunAsync(
        ParseResult said, Func<ParseResult, HttpClient, CancellationToken, Task<int>> act, CancellationToken cancel)
    {
        try
        {
            using HttpClient http = await ServerClient.OfAsync(said.GetValue(server)!, said.GetValue(token), cancel);
            return await act(said, http, cancel);
        }
        catch (ServerRefusedException refused)
        {
            await ErrorAsync(refused);
            return Failed;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or HttpRequestException
            or UriFormatException)
        {
            await ErrorAsync(wrong);
            return CommandLine.CannotStart;
        }

        Task ErrorAsync(Exception fault) => said.InvocationConfiguration.Error.WriteLineAsync(
            $"matchcluster: {fault.Message.ReplaceLineEndings(" ")}");
    }

    private static async Task<int> ListAsync(ParseResult said, HttpClient http, CancellationToken cancel)
    {
        using HttpResponseMessage answer = await http.GetAsync(Base, cancel);
        foreach (JsonNode? job in (await JsonAsync(answer, cancel))["jobs"]!.AsArray())
        {
            await WriteAsync(said, LineOf(job!));
        }

        return 0;
    }

    private static async Task<int> ShowAsync(ParseResult said, string id, HttpClient http, CancellationToken cancel)
    {
        using HttpResponseMessage answer = await http.GetAsync(At(id), cancel);
        JsonNode job = await JsonAsync(answer, cancel);
        await WriteAsync(said, job.ToJsonString(new() { WriteIndented = true }));
        return CodeOf(job);
    }

    private static async Task<int> ControlAsync(
        ParseResult said, string id, string act, HttpClient http, CancellationToken cancel)
    {
        using HttpResponseMessage answer = await http.PostAsync($"{At(id)}/{act}", null, cancel);
        await WriteAsync(said, LineOf(await JsonAsync(answer, cancel)));
        return 0;
    }

    private Task<int> ResultsAsync(ParseResult said, string id, HttpClient http, CancellationToken cancel) =>
        FetchAsync(said, $"{At(id)}/results?format={said.GetValue(format)}", http, cancel);

    private async Task<int> FetchAsync(ParseResult said, string url, HttpClient http, CancellationToken cancel)
    {
        using HttpResponseMessage answer = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancel);
        await ServerClient.CheckAsync(answer, cancel);
        if (said.GetValue(output) is { } path)
        {
            await using FileStream file = File.Create(path);
            await answer.Content.CopyToAsync(file, cancel);
            return 0;
        }

        using StreamReader text = new(await answer.Content.ReadAsStreamAsync(cancel));
        while (await text.ReadLineAsync(cancel) is { } line)
        {
            await WriteAsync(said, line);
        }

        return 0;
    }

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        await ServerClient.CheckAsync(answer, cancel);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancel))!;
    }

    private static Task WriteAsync(ParseResult said, string line) =>
        said.InvocationConfiguration.Output.WriteLineAsync(line);

    private static string At(string id) => $"{Base}/{Uri.EscapeDataString(id)}";

    /// <summary>0 of a job that is done or under way.</summary>
    private static int CodeOf(JsonNode job) => (string)job["state"]! switch
    {
        "failed" => Failed,
        "paused" or "cancelled" => Stopped,
        _ => 0,
    };

    private static string LineOf(JsonNode job)
    {
        string done = job["lines"] is { } lines ? $"{lines["done"]} of {lines["total"]} lines"
            : $"{job["pairs"]} of {job["pairsTotal"]} pairs, {job["pairsFound"]} found";
        string reason = (string?)job["reason"] is { } why ? $": {why}" : "";
        return $"{job["jobId"]} {job["kind"]} {job["galleryId"]} {job["state"]}, {done}{reason}";
    }
}
