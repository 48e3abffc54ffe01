using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using MatchCluster.Api.Tests;
using MatchCluster.Api.Tests.Telemetry;
using MatchCluster.Grains.Tests.Redis;

namespace MatchCluster.Grains.Tests.Processes;

/// <summary>
/// What a silo and its front end really send to an OTLP endpoint; field numbers are those of opentelemetry-proto 1.x.
/// </summary>
public sealed class SiloTelemetryTests
{
    private const string FrontEnd = "matchcluster";
    private const string SiloService = "matchcluster-silo";
    private const ulong ServerKind = 2;
    private const string Person = "PERSON-NOBODY-MAY-SEE";
    private const string Encounter = "ENCOUNTER-NOBODY-MAY-SEE";
    private const string Gallery = "GALLERY-NOBODY-MAY-SEE";

    [SkippableFact]
    public async Task A_silo_sends_its_meters_and_goes_on_with_the_trace_of_a_search_and_names_nobody()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();

        // As Aspire sets it: whoever asks for it a second time has each call twice in its traces.
        Dictionary<string, string> environment = new(receiver.Environment())
        {
            ["Orleans__EnableDistributedTracing"] = "true",
        };
        await using MemberProcess silo = MemberProcess.Start(
            environment, "silo-1", "Silo", redis.Port, "--partitions", "2");
        await using MemberProcess api = MemberProcess.Start(
            environment, "api-1", "Api", redis.Port, "--cluster");
        using HttpClient http = new() { BaseAddress = await api.AddressAsync() };
        await ReadyAsync(http, api, silo);
        await PostAsync(
            http, $"/v1/persons/{Person}/encounters/{Encounter}?transactionId=T",
            Bodies.Encounter(Gallery, [Bodies.Finger(1, 2)]));
        await PostAsync(http, $"/v1/identify/{Gallery}?transactionId=T", Bodies.Identify([Bodies.Finger(1, 2)]));

        // The gauge follows a look at the partitions now and then: it is waited for.
        await receiver.WaitAsync(
            "metrics", all => Points(all, "matchcluster.silo.encounters").Any(point => point.Number(6) == 1));
        ProtoMessage[] metrics = await receiver.WaitAsync(
            "metrics", all => Points(all, "matchcluster.silo.partitions").Any(
                point => point.Attributes(7)["state"] == "Ready" && point.Number(6) == 2));
        Assert.NotEmpty(Points(metrics, "matchcluster.silo.row.size"));

        await receiver.WaitAsync(
            "metrics", all => Measured(all, "matchcluster.silo.scan.duration").Select(point => point.Attributes(9))
                .Select(labels => labels["stage"]).Distinct().Count() == 2);
        await receiver.WaitAsync(
            "metrics", all => Measured(all, "matchcluster.silo.load.duration").Any(
                point => point.Attributes(9)["kind"] == "own" && point.Attributes(9)["outcome"] == "ready"));
        ProtoMessage[] traces = await receiver.WaitAsync(
            "traces", all => SearchedAt(all).Any() && ScannedBelow(all, SearchedAt(all).First()).Any());
        ProtoMessage asked = Assert.Single(SearchedAt(traces)); // one message per silo
        ulong[] kinds = [.. Spans(traces, FrontEnd).Concat(Spans(traces, SiloService))
            .Where(span => span.Text(5).Contains("ISiloGrain/Search", StringComparison.Ordinal))
            .Select(span => span.Number(6))];
        Assert.Equal(kinds.Distinct(), kinds); // each end of the message has one span
        Assert.Single(Spans(traces, FrontEnd), span => span.Text(5) == "prepare probe");
        ProtoMessage scanned = Assert.Single(ScannedBelow(traces, asked));
        Assert.Equal("2", scanned.Attributes(9)["partitions"]);
        Assert.All(
            ["queue.ms", "first_stage.ms", "second_stage.ms"],
            tag => Assert.Contains(tag, scanned.Attributes(9).Keys));
        await receiver.WaitAsync("logs", all => OfService(all, SiloService).Any());

