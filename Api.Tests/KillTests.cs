using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace MatchCluster.Api.Tests;

/// <summary>
/// Ack means durable: a server that is killed in the middle of enrolments finds every acked encounter again,
/// byte by byte, and none that was never sent. What was sent and not acked may be there or not.
/// </summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 20250601;
    private const int Kills = 20;
    private const int Callers = 3;
    private const int StreamLines = 20;

    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;
    private readonly ConcurrentDictionary<string, string> sent = new();
    private readonly ConcurrentDictionary<string, bool> acked = new();

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Twenty_kills_lose_no_acked_encounter_and_invent_none()
    {
        Random random = new(Seed);
        output.WriteLine($"seed {Seed}");
        for (int round = 0; round < Kills; round++)
        {
            using ServerProcess server = ServerProcess.Start("--data", directory, "--partitions", "4");
            using HttpClient http = await server.ReadyAsync();
            await CheckAsync(http, person => person.StartsWith($"r{round - 1}-", StringComparison.Ordinal));

            using SemaphoreSlim acks = new(0);
            using CancellationTokenSource ending = new();
            int seed = random.Next();
            Task[] callers = [.. Enumerable.Range(0, Callers).Select(
                caller => CallAsync(http, $"r{round}-c{caller}", new Random(seed + caller), acks, ending.Token))];
            Task stream = StreamAsync(http, $"r{round}-s", new Random(seed - 1), acks, ending.Token);

            // The moment is counted in acks, not in time: it lies in the middle of the stream on any machine.
            for (int wait = random.Next(1, 120); wait > 0; wait--)
            {
                Assert.True(await acks.WaitAsync(TimeSpan.FromSeconds(30)), "no ack comes");
            }

            await server.KillAsync();
            await ending.CancelAsync();
            await Task.WhenAll([.. callers, stream]);
        }

        using ServerProcess last = ServerProcess.Start("--data", directory);
        using HttpClient end = await last.ReadyAsync();
        await CheckAsync(end, _ => true);
        Assert.Equal(0, await last.StopAsync());
        output.WriteLine($"{sent.Count} sent, {acked.Count} acked, {Kills} kills");
        Assert.True(acked.Count >= Kills);
    }

    private async Task CallAsync(
        HttpClient http, string name, Random random, SemaphoreSlim acks, CancellationToken cancel)
    {
        try
        {
            for (int i = 0; ; i++)
            {
                string person = $"{name}-{i}";
                JsonObject body = Prepare(person, random);
                using StringContent content = Content(body.ToJsonString(), "application/json");
                using HttpResponseMessage response = await http.PostAsync(
                    RunningServer.V1($"persons/{person}/encounters/E1"), content, cancel);
                Assert.Equal(200, (int)response.StatusCode);
                acked[person] = true;
                acks.Release();
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or OperationCanceledException)
        {
            // Killed: this one was not acked.
        }
    }

    private async Task StreamAsync(
        HttpClient http, string name, Random random, SemaphoreSlim acks, CancellationToken cancel)
    {
        try
        {
            for (int i = 0; ; i++)
            {
                string[] people = [.. Enumerable.Range(0, StreamLines).Select(line => $"{name}-{i}-{line}")];
                StringBuilder lines = new();
                foreach (string person in people)
                {
                    JsonObject encounter = Prepare(person, random);
                    encounter["encounterId"] = "E1";
                    lines.Append(new JsonObject { ["personId"] = person, ["encounter"] = encounter }.ToJsonString())
                        .Append('\n');
                }

                using StringContent content = Content(lines.ToString(), "application/x-ndjson");
                using HttpRequestMessage request = new(HttpMethod.Post, "/mc/v1/enrol") { Content = content };
                using HttpResponseMessage response = await http.SendAsync(
                    request, HttpCompletionOption.ResponseHeadersRead, cancel);
                using StreamReader answers = new(await response.Content.ReadAsStreamAsync(cancel));
                while (await answers.ReadLineAsync(cancel) is { } answer)
                {
                    JsonNode json = JsonNode.Parse(answer)!;
                    Assert.Null(json["error"]);
                    if ((json["progress"] ?? json["done"]) is not { } count)
                    {
                        // What is to be said of a single line.
                        continue;
                    }

                    int settled = (int)count["read"]!;
                    foreach (string person in people[..settled])
                    {
                        acked[person] = true;
                    }

                    acks.Release();
                }
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or OperationCanceledException)
        {
            // Killed: lines after the last progress were not acked.
        }
    }

    /// <summary>An encounter of its own bytes, noted as sent before it is.</summary>
    private JsonObject Prepare(string person, Random random)
    {
        JsonObject item = Bodies.Item("FINGER", "RIGHT_INDEX", "ISO_19794_2", Bodies.TinyFinger(random));
        sent[person] = (string)item["template"]!;
        return Bodies.Encounter("killed", [item]);
    }

    private async Task CheckAsync(HttpClient http, Func<string, bool> inDetail)
    {
        JsonNode? members = sent.IsEmpty ? new JsonArray()
            : await http.GetAsync(RunningServer.V1("galleries/killed?limit=100000")).OkAsync();
        HashSet<string> there = [.. members.AsArray().Select(ids => (string)ids!["personId"]!)];
        Assert.DoesNotContain(acked.Keys, person => !there.Contains(person));
        Assert.DoesNotContain(there, person => !sent.ContainsKey(person));
        foreach (string person in there.Where(inDetail))
        {
            JsonNode read = await http.GetAsync(RunningServer.V1($"persons/{person}/encounters/E1")).OkAsync();
            Assert.Equal(sent[person], (string)Assert.Single(read["biometricData"]!.AsArray())!["template"]!);
        }
    }

    private static StringContent Content(string text, string type) => new(text, Encoding.UTF8, type);
}
