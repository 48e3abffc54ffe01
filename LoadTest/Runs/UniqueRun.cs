using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchCluster.LoadTest.Client;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.LoadTest.Runs;

/// <summary>
/// Enrols synthetic people through <c>/mc/v1/enrol-if-unique</c>, some of them a second time at the same time, and
/// counts who is enrolled twice or not at all. Calls that are to be asked again, or whose front end went, are asked
/// again under their transaction, at the next front end.
/// </summary>
internal sealed class UniqueRun : IDisposable
{
    private const int Fingers = 2;
    private const double Threshold = 80;
    private const int Page = 1000;
    private const int MostReasons = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly UniqueOptions options;
    private readonly SyntheticPopulation population;
    private readonly (int Person, int Capture)[] calls;
    private readonly (string Outcome, string? PersonId)[] answers;
    private readonly HttpClient http;
    private readonly LatencyHistogram latencies = new();
    private readonly List<string> reasons = [];

    // A run of its own: the same transactions would be those of an earlier one.
    private readonly string run = $"{Guid.NewGuid():N}";
    private int ended;
    private int again;
    private int cutOff;
    private int killed;

    private UniqueRun(UniqueOptions options)
    {
        this.options = options;
        population = new SyntheticPopulation((ulong)options.Seed);
        calls =
        [
            .. Enumerable.Range(0, options.People).Select(person => (person, 0)),
            .. Enumerable.Range(0, options.Twins).Select(twin => (twin % options.People, 1 + (twin / options.People))),
        ];
        new Random(options.Seed).Shuffle(calls);
        answers = new (string, string?)[calls.Length];
        http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = options.AtOnce })
        {
            Timeout = TimeSpan.FromMinutes(2),
        };
    }

    /// <summary>Makes all the calls.</summary>
    /// <exception cref="InvalidOperationException">Somebody is in the gallery already.</exception>
    public static async Task<UniqueReport> RunAsync(UniqueOptions options, CancellationToken cancel)
    {
        using UniqueRun one = new(options);
        return await one.RunAsync(cancel);
    }

    public void Dispose() => http.Dispose();

    private async Task<UniqueReport> RunAsync(CancellationToken cancel)
    {
        if ((await MembersAsync(cancel)).Count > 0)
        {
            throw new InvalidOperationException(
                $"gallery {options.Gallery}: somebody is in it already, wanted one that nobody is in (--gallery)");
        }

        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long started = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(
            0, calls.Length,
            new ParallelOptions { MaxDegreeOfParallelism = options.AtOnce, CancellationToken = cancel },
            async (i, stop) =>
            {
                await CallAsync(i, stop);
                KillAt(Interlocked.Increment(ref ended));
            });
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;

        HashSet<string> members = await MembersAsync(cancel);
        ILookup<int, string> ids = Enumerable.Range(0, calls.Length).Where(i => answers[i].Outcome == "enrolled")
            .ToLookup(i => calls[i].Person, i => answers[i].PersonId!);
        int there = Enumerable.Range(0, options.People).Count(person => ids[person].Any(members.Contains));
        return new UniqueReport
        {
            Sent = (options.People, options.Twins),
            Calls = calls.Length,
            Enrolled = answers.Count(answer => answer.Outcome == "enrolled"),
            Duplicates = answers.Count(answer => answer.Outcome == "duplicate"),
            Failed = answers.Count(answer => answer.Outcome is not ("enrolled" or "duplicate")),
            Reasons = reasons,
            AskedAgain = again,
            CutOff = cutOff,
            Double = members.Count - there,
            Lost = options.People - there,
            Misnamed = Enumerable.Range(0, calls.Length).Count(
                i => answers[i].Outcome == "duplicate" && !ids[calls[i].Person].Contains(answers[i].PersonId)),
            Killed = killed,
            Seconds = seconds,
            OwnCpuSeconds = cpu.TotalSeconds,
            Latencies = latencies,
        };
    }

    private void KillAt(int count)
    {
        for (int i = 0; i < options.Kills.Count; i++)
        {
            if (count == (int)((long)calls.Length * (i + 1) / (options.Kills.Count + 1)))
            {
                using Process victim = Process.GetProcessById(options.Kills[i]);
                victim.Kill();
                Interlocked.Increment(ref killed);
            }
        }
    }

    private async Task CallAsync(int i, CancellationToken cancel)
    {
        (int person, int capture) = calls[i];
        ReadOnlyMemory<byte> body = OsiaBodies.Encounter(
            population.Person(person), options.Gallery, capture, Fingers, eyes: true);
        long asked = Stopwatch.GetTimestamp();
        for (int attempt = 0; Stopwatch.GetElapsedTime(asked) < options.Patience; attempt++)
        {
            if (attempt > 0)
            {
                await Task.Delay(Pause, cancel);
            }

            Uri url = new(
                options.Servers[(i + attempt) % options.Servers.Count],
                $"mc/v1/enrol-if-unique?transactionId={run}-{person}-{capture}&threshold={Threshold}");
            if (await AskAsync(url, body, cancel) is { } answer)
            {
                latencies.Record(Stopwatch.GetElapsedTime(asked));
                answers[i] = answer;
                return;
            }
        }

        Note($"no answer after {options.Patience.TotalSeconds:F0} s");
        answers[i] = ("failed", null);
    }

    /// <summary>The outcome and the person it names, or null where it is to be asked again.</summary>
    private async Task<(string Outcome, string? PersonId)?> AskAsync(
        Uri url, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("MatchCluster-Deadline-Ms", "60000");
        try
        {
            using HttpResponseMessage answer = await http.SendAsync(request, cancel);
            string text = await answer.Content.ReadAsStringAsync(cancel);
            switch (answer.StatusCode)
            {
                case HttpStatusCode.OK:
                    JsonNode said = JsonNode.Parse(text)!;
                    string outcome = (string)said["outcome"]!;
                    return (outcome, outcome == "enrolled" ? (string?)said["personId"]
                        : (string?)said["candidates"]?[0]?["personId"]);
                case HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests
                    or HttpStatusCode.GatewayTimeout:
                    Interlocked.Increment(ref again);
                    return null;
                default:
                    Note($"{(int)answer.StatusCode}: {text}");
                    return ("failed", null);
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException
            || (gone is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            Interlocked.Increment(ref cutOff);
            return null;
        }
    }

    private void Note(string reason)
    {
        lock (reasons)
        {
            if (reasons.Count < MostReasons)
            {
                reasons.Add(reason);
            }
        }
    }

    private async Task<HashSet<string>> MembersAsync(CancellationToken cancel)
    {
        HashSet<string> members = [];
        for (int offset = 0; ; offset += Page)
        {
            using JsonDocument? page = await PageAsync(offset, cancel);
            if (page is null)
            {
                return members;
            }

            members.UnionWith(
                page.RootElement.EnumerateArray().Select(one => one.GetProperty("personId").GetString()!));
            if (page.RootElement.GetArrayLength() < Page)
            {
                return members;
            }
        }
    }

    /// <summary>A page of the gallery, from whoever answers; null where there is no such gallery.</summary>
    private async Task<JsonDocument?> PageAsync(int offset, CancellationToken cancel)
    {
        long asked = Stopwatch.GetTimestamp();
        for (int attempt = 0; ; attempt++)
        {
            Uri url = new(
                options.Servers[attempt % options.Servers.Count],
                $"v1/galleries/{Uri.EscapeDataString(options.Gallery)}?transactionId=T&offset={offset}&limit={Page}");
            try
            {
                using HttpResponseMessage answer = await http.GetAsync(url, cancel);
                if (answer.StatusCode == HttpStatusCode.NotFound)
                {
                    return null;
                }

                answer.EnsureSuccessStatusCode();
                return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancel));
            }
            catch (HttpRequestException) when (Stopwatch.GetElapsedTime(asked) < options.Patience)
            {
                await Task.Delay(Pause, cancel);
            }
        }
    }
}
