using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace MatchCluster.Api.Tests.Jobs;

/// <summary>How tests begin jobs over lines and wait for them.</summary>
public static class JobCalls
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Enrols an encounter of somebody in the gallery G.</summary>
    public static async Task EnrolAsync(
        this HttpClient http, string id, int person, int impression = 0, string encounter = "E1") =>
        await http.PostAsync(
            $"/v1/persons/{id}/encounters/{encounter}?transactionId=T",
            JsonContent.Create(Bodies.Encounter("G", Bodies.Samples(person, impression)))).AnswerAsync();

    /// <summary>Begins a job over lines of the gallery G.</summary>
    public static async Task<HttpResponseMessage> BeginAsync(
        this HttpClient http, string kind, string lines, string type, string? key = null, string more = "")
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"/mc/v1/jobs?kind={kind}&galleryId=G{more}")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(lines)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await http.SendAsync(request);
    }

    /// <summary>A job that was begun.</summary>
    public static async Task<string> IdAsync(this Task<HttpResponseMessage> begun) =>
        (string)(await begun.AnswerAsync())["jobId"]!;

    /// <summary>The job once it goes on no more.</summary>
    public static async Task<JsonNode> EndAsync(this HttpClient http, string id)
    {
        using CancellationTokenSource late = new(Patience);
        while (true)
        {
            late.Token.ThrowIfCancellationRequested();
            JsonNode job = await http.GetAsync($"/mc/v1/jobs/{id}", late.Token).AnswerAsync();
            if ((string)job["state"]! is not ("waiting" or "running" or "paused"))
            {
                return job;
            }

            await Task.Delay(20, late.Token);
        }
    }

    /// <summary>The JSON of an answer with status 200; anything else fails with what was answered.</summary>
    public static async Task<JsonNode> AnswerAsync(this Task<HttpResponseMessage> sent)
    {
        using HttpResponseMessage response = await sent;
        string text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == 200, $"{(int)response.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>The lines of a job's results.</summary>
    public static async Task<JsonObject[]> ResultsAsync(this HttpClient http, string id) =>
        [.. (await http.GetStringAsync($"/mc/v1/jobs/{id}/results"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];

    /// <summary>The counts add up, and to the lines that are done.</summary>
    public static JsonNode AssertAddsUp(JsonNode job, long total)
    {
        JsonNode lines = job["lines"]!;
        long sum = new[] { "withCandidates", "withoutCandidates", "notCompared", "incomplete", "refused" }
            .Sum(name => (long)lines[name]!);
        Assert.Equal((total, total, total), ((long)lines["total"]!, (long)lines["done"]!, sum));
        Assert.Equal((long)lines["refused"]!, lines["errors"]!.AsObject().Sum(error => (long)error.Value!));
        return lines;
    }
}
