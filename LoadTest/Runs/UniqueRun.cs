using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchCluster.LoadTest.Client;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.LoadTest.Runs;

/// <summary>What is asked of an enrolment of the unique.</summary>
/// <param name="Servers">Front ends, asked in turn.</param>
/// <param name="People">Different people.</param>
/// <param name="Twins">People who come a second time, in another capture.</param>
/// <param name="AtOnce">Calls under way.</param>
/// <param name="Seed">Seed of the people and of the order.</param>
/// <param name="Gallery">A gallery that nobody is in.</param>
internal sealed record UniqueOptions(
    IReadOnlyList<Uri> Servers, int People, int Twins, int AtOnce, int Seed, string Gallery);

/// <summary>What came of it; right where nobody is enrolled twice and nobody is missing.</summary>
internal sealed record UniqueReport(
    int Calls, int Enrolled, int Duplicates, int AskedAgain, int Double, int Lost, double Seconds)
{
    public bool IsRight => Double == 0 && Lost == 0;

    public override string ToString() =>
        $"{Calls} calls in {Seconds:F1} s ({Calls / Seconds:F0} a second): {Enrolled} enrolled, "
        + $"{Duplicates} duplicates, {AskedAgain} asked again; enrolled twice: {Double}, lost: {Lost}";
}

/// <summary>
/// Enrols synthetic people through <c>/mc/v1/enrol-if-unique</c>, some of them a second time at the same time, and
/// counts who is enrolled twice or not at all. Calls that are to be asked again are, under their transaction.
/// </summary>
internal static class UniqueRun
{
    private const int Fingers = 2;
    private const double Threshold = 80;
    private const int Page = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static async Task<UniqueReport> RunAsync(UniqueOptions options, CancellationToken cancel)
    {
        SyntheticPopulation population = new((ulong)options.Seed);
        (int Person, int Capture)[] calls =
        [
            .. Enumerable.Range(0, options.People).Select(person => (person, 0)),
            .. Enumerable.Range(0, options.Twins).Select(twin => (twin % options.People, 1 + (twin / options.People))),
        ];
        new Random(options.Seed).Shuffle(calls);
        using SocketsHttpHandler handler = new() { MaxConnectionsPerServer = options.AtOnce };
        using HttpClient http = new(handler) { Timeout = TimeSpan.FromMinutes(5) };

        // A run of its own: the same transactions would be those of an earlier one.
        string run = $"{Guid.NewGuid():N}";
        string?[] enrolled = new string?[calls.Length];
        int again = 0;
        long started = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(
            0, calls.Length,
            new ParallelOptions { MaxDegreeOfParallelism = options.AtOnce, CancellationToken = cancel },
            async (i, stop) =>
            {
                (int person, int capture) = calls[i];
                ReadOnlyMemory<byte> body = OsiaBodies.Encounter(
                    population.Person(person), options.Gallery, capture, Fingers, eyes: true);
                Uri url = new(
                    options.Servers[i % options.Servers.Count],
                    $"mc/v1/enrol-if-unique?transactionId={run}-{person}-{capture}&threshold={Threshold}");
                while (await AskAsync(http, url, body, stop) is var answer)
                {
                    if (answer is not null)
                    {
                        enrolled[i] = (string)answer["outcome"]! == "enrolled" ? (string)answer["personId"]! : null;
                        return;
                    }

                    Interlocked.Increment(ref again);
                    await Task.Delay(Pause, stop);
                }
            });
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        HashSet<string> members = await MembersAsync(http, options, cancel);
        ILookup<int, string> ids = Enumerable.Range(0, calls.Length).Where(i => enrolled[i] is not null)
            .ToLookup(i => calls[i].Person, i => enrolled[i]!);
        int wanted = Enumerable.Range(0, options.People).Count(person => ids[person].Any(members.Contains));
        return new UniqueReport(
            calls.Length, ids.Sum(one => one.Count()), calls.Length - ids.Sum(one => one.Count()), again,
            members.Count - wanted, options.People - wanted, seconds);
    }

    /// <summary>The answer, or null where it says to ask again.</summary>
    private static async Task<JsonNode?> AskAsync(
        HttpClient http, Uri url, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("MatchCluster-Deadline-Ms", "60000");
        using HttpResponseMessage answer = await http.SendAsync(request, cancel);
        string text = await answer.Content.ReadAsStringAsync(cancel);
        return answer.StatusCode switch
        {
            HttpStatusCode.OK => JsonNode.Parse(text),
            HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.GatewayTimeout
                => null,
            _ => throw new HttpRequestException($"{(int)answer.StatusCode}: {text}"),
        };
    }

    private static async Task<HashSet<string>> MembersAsync(
        HttpClient http, UniqueOptions options, CancellationToken cancel)
    {
        HashSet<string> members = [];
        for (int offset = 0; ; offset += Page)
        {
            Uri url = new(
                options.Servers[0],
                $"v1/galleries/{Uri.EscapeDataString(options.Gallery)}?transactionId=T&offset={offset}&limit={Page}");
            using JsonDocument page = JsonDocument.Parse(await http.GetStringAsync(url, cancel));
            members.UnionWith(
                page.RootElement.EnumerateArray().Select(one => one.GetProperty("personId").GetString()!));
            if (page.RootElement.GetArrayLength() < Page)
            {
                return members;
            }
        }
    }
}
