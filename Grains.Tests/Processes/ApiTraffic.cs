using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Tests;

namespace MatchCluster.Grains.Tests.Processes;

/// <summary>
/// A caller that enrols and searches without a pause while the cluster changes, and holds every answer to its word.
/// </summary>
internal sealed class ApiTraffic : IAsyncDisposable
{
    private const int DeadlineMilliseconds = 4000;

    /// <summary>
    /// No search waits out a cluster's 30 s time-out because a silo was killed. How much less a busy machine takes is
    /// written to the test's output and no part of its verdict.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(28);

    private readonly HttpClient api;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task enrolling;
    private readonly Task searching;
    private int enrolled;
    private volatile string lastPartial = "";

    public ApiTraffic(Uri api)
    {
        this.api = new HttpClient { BaseAddress = api, Timeout = Patience };
        enrolling = Task.Run(() => RepeatAsync(EnrolAsync));
        searching = Task.Run(() => RepeatAsync(SearchAsync));
    }

    /// <summary>Persons 0..n-1 were acked.</summary>
    public int Acked => Volatile.Read(ref enrolled);

    public int Complete { get; private set; }

    public int Partial { get; private set; }

    /// <summary>What the last answer said that was not complete.</summary>
    public string LastPartial => lastPartial;

    /// <summary>Complete answers since the last one that was not.</summary>
    public int CompleteInARow { get; set; }

    public TimeSpan Longest { get; private set; }

    public async Task<JsonNode> GetAsync(string path) => (await api.GetFromJsonAsync<JsonNode>(path))!;

    public async Task<HttpStatusCode> StatusOfAsync(string path) => (await api.GetAsync(path)).StatusCode;

    /// <summary>Goes on until a state is reached.</summary>
    public async Task UntilAsync(string what, Func<Task<bool>> isReached)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (!await isReached())
        {
            await (enrolling.IsFaulted ? enrolling : searching.IsFaulted ? searching : Task.CompletedTask);
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(60), $"not within {waited.Elapsed}: {what}");
            await Task.Delay(50);
        }
    }

    /// <summary>"silo-1:4 silo-2:4" as soon as every partition is ready; "" before.</summary>
    public async Task<string> LoadsAsync()
    {
        JsonArray partitions = (await GetAsync("/mc/v1/stats"))["partitions"]!.AsArray();
        return partitions.Any(partition => (string)partition!["state"]! != "ready" || partition["silo"] is null)
            ? ""
            : string.Join(' ', partitions.GroupBy(partition => (string)partition!["silo"]!)
                .OrderBy(silo => silo.Key, StringComparer.Ordinal).Select(silo => $"{silo.Key}:{silo.Count()}"));
    }

    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await enrolling;
        await searching;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(enrolling, searching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        api.Dispose();
        stopping.Dispose();
    }

    private async Task RepeatAsync(Func<Task> once)
    {
        while (!stopping.IsCancellationRequested)
        {
            await once();
        }
    }

    /// <summary>What is not acked is asked for again: it may have been applied, which is a conflict then.</summary>
    private async Task EnrolAsync()
    {
        JsonObject body = Bodies.Encounter("CIVIL", Bodies.Samples(enrolled));
        body["encounterId"] = "E-1";
        HttpResponseMessage answer = await SendAsync($"/v1/persons/P-{enrolled}/encounters/E-1?transactionId=T", body);
        if (answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.Conflict)
        {
            Volatile.Write(ref enrolled, enrolled + 1);
        }
        else
        {
            Assert.True(
                answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests,
                $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private async Task SearchAsync()
    {
        int known = Acked;
        if (known == 0)
        {
            return;
        }

        int person = (Complete + Partial) % known;
        long asked = Stopwatch.GetTimestamp();
        HttpResponseMessage answer = await SendAsync(
            "/v1/identify/CIVIL?transactionId=T", Bodies.Identify(Bodies.Samples(person, impression: 1)));
        TimeSpan took = Stopwatch.GetElapsedTime(asked);
        Longest = took > Longest ? took : Longest;

        string said = await answer.Content.ReadAsStringAsync();
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            // Not everything was searched and nobody found: never an empty list.
            Missed(said);
            return;
        }

        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode}: {said}");
        bool isComplete = bool.Parse(answer.Headers.GetValues("MatchCluster-Complete").Single());
        Assert.NotEmpty(JsonNode.Parse(said)!.AsArray());
        if (isComplete)
        {
            JsonNode best = JsonNode.Parse(said)![0]!;
            Assert.Equal($"P-{person}", (string)best["personId"]!);
            Assert.InRange((long)best["others"]!["identitiesSearched"]!, known, long.MaxValue);
            Complete++;
            CompleteInARow++;
        }
        else
        {
            Missed(said);
        }
    }

    private void Missed(string said)
    {
        Partial++;
        CompleteInARow = 0;
        lastPartial = said;
    }

    private async Task<HttpResponseMessage> SendAsync(string path, JsonObject body)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add(
            "MatchCluster-Deadline-Ms", DeadlineMilliseconds.ToString(CultureInfo.InvariantCulture));
        return await api.SendAsync(request);
    }
}
