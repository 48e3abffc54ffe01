using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using MatchCluster.Api.Hosting;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Options;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Tests.Searching;

/// <summary>Service levels by name and by number: deadline, priority, what the answer says, what is counted.</summary>
public sealed class ServiceLevelTests : IAsyncLifetime
{
    private const string Levels = """
        {"levels":[{"name":"now","seconds":0.0001,"priority":9,"serviceLevel":[9]},
                   {"name":"later","seconds":7200,"priority":1,"serviceLevel":[0,1]}]}
        """;

    private Server server = null!;
    private HttpClient http = new();

    public async Task InitializeAsync()
    {
        server = await Server.StartAsync(
            new MemoryGalleryStore(2),
            new ServerOptions { Urls = "http://127.0.0.1:0", ServiceLevels = ServiceLevels.Read(Levels) },
            Microsoft.Extensions.Logging.LogLevel.None, CancellationToken.None);
        await server.Loaded;
        http = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };
        await http.PostAsJsonAsync(
            RunningServer.V1("persons/P/encounters/E"), Bodies.Encounter("G", Bodies.Samples(1))).OkAsync();
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_level_that_is_met_and_one_that_is_missed_are_said_and_counted()
    {
        ConcurrentDictionary<string, long> counted = new();
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name is "matchcluster.service.met" or "matchcluster.service.missed")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (tags[0].Value is "now" or "later")
            {
                counted.AddOrUpdate($"{instrument.Name} {tags[0].Value}", value, (_, sum) => sum + value);
            }
        });
        listener.Start();

        using HttpResponseMessage met = await AskAsync("later", null);
        Assert.Equal((200, "later; deadline-ms=7200000; met"), ((int)met.StatusCode, LevelOf(met)));
        using HttpResponseMessage numbered = await AskAsync(null, "1");
        Assert.Equal("later; deadline-ms=7200000; met", LevelOf(numbered));

        // Past its deadline a search says what it did not do; it is not late without saying so.
        using HttpResponseMessage missed = await AskAsync("now", null);
        Assert.Equal(503, (int)missed.StatusCode);
        Assert.EndsWith("; missed", LevelOf(missed), StringComparison.Ordinal);
        using HttpResponseMessage both = await AskAsync("now", "9");
        Assert.EndsWith("; missed", LevelOf(both), StringComparison.Ordinal);
        Assert.Equal(2, counted["matchcluster.service.met later"]);
        Assert.Equal(2, counted["matchcluster.service.missed now"]);

        using HttpResponseMessage none = await AskAsync(null, null);
        Assert.Equal((200, null), ((int)none.StatusCode, LevelOf(none)));
    }

    [Theory]
    [InlineData("rapid", null)]
    [InlineData("Later", null)]
    [InlineData(null, "5")]
    [InlineData("now", "0")]
    public async Task A_level_that_is_none_is_refused_with_those_that_are(string? name, string? number)
    {
        string message = await AskAsync(name, number).ErrorAsync(400, FailureCode.UnknownServiceLevel);
        Assert.True(
            message.Contains("later", StringComparison.Ordinal)
                || message.Contains("0, 1, 9", StringComparison.Ordinal), message);
    }

    [Fact]
    public async Task Streams_and_other_doors_refuse_unknown_levels_too()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/mc/v1/identify/G")
        {
            Content = new StringContent("", System.Text.Encoding.UTF8, "application/x-ndjson"),
            Headers = { { ServiceLevels.Header, "rapid" } },
        };
        using HttpResponseMessage answer = await http.SendAsync(request);
        Assert.Equal(400, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("""{"levels":[]}""", "levels: found 0")]
    [InlineData("""{}""", "wanted an object with an array levels")]
    [InlineData("""{"levels":[null]}""", "levels[0]: name")]
    [InlineData("""{"levels":[{"name":"A","seconds":1,"priority":1}]}""", "levels[0]: name")]
    [InlineData("""{"levels":[{"name":"a","seconds":0,"priority":1}]}""", "levels[0]: seconds")]
    [InlineData("""{"levels":[{"name":"a","seconds":1e9,"priority":1}]}""", "levels[0]: seconds")]
    [InlineData("""{"levels":[{"name":"a","seconds":1,"priority":10}]}""", "levels[0]: priority")]
    [InlineData("""{"levels":[{"name":"a","seconds":1,"priority":1,"serviceLevel":[10]}]}""", "wanted numbers 0..9")]
    [InlineData("""{"levels":[{"name":"a","seconds":1,"priority":1,"serviceLevel":[1,1]}]}""", "a number twice")]
    [InlineData(
        """{"levels":[{"name":"a","seconds":1,"priority":1},{"name":"a","seconds":1,"priority":1}]}""",
        "levels[1]: name: found that of an earlier level")]
    [InlineData("""{"levels":[{"name":"a","seconds":1,"priority":1,"more":1}]}""", "more")]
    public void A_file_that_cannot_be_used_says_where(string json, string message) =>
        Assert.Contains(
            message, Assert.Throws<InvalidDataException>(() => ServiceLevels.Read(json)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void The_levels_without_a_file_serve_every_number()
    {
        Assert.Equal(
            [("rapid", 10), ("criminal", 600), ("civil", 900), ("routine", 7200)],
            ServiceLevels.Default.All.Select(level => (level.Name, (int)level.Deadline.TotalSeconds)));
        Assert.Equal(
            Enumerable.Range(0, 10), ServiceLevels.Default.All.SelectMany(level => level.Numbers).Order());
    }

    private Task<HttpResponseMessage> AskAsync(string? name, string? number)
    {
        HttpRequestMessage request = new(
            HttpMethod.Post, RunningServer.V1("identify/G") + (number is null ? "" : $"&serviceLevel={number}"))
        {
            Content = JsonContent.Create(Bodies.Identify(Bodies.Samples(1, 1))),
        };
        if (name is not null)
        {
            request.Headers.Add(ServiceLevels.Header, name);
        }

        return http.SendAsync(request);
    }

    private static string? LevelOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues(ServiceLevels.Header, out IEnumerable<string>? values) ? values.Single() : null;
}
