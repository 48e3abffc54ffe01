using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using MatchCluster.Api.Hosting;

namespace MatchCluster.Api.Tests.Telemetry;

/// <summary>
/// What the server really sends to an OTLP endpoint; field numbers are those of opentelemetry-proto 1.x.
/// </summary>
public sealed class OtlpTests
{
    private const StringComparison Ordinal = StringComparison.Ordinal;
    private const ulong ServerKind = 2;
    private const string Person = "PERSON-NOBODY-MAY-SEE";
    private const string Encounter = "ENCOUNTER-NOBODY-MAY-SEE";
    private const string Gallery = "GALLERY-NOBODY-MAY-SEE";

    [Fact]
    public async Task A_search_arrives_as_a_histogram_a_trace_and_logs_and_nobody_is_named_in_them()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using TemporaryDirectory data = new();
        using ServerProcess server = ServerProcess.Start(
            receiver.Environment(), "--data", data.Path, "--partitions", "2");
        using HttpClient http = await server.ReadyAsync();
        foreach (string polled in (string[])["/health", "/alive", "/metrics", "/mc/v1/live", "/mc/v1/stats"])
        {
            await http.GetStringAsync(polled);
        }

        await SearchAsync(http);

        ProtoMessage[] metrics = await receiver.WaitAsync("metrics", all => Points(all).Any());
        Assert.Contains(Points(metrics), point => point.Number(4) > 0
            && point.Attributes(9) is { } attributes && attributes["outcome"] == "complete"
            && attributes["searches"] == "1");
        Assert.Equal("matchcluster", metrics[0].One(1)!.One(1)!.Attributes(1)["service.name"]);

        string[] wanted = ["POST /v1/identify", "identify", "scatter", "gather"];
        ProtoMessage[] traces = await receiver.WaitAsync(
            "traces", all => wanted.All(name => Spans(all).Any(span => span.Text(5).StartsWith(name, Ordinal))));
        AssertIsOneTree([.. Spans(traces)]);
        await receiver.WaitAsync("logs", all => all.Length > 0);

        Assert.Equal(0, await server.StopAsync());
        Assert.Equal(2, SpansOf(receiver).Count(span => span.Number(6) == ServerKind)); // enrolled once, searched once
        string everything = string.Join('\n', receiver.Bodies.Select(Encoding.Latin1.GetString));
        foreach (string id in (string[])[Person, Encounter, Gallery])
        {
            Assert.DoesNotContain(id, everything, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task An_endpoint_that_never_answers_holds_up_neither_a_search_nor_the_end()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(hangs: true);
        using TemporaryDirectory data = new();
        using ServerProcess server = ServerProcess.Start(
            receiver.Environment(), "--data", data.Path, "--partitions", "2");
        using HttpClient http = await server.ReadyAsync();
        await receiver.WaitAsync("metrics", all => all.Length > 0);
        await SearchAsync(http);

        long stopping = Stopwatch.GetTimestamp();
        Assert.Equal(0, await server.StopAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(stopping).TotalSeconds, 0, 30);
    }

    private static async Task SearchAsync(HttpClient http)
    {
        await http.PostAsJsonAsync(
            $"/v1/persons/{Person}/encounters/{Encounter}?transactionId=T",
            Bodies.Encounter(Gallery, [Bodies.Finger(1, 2)])).OkAsync();
        await http.PostAsJsonAsync(
            $"/v1/identify/{Gallery}?transactionId=T", Bodies.Identify([Bodies.Finger(1, 2)])).OkAsync();
    }

    /// <summary>The request's span is the root; search, scatter and gather, partitions hang below each other.</summary>
    private static void AssertIsOneTree(ProtoMessage[] spans)
    {
        ProtoMessage search = spans.Single(span => span.Text(5) == "identify");
        ProtoMessage[] trace = [.. spans.Where(span => span.Bytes(1).SequenceEqual(search.Bytes(1)))];
        ProtoMessage scatter = trace.Single(span => span.Text(5) == "scatter");
        ProtoMessage gather = trace.Single(span => span.Text(5) == "gather");
        ProtoMessage prepare = trace.Single(span => span.Text(5) == "prepare probe");
        Assert.True(IsBelow(scatter, search) && IsBelow(gather, search));
        Assert.Equal(5, trace.Length); // none for each partition
        Assert.Equal("2", scatter.Attributes(9)["partitions"]);
        Assert.Equal("2", scatter.Attributes(9)["partitions.complete"]);
        Assert.Contains("scan.ms", scatter.Attributes(9).Keys);
        ProtoMessage request = trace.Single(span => span.Text(5) == "POST /v1/identify/{galleryId}");
        Assert.True(IsBelow(search, request) && IsBelow(prepare, request));
        Assert.Equal("/v1/identify/{galleryId}", request.Attributes(9)["http.route"]);
        Assert.True(gather.Number(7) >= scatter.Number(8), "the gather began before the scatter had ended");
    }

    private static ProtoMessage[] SpansOf(OtlpReceiver receiver) => [.. Spans(receiver.Messages("traces"))];

    private static bool IsBelow(ProtoMessage span, ProtoMessage parent) => span.Bytes(4).SequenceEqual(parent.Bytes(2));

    private static IEnumerable<ProtoMessage> Spans(ProtoMessage[] requests) =>
        requests.SelectMany(request => request.All(1)).SelectMany(resource => resource.All(2))
            .SelectMany(scope => scope.All(2));

    /// <summary>Data points of the search histogram.</summary>
    private static IEnumerable<ProtoMessage> Points(ProtoMessage[] requests) =>
        requests.SelectMany(request => request.All(1)).SelectMany(resource => resource.All(2))
            .SelectMany(scope => scope.All(2)).Where(metric => metric.Text(1) == "matchcluster.search.duration")
            .SelectMany(metric => metric.All(9)).SelectMany(histogram => histogram.All(1));
}