        Assert.Equal(0, await api.StopAsync());
        Assert.Equal(0, await silo.StopAsync());
        ProtoMessage[] all = receiver.Messages("traces");
        string[] names = [.. Spans(all, FrontEnd).Concat(Spans(all, SiloService)).Select(span => span.Text(5))];
        Assert.Contains("partition load", names);
        Assert.All(
            ["OwnersAsync", "StatusAsync", "PingAsync", "/health"],
            polled => Assert.DoesNotContain(names, name => name.Contains(polled, StringComparison.Ordinal)));
        string everything = string.Join('\n', receiver.Bodies.Select(Encoding.Latin1.GetString));
        Assert.All([Person, Encounter, Gallery], id => Assert.DoesNotContain(
            id, everything, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>
    /// The silo's spans of searches in the trace of the front end's search whose parents are the front end's spans.
    /// </summary>
    private static IEnumerable<ProtoMessage> SearchedAt(ProtoMessage[] requests)
    {
        ProtoMessage[] asking = [.. Spans(requests, FrontEnd)];
        if (asking.FirstOrDefault(span => span.Text(5) == "identify") is not { } search)
        {
            return [];
        }

        ProtoMessage[] trace = [.. asking.Where(span => span.Bytes(1).SequenceEqual(search.Bytes(1)))];
        return Spans(requests, SiloService).Where(span => span.Bytes(1).SequenceEqual(search.Bytes(1))
            && span.Number(6) == ServerKind && span.Text(5).Contains("ISiloGrain/Search", StringComparison.Ordinal)
            && trace.Any(parent => parent.Bytes(2).SequenceEqual(span.Bytes(4))));
    }

    /// <summary>The silo's own span of a search that came in with a call.</summary>
    private static IEnumerable<ProtoMessage> ScannedBelow(ProtoMessage[] requests, ProtoMessage call) =>
        Spans(requests, SiloService).Where(span =>
            span.Text(5) == "silo search" && span.Bytes(4).SequenceEqual(call.Bytes(2)));

    private static IEnumerable<ProtoMessage> OfService(ProtoMessage[] requests, string service) => requests
        .SelectMany(request => request.All(1))
        .Where(resource => resource.One(1)?.Attributes(1).GetValueOrDefault("service.name") == service);

    private static IEnumerable<ProtoMessage> Spans(ProtoMessage[] requests, string service) =>
        OfService(requests, service).SelectMany(resource => resource.All(2)).SelectMany(scope => scope.All(2));

    /// <summary>Data points of a gauge of the silo.</summary>
    private static IEnumerable<ProtoMessage> Points(ProtoMessage[] requests, string gauge) =>
        OfService(requests, SiloService).SelectMany(resource => resource.All(2)).SelectMany(scope => scope.All(2))
            .Where(metric => metric.Text(1) == gauge)
            .SelectMany(metric => metric.All(5)).SelectMany(data => data.All(1));

    /// <summary>Data points of a histogram of the silo.</summary>
    private static IEnumerable<ProtoMessage> Measured(ProtoMessage[] requests, string histogram) =>
        OfService(requests, SiloService).SelectMany(resource => resource.All(2)).SelectMany(scope => scope.All(2))
            .Where(metric => metric.Text(1) == histogram)
            .SelectMany(metric => metric.All(9)).SelectMany(data => data.All(1));

    private static async Task ReadyAsync(HttpClient http, MemberProcess api, MemberProcess silo)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while ((await http.GetAsync("/health")).StatusCode != HttpStatusCode.OK)
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(60), $"{api.Log}\n{silo.Log}");
            await Task.Delay(50);
        }
    }

    private static async Task PostAsync(HttpClient http, string path, object body)
    {
        using HttpResponseMessage answer = await http.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
