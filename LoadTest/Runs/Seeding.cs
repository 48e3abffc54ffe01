using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using MatchCluster.LoadTest.Client;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.LoadTest.Runs;

/// <summary>
/// Enrols synthetic people over <c>/mc/v1/enrol</c>: a request per <see cref="PeoplePerRequest"/> persons, made on
/// every core while the one before is on its way. It ends at the first request that fails.
/// </summary>
internal sealed class Seeding(Uri url, int seed, string gallery) : IDisposable
{
    private const int PeoplePerRequest = 250;

    /// <summary>Code of a person that is enrolled already.</summary>
    private const int Conflict = 1013;

    private const int ProgressSteps = 10;

    private readonly SyntheticPopulation population = new((ulong)seed);
    private readonly HttpClient http = new() { BaseAddress = url, Timeout = TimeSpan.FromMinutes(5) };

    public bool Fingers { get; init; } = true;

    public bool Eyes { get; init; } = true;

    /// <param name="people">Persons 0 to <paramref name="people"/> - 1 of the population.</param>
    /// <param name="progress">Told about ten times how many are settled.</param>
    /// <param name="cancel">Ends it; the count says how far it came.</param>
    public async Task<SeedCount> RunAsync(int people, Action<int> progress, CancellationToken cancel)
    {
        long began = Stopwatch.GetTimestamp();
        Lock gate = new();
        (long enrolled, long present, string? problem, int settled) = (0, 0, null, 0);
        using CancellationTokenSource failed = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, (people + PeoplePerRequest - 1) / PeoplePerRequest), failed.Token,
                async (number, stop) =>
                {
                    int first = number * PeoplePerRequest;
                    int count = Math.Min(PeoplePerRequest, people - first);
                    SeedCount one = await SendAsync(first, count, stop);
                    lock (gate)
                    {
                        (enrolled, present) = (enrolled + one.Enrolled, present + one.Present);
                        problem ??= one.Problem;
                        int before = settled;
                        settled += count;
                        if ((long)settled * ProgressSteps / people > (long)before * ProgressSteps / people)
                        {
                            progress(settled);
                        }
                    }

                    if (one.Problem is not null)
                    {
                        await failed.CancelAsync();
                    }
                });
        }
        catch (OperationCanceledException)
        {
            problem ??= "stopped";
        }

        return new SeedCount(enrolled, present, problem, Stopwatch.GetElapsedTime(began));
    }

    public void Dispose() => http.Dispose();

    private async Task<SeedCount> SendAsync(int first, int count, CancellationToken cancel)
    {
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "mc/v1/enrol") { Content = Lines(first, count) };
            using HttpResponseMessage response = await http.SendAsync(request, cancel);
            string body = await response.Content.ReadAsStringAsync(cancel);
            return response.IsSuccessStatusCode
                ? Read(body, count)
                : new SeedCount(0, 0, $"HTTP {(int)response.StatusCode}: {body}", default);
        }
        catch (HttpRequestException e)
        {
            return new SeedCount(0, 0, $"{url}: {e.InnerException?.Message ?? e.Message}", default);
        }
        catch (JsonException e)
        {
            return new SeedCount(0, 0, $"an answer that cannot be read: {e.Message}", default);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new SeedCount(0, 0, $"no answer within {http.Timeout}", default);
        }
    }

    private ByteArrayContent Lines(int first, int count)
    {
        using MemoryStream lines = new();
        for (int i = 0; i < count; i++)
        {
            lines.Write(OsiaBodies.EnrolLine(population.Person(first + i), gallery, Fingers, Eyes).Span);
            lines.WriteByte((byte)'\n');
        }

        ByteArrayContent content = new(lines.GetBuffer(), 0, (int)lines.Length);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        return content;
    }

    private static SeedCount Read(string body, int count)
    {
        (long present, string? problem, bool isDone) = (0, null, false);
        long applied = 0;
        foreach (string line in body.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using JsonDocument answer = JsonDocument.Parse(line);
            if (answer.RootElement.TryGetProperty("error", out JsonElement error))
            {
                if (error.GetProperty("code").GetInt32() == Conflict)
                {
                    present++;
                }
                else
                {
                    problem ??= error.GetProperty("detail").GetString();
                }
            }
            else if (answer.RootElement.TryGetProperty("done", out JsonElement done))
            {
                isDone = true;
                applied = done.GetProperty("applied").GetInt64();
            }
        }

        problem ??= isDone ? null : $"cut off before {count} were settled";
        return new SeedCount(applied, present, problem, default);
    }
}

/// <param name="Enrolled">Persons enrolled by this run.</param>
/// <param name="Present">Persons that were there already.</param>
/// <param name="Problem">Why it ended early, or null.</param>
/// <param name="Time">How long it took.</param>
internal sealed record SeedCount(long Enrolled, long Present, string? Problem, TimeSpan Time)
{
    public override string ToString() =>
        $"{Enrolled} enrolled in {Time.TotalSeconds:F1} s ({Enrolled / Math.Max(Time.TotalSeconds, 1e-3):F0}/s)"
        + (Present > 0 ? $", {Present} were there already" : "") + (Problem is null ? "" : $"; ended early: {Problem}");
}
