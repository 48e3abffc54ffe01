using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Tests;

/// <summary>
/// People with one finger each in one partition, enough of them for a first stage; each test only reads it.
/// </summary>
public sealed class ScreenedGallery : IAsyncLifetime
{
    public const string Name = "screened";

    /// <summary>P0, P1 ... are the people of <see cref="Bodies"/>; nobody asks for the others.</summary>
    public const int People = 10;

    private const int Strangers = 200;

    /// <summary>Few distinct fingers serve as many non-mated ones: making them takes the time.</summary>
    private const int Distinct = 40;

    public const int Count = People + Strangers;

    public RunningServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await RunningServer.StartAsync(new MemoryGalleryStore(1));
        JsonObject[] strangers = [.. Enumerable.Range(1000, Distinct).Select(person => Bodies.Finger(person, 2))];
        IEnumerable<string> lines =
        [
            .. Enumerable.Range(0, Strangers).Select(i => Line($"S{i}", strangers[i % Distinct])),
            .. Enumerable.Range(0, People).Select(i => Line($"P{i}", Bodies.Finger(i, 2))),
        ];
        using StringContent content = new(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage response = await Server.Http.PostAsync("/mc/v1/enrol", content);
        string done = (await response.Content.ReadAsStringAsync()).TrimEnd().Split('\n')[^1];
        Assert.Equal(Count, (int)JsonNode.Parse(done)!["done"]!["applied"]!);
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    private static string Line(string person, JsonObject finger)
    {
        JsonObject encounter = Bodies.Encounter(Name, [finger.DeepClone()]);
        encounter["encounterId"] = "E1";
        return new JsonObject { ["personId"] = person, ["encounter"] = encounter }.ToJsonString();
    }
}
