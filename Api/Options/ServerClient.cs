using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MatchCluster.Api.Options;

/// <summary>How commands call a running server.</summary>
internal static class ServerClient
{
    /// <summary>A client of a server; beyond this machine by https only, as a token goes with every call.</summary>
    /// <param name="url">The server.</param>
    /// <param name="tokenFile">File with an access token; null calls without one.</param>
    /// <param name="cancel">Ends the reading of the file.</param>
    /// <exception cref="ServerRefusedException">The address is not allowed.</exception>
    public static async Task<HttpClient> OfAsync(string url, string? tokenFile, CancellationToken cancel)
    {
        Uri address = new(url);
        if (address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback)
        {
            throw new ServerRefusedException($"{url}: wanted https, or a server of this machine");
        }

        HttpClient http = new() { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        if (tokenFile is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Bearer", (await File.ReadAllTextAsync(tokenFile, cancel)).Trim());
        }

        return http;
    }

    /// <summary>Reads why a server refused.</summary>
    /// <exception cref="ServerRefusedException">It did.</exception>
    public static async Task CheckAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        if (answer.IsSuccessStatusCode)
        {
            return;
        }

        string text = await answer.Content.ReadAsStringAsync(cancel);
        string problem;
        try
        {
            JsonNode? read = JsonNode.Parse(text);
            problem = $"{read?["title"]} ({read?["code"]}): {read?["detail"]}";
        }
        catch (Exception other) when (other is JsonException or InvalidOperationException)
        {
            problem = "no problem document";
        }

        throw new ServerRefusedException($"the server answered {(int)answer.StatusCode} {problem}");
    }
}

/// <summary>A server refused a call, or may not be called so.</summary>
internal sealed class ServerRefusedException(string message) : Exception(message);
