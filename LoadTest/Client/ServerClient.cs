using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using MatchCluster.LoadTest.Workload;

namespace MatchCluster.LoadTest.Client;

/// <summary>
/// Speaks to the server as its callers do: OSIA 7.1, ABIS interface 1.6.0. Never throws for what a server or
/// a network does: that is an <see cref="Outcome"/>.
/// </summary>
internal sealed class ServerClient : IDisposable
{
    /// <summary>
    /// Gallery that enrolments under load go to, so that searches of another stay comparable.
    /// </summary>
    public const string EnrolGallery = "load";

    private const string DeadlineHeader = "MatchCluster-Deadline-Ms";
    private const string CompleteHeader = "MatchCluster-Complete";

    /// <summary>Time beyond the deadline in which the server may still say that it was missed.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly HttpClient http;
    private readonly string identify;
    private readonly string deadline;

    public ServerClient(LoadOptions options)
    {
        // The open model needs a connection for every request in flight; the server's limits are to be met,
        // not ours.
        http = new HttpClient(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = options.MaxInFlight,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            ConnectTimeout = TimeSpan.FromSeconds(5),
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
        })
        {
            BaseAddress = options.Url,
            Timeout = options.LongestDeadline + Grace,
        };
        if (options.Token is { } token)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        identify = $"v1/identify/{Uri.EscapeDataString(options.Gallery)}?transactionId=";
        deadline = Milliseconds(options.Deadline);
    }

    /// <summary>Asks the server how it is; null and a reason where nothing answers.</summary>
    public async Task<(HttpStatusCode? Status, string Text)> HealthAsync(CancellationToken cancel)
    {
        try
        {
            using HttpResponseMessage response = await http.GetAsync("health", cancel);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(cancel));
        }
        catch (HttpRequestException e)
        {
            return (null, e.InnerException?.Message ?? e.Message);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, "no answer in time");
        }
    }

    public async Task<Outcome> IdentifyAsync(
        PreparedRequest prepared, Partner caller, string transaction, CancellationToken cancel)
    {
        string priority = caller.Priority is { } level ? $"&priority={level}" : "";
        using HttpRequestMessage request = Post(
            identify + transaction + priority, prepared.Body, Milliseconds(caller.Deadline));
        foreach ((string name, string value) in caller.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await SendAsync(
            request, (response, body) => Judge(prepared.EnrolledPerson, response, body), cancel);
    }

    /// <summary>Enrols one encounter of a person that must not exist yet.</summary>
    public async Task<Outcome> EnrolAsync(
        PreparedRequest prepared, string person, string transaction, CancellationToken cancel)
    {
        using HttpRequestMessage request =
            Post($"v1/persons/{person}/encounters/1?transactionId={transaction}", prepared.Body, deadline);
        return await SendAsync(request, (_, _) => (false, Verdict.NotJudged), cancel);
    }

    public void Dispose() => http.Dispose();

    private static HttpRequestMessage Post(string path, ReadOnlyMemory<byte> body, string deadline)
    {
        var request =
            new HttpRequestMessage(HttpMethod.Post, path) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(DeadlineHeader, deadline);
        return request;
    }

    private static string Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString();

    private async Task<Outcome> SendAsync(
        HttpRequestMessage request,
        Func<HttpResponseMessage, byte[], (bool Partial, Verdict Verdict)> judge,
        CancellationToken cancel)
    {
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, cancel);
            byte[] body = await response.Content.ReadAsByteArrayAsync(cancel);
            string status = ((int)response.StatusCode).ToString();
            if (!response.IsSuccessStatusCode)
            {
                return Outcome.Failed(status) with { IsPartial = status == Outcome.Unavailable };
            }

            (bool partial, Verdict verdict) = judge(response, body);
            return new Outcome(status, true, partial, verdict);
        }
        catch (JsonException)
        {
            return Outcome.Failed("unreadable");
        }
        catch (HttpRequestException e)
        {
            return Outcome.Failed(
                e.HttpRequestError == HttpRequestError.ConnectionError ? "connect" : "cut-off");
        }
        catch (IOException)
        {
            return Outcome.Failed("cut-off");
        }
        catch (OperationCanceledException)
        {
            return Outcome.Failed(cancel.IsCancellationRequested ? "abandoned" : Outcome.TimedOut);
        }
    }

    private static (bool Partial, Verdict Verdict) Judge(
        string? expected, HttpResponseMessage response, byte[] body)
    {
        bool partial = response.Headers.TryGetValues(CompleteHeader, out IEnumerable<string>? values)
            && values.Any(value => value.Equals("false", StringComparison.OrdinalIgnoreCase));
        string? first = FirstCandidate(body);
        Verdict verdict = expected is null
            ? first is null ? Verdict.Right : Verdict.FalseCandidate
            : first == expected ? Verdict.Right : Verdict.Missed;

        // A partial answer that lacks the person told the truth about itself.
        return (partial, partial && verdict == Verdict.Missed ? Verdict.NotJudged : verdict);
    }

    /// <summary>Person at rank 1 of an OSIA candidate list; null where the list is empty.</summary>
    /// <exception cref="JsonException">The body is no such list.</exception>
    private static string? FirstCandidate(byte[] body)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw new JsonException($"found {document.RootElement.ValueKind}, wanted an array of candidates");
        }

        foreach (JsonElement candidate in document.RootElement.EnumerateArray())
        {
            if (candidate.TryGetProperty("rank", out JsonElement rank)
                && rank.TryGetInt32(out int place) && place == 1
                && candidate.TryGetProperty("personId", out JsonElement person)
                && person.ValueKind == JsonValueKind.String)
            {
                return person.GetString();
            }
        }

        return document.RootElement.GetArrayLength() == 0 ? null : throw new JsonException(
            "no candidate of rank 1");
    }
}
