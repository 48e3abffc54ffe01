using System.Net.Http.Headers;
using System.Text.Json;
using MatchCluster.Api.Osia.Contract;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace MatchCluster.Api.Demo;

/// <summary>
/// Asks the running server over HTTP, with the very files that the printed curl lines send.
/// </summary>
/// <param name="server">Its address.</param>
/// <param name="directory">Where the files are written.</param>
/// <param name="json">How bodies are written.</param>
/// <param name="token">An access token where the server asks who calls.</param>
internal sealed class DemoQuestions(
    Uri server, string directory, IOptions<JsonOptions> json, string? token = null) : IDisposable
{
    private readonly HttpClient http = new()
    {
        BaseAddress = server,
        DefaultRequestHeaders =
        {
            Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token),
        },
    };

    private readonly JsonSerializerOptions options = json.Value.SerializerOptions;

    /// <summary>Writes a probe's body to a file.</summary>
    public string Write(string name, OsiaIdentifyRequest request)
    {
        string path = Path.Combine(directory, name);
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(request, options));
        return path;
    }

    /// <summary>Sends a body and reads the candidates and what was searched.</summary>
    public async Task<DemoAnswer> AskAsync(string file, CancellationToken cancel)
    {
        using StreamContent body = new(File.OpenRead(file));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage response = await http.PostAsync(UrlOf("demo"), body, cancel);
        string text = await response.Content.ReadAsStringAsync(cancel);
        IReadOnlyList<OsiaCandidate> candidates = response.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<IReadOnlyList<OsiaCandidate>>(text, options)! : [];
        return new DemoAnswer(
            (int)response.StatusCode,
            candidates,
            Header("MatchCluster-Complete"), Header("MatchCluster-Partitions"), Header("MatchCluster-Identities"),
            Header("MatchCluster-Threshold"), Header("MatchCluster-Fpir"), Header("MatchCluster-Elapsed-Ms"));

        string Header(string name) =>
            response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(",", values) : "?";
    }

    /// <summary>A command line for a shell that repeats the question.</summary>
    public string Curl(string file) =>
        $"curl -s -H 'Content-Type: application/json' "
            + (token is null ? "" : $"-H 'Authorization: Bearer {token}' ")
            + $"-d @{file} '{new Uri(server, UrlOf("curl"))}'";

    public void Dispose() => http.Dispose();

    private static string UrlOf(string transaction) =>
        $"/v1/identify/{DemoPeople.Gallery}?transactionId={transaction}&maxNbCand=5";
}

/// <summary>One answer, with its headers as they were sent.</summary>
internal sealed record DemoAnswer(
    int Status, IReadOnlyList<OsiaCandidate> Candidates, string Complete, string Partitions, string Identities,
    string Threshold, string Fpir, string ElapsedMs);
