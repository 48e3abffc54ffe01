using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Api.Tests;

/// <summary>One person, to be searched with the most a probe may hold, and with one view more.</summary>
public sealed class BoundedGallery : IAsyncLifetime
{
    public RunningServer Server { get; } = new();

    public async Task InitializeAsync()
    {
        await Server.InitializeAsync();
        await Server.PostAsync("persons/P/encounters/E", Bodies.Encounter("G", [Bodies.Finger(1, 2)])).OkAsync();
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

/// <summary>The bound on the views and codes of a probe, at every door that takes a probe.</summary>
public sealed class ProbeBoundTests(BoundedGallery bounded) : IClassFixture<BoundedGallery>
{
    private const int ViewsOfOneRecord = 13;

    private static readonly FingerView View = new SyntheticPopulation(7).Person(1).Finger(2, 1);

    private readonly RunningServer server = bounded.Server;

    public static TheoryData<string, string> Doors => new()
    {
        { "/v1/identify/G?transactionId=T", """{"filter":{},"biometricData":@}""" },
        { "/v1/identify/G?transactionId=T&accuracyLevel=exhaustive", """{"filter":{},"biometricData":@}""" },
        { "/v1/verify/G/P?transactionId=T", """{"biometricData":@}""" },
        { "/v1/verify?transactionId=T", """{"biometricData1":@,"biometricData2":#}""" },
        { "/mc/v1/explain/G/P/E", """{"biometricData":@}""" },
        { "/mc/v1/identify/G", """{"id":"1","biometricData":@}""" },
    };

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_probe_of_more_rows_than_the_bound_is_refused(string door, string body)
    {
        (int status, JsonNode full) = await AskAsync(door, body, Limits.RowsPerProbe);
        Assert.True(status == 200 && CodeOf(full) == 0, full.ToJsonString());

        (int refused, JsonNode answer) = await AskAsync(door, body, Limits.RowsPerProbe + 1);
        Assert.Equal(door.StartsWith("/mc/v1/identify", StringComparison.Ordinal) ? 200 : 400, refused);
        Assert.Equal((int)FailureCode.RejectedTemplate, CodeOf(answer));
        string words = answer.ToJsonString();
        Assert.Contains("65 views and codes", words, StringComparison.Ordinal);
        Assert.Contains("at most 64", words, StringComparison.Ordinal);
    }

    private static int CodeOf(JsonNode answer) =>
        (int?)((answer as JsonObject)?["code"] ?? (answer as JsonObject)?["error"]?["code"]) ?? 0;

    private async Task<(int Status, JsonNode Answer)> AskAsync(string door, string body, int views)
    {
        JsonArray probe = [];
        for (int left = views; left > 0; left -= ViewsOfOneRecord)
        {
            probe.Add((JsonNode)Bodies.Item("FINGER", "RIGHT_INDEX", "ISO_19794_2", FingerRecords.Encode(
                TemplateFormat.Iso19794v2005, [.. Enumerable.Repeat(View, Math.Min(left, ViewsOfOneRecord))])));
        }

        string text = body.Replace("@", probe.ToJsonString(), StringComparison.Ordinal)
            .Replace("#", $"[{Bodies.Finger(1, 2).ToJsonString()}]", StringComparison.Ordinal);
        string type = door.StartsWith("/mc/v1/identify", StringComparison.Ordinal)
            ? "application/x-ndjson" : "application/json";
        using StringContent content = new(text, Encoding.UTF8, type);
        using HttpResponseMessage answer = await server.Http.PostAsync(door, content);
        return ((int)answer.StatusCode, await answer.JsonAsync());
    }
}
