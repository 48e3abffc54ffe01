using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using MatchCluster.Grains.Clients;
using MatchCluster.Grains.Silos;
using MatchCluster.Matching.Scatter;
using MatchCluster.ServiceDefaults.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Orleans.TestingHost;

namespace MatchCluster.Grains.Tests.Clusters;

/// <summary>What silos tell a collector: spans of searches and meters of their work, and nothing of polls.</summary>
public sealed class SiloInstrumentTests
{
    private const int Partitions = 12;

    [Fact]
    public async Task A_search_has_one_span_at_each_silo_in_the_callers_trace_and_polls_have_none()
    {
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(
            silos: 3, Partitions, frontEnds: 1, configure: (_, silo) => silo.AddActivityPropagation());
        GrainDirectory directory = await GrainDirectory.ConnectAsync(cluster.FrontEnd);
        await cluster.SettledAsync(directory, "Silo_1:6 Silo_2:6");
        await People.EnrolAsync(directory, 0, 3);
        using ActivitySource tests = new(nameof(SiloInstrumentTests));
        List<Activity> ended = [];
        using TracerProvider traces = TelemetryExtensions.Trace(
                Sdk.CreateTracerProviderBuilder(),
                tests.Name, SiloInstruments.Source, "Microsoft.Orleans", "Microsoft.Orleans.Application")
            .AddInMemoryExporter(ended).Build();

        // Polls, as a front end sends them, before, and between, and after.
        await PartitionCluster.ReadyAsync(directory);
        using Activity search = tests.StartActivity("identify")!;
        Assert.True((await People.FindAsync(new SearchRoot(directory, TimeProvider.System), 1)).Coverage.IsComplete);
        search.Stop();
        await PartitionCluster.ReadyAsync(directory);

        // The calls to two silos, their arrival there, and the silos' own; a silo may end its own after its answer.
        Activity[] trace = await PartitionWaits.UntilAsync(
            () => Task.FromResult(Of(ended).Where(span => span.TraceId == search.TraceId).ToArray()),
            spans => spans.Length >= 7);
        Activity[] scanned = [.. trace.Where(span => span.OperationName == "silo search")];
        Assert.Equal(7, trace.Length);
        Assert.Equal(2, scanned.Length);
        Assert.All(scanned, span => Assert.Contains(
            trace, parent => parent.SpanId == span.ParentSpanId && parent.Kind == ActivityKind.Server));
        Assert.All(scanned, span => Assert.Equal(6, span.GetTagItem("partitions")));
        Assert.All(scanned, span => Assert.Equal(6, span.GetTagItem("partitions.complete")));
        Assert.All(scanned, span => Assert.True((double)span.GetTagItem("first_stage.ms")! > 0));
        Assert.All(scanned, span => Assert.NotNull(span.GetTagItem("queue.ms")));
        Assert.All(
            ["OwnersAsync", "StatusAsync", "PingAsync"],
            poll => Assert.DoesNotContain(
                Of(ended), span => span.DisplayName.Contains(poll, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Searches_loads_and_hand_overs_are_measured_by_the_silo_that_does_them()
    {
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(silos: 3, Partitions, frontEnds: 1);
        GrainDirectory directory = await GrainDirectory.ConnectAsync(cluster.FrontEnd);
        await cluster.SettledAsync(directory, "Silo_1:6 Silo_2:6");
        await People.EnrolAsync(directory, 0, 5);
        ConcurrentQueue<Measured> measured = new();
        using MeterListener listener = Listen(measured);

        await People.FindAsync(new SearchRoot(directory, TimeProvider.System), 1);
        string[] hosts = ["Silo_1", "Silo_2"];
        Assert.All(hosts, silo => Assert.Equal(1, Count(silo, "matchcluster.silo.queue.time", "")));
        Assert.All(hosts, silo => Assert.Equal(1, Count(silo, "matchcluster.silo.scan.duration", "stage=first")));
        Assert.All(hosts, silo => Assert.Equal(1, Count(silo, "matchcluster.silo.scan.duration", "stage=second")));

        await cluster.JoinAsync();
        await cluster.SettledAsync(directory, "Silo_1:4 Silo_2:4 Silo_3:4");
        await PartitionWaits.UntilAsync(
            () => Task.FromResult(hosts.Sum(
                silo => Count(silo, "matchcluster.silo.handover.duration", "outcome=moved"))),
            moved => moved == 4);
        Assert.Equal(4, Count("Silo_3", "matchcluster.silo.load.duration", "kind=standby,outcome=ready"));
        Assert.Equal(4, Count("Silo_3", "matchcluster.silo.load.duration", "kind=own,outcome=ready"));
        Assert.Equal(0, Count("Silo_3", "matchcluster.silo.handover.duration", "outcome=moved"));

        measured.Clear();
        listener.RecordObservableInstruments();
        Assert.All(
            ["matchcluster.silo.queue.length", "matchcluster.silo.load.left", "matchcluster.silo.standby.lag"],
            gauge => Assert.Equal(0, Of(cluster, "Silo_3", gauge).Single().Value));

        int Count(string silo, string instrument, string labels) =>
            Of(cluster, silo, instrument).Count(one => one.Labels == labels);

        IEnumerable<Measured> Of(PartitionCluster from, string silo, string instrument)
        {
            InProcessSiloHandle handle = from.Silos.Single(one => one.Name == silo);
            IMeterFactory meters = handle.ServiceProvider.GetRequiredService<IMeterFactory>();
            return measured.Where(one => ReferenceEquals(one.Scope, meters) && one.Instrument == instrument);
        }
    }

    private static Activity[] Of(List<Activity> ended)
    {
        // The exporter adds to the list from many threads; a copy that fails is made again.
        while (true)
        {
            try
            {
                return [.. ended];
            }
            catch (InvalidOperationException)
            {
                // It was added to in between.
            }
        }
    }

    private static MeterListener Listen(ConcurrentQueue<Measured> measured)
    {
        MeterListener listener = new()
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == SiloInstruments.Source)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((from, value, labels, _) => Note(from, value, labels));
        listener.SetMeasurementEventCallback<long>((from, value, labels, _) => Note(from, value, labels));
        listener.SetMeasurementEventCallback<int>((from, value, labels, _) => Note(from, value, labels));
        listener.Start();
        return listener;

        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
        {
            List<string> text = [];
            foreach ((string key, object? label) in labels)
            {
                text.Add($"{key}={label}");
            }

            measured.Enqueue(new Measured(instrument.Meter.Scope, instrument.Name, string.Join(',', text), value));
        }
    }

    private sealed record Measured(object? Scope, string Instrument, string Labels, double Value);
}
