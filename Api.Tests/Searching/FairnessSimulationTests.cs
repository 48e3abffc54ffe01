using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Searching;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Turns;
using Microsoft.Extensions.Time.Testing;
using Xunit.Abstractions;

namespace MatchCluster.Api.Tests.Searching;

/// <summary>
/// The gate and the orders of turns of the front end and of the engine, with a simulated engine of two threads and
/// simulated time: what a load test on a busy machine cannot show exactly.
/// </summary>
public sealed class FairnessSimulationTests(ITestOutputHelper output)
{
    /// <summary>Searches a second of two threads at 20 ms of work each.</summary>
    private const double Capacity = 100;

    private const double ThreadSeconds = 0.020;
    private const double SimulatedSeconds = 300;
    private const double WarmUpSeconds = 20;
    private const int AtOnce = 4;
    private const int Threads = 2;

    /// <remarks>
    /// Searches are not interrupted: beside searches ten times as dear as its own, a partner waits for one that has
    /// begun. A partner that asks for four fifths of its share in few dear searches is above it for moments, in which
    /// it takes turns with the other one.
    /// </remarks>
    [Theory]
    [InlineData(0.35, 4, 4, 1.0)]
    [InlineData(0.40, 4, 4, 1.0)]
    [InlineData(0.40, 2, 20, 1.4)]
    [InlineData(0.40, 12, 2, 1.7)]
    public void A_partner_that_asks_ten_times_its_share_does_not_move_anothers_p95(
        double share, int quietSamples, int noisySamples, double mostRatio)
    {
        // Both have the same share of the work, in few dear searches or in many cheap ones.
        double rate = share * Capacity;
        Client quiet = new("quiet", rate * 4 / quietSamples, quietSamples);
        Client noisy = new("noisy", rate * 4 / noisySamples, noisySamples);
        Client loud = noisy with { Rate = noisy.Rate * 10 };

        Result alone = Simulate([quiet])[0];
        Result shares = Simulate([quiet, noisy])[0];
        Result[] together = Simulate([quiet, loud]);
        output.WriteLine($"quiet: alone {alone}; both at their share {shares}; beside ten times {together[0]}");
        output.WriteLine($"noisy at ten times its share: {together[1]}");

        Assert.True(together[0].P95 <= mostRatio * shares.P95, $"{together[0]} beside ten times, {shares} at shares");
        Assert.Equal(0, together[0].Refused);
        Assert.True(together[1].Refused > together[1].Answered, "who asks ten times its share is refused most of it");
        Assert.InRange(together[1].P95, 0, 2.5); // Patience and its own time: refused, and not kept waiting.
    }

    [Fact]
    public void Without_partners_the_same_load_does_move_it()
    {
        Client quiet = new("", 40, 4);
        Client loud = new("", 400, 4);
        double shares = Simulate([quiet, quiet])[0].P95;
        Result together = Simulate([quiet, loud])[0];
        Assert.True(together.P95 > 10 * shares, $"{together}");
        Assert.True(together.Refused > together.Answered);
    }

    [Fact]
    public void A_weight_of_nine_has_nine_tenths_where_both_ask_for_more()
    {
        Result[] both = Simulate([new Client("heavy", 300, 4, Weight: 9), new Client("light", 300, 4)]);
        double heavy = both[0].Answered / (double)(both[0].Answered + both[1].Answered);
        output.WriteLine($"heavy {both[0]}, light {both[1]}");
        Assert.InRange(heavy, 0.87, 0.93);
        Assert.InRange(both.Sum(one => one.Answered) / (SimulatedSeconds - WarmUpSeconds) / Capacity, 0.95, 1.05);
    }

    /// <summary>Searches of several clients for a while, all of one priority.</summary>
    private static Result[] Simulate(Client[] clients)
    {
        FakeTimeProvider clock = new();
        AdmissionGate gate = new(new Admission(256, TimeSpan.FromSeconds(2)), clock);
        TurnSlots<Search> turns = new(AtOnce);
        TurnOrder<Search> scans = new();
        PriorityQueue<Action, double> events = new();
        Result[] results = [.. clients.Select(_ => new Result())];
        double now = 0;
        int free = Threads;
        for (int i = 0; i < clients.Length; i++)
        {
            Client client = clients[i];
            Result result = results[i];
            Random arrivals = new(17 + i);
            Asker asker = new(new CallerShare(Standing.NumberOf(client.Name), client.Weight), Priority.Default);
            double next = 0;
            Arrive();

            void Arrive()
            {
                next += -Math.Log(1 - arrivals.NextDouble()) / client.Rate;
                double at = next;
                if (at < SimulatedSeconds)
                {
                    events.Enqueue(
                        () =>
                        {
                            Come(new Search(at, client.Samples, asker, result));
                            Arrive();
                        },
                        at);
                }
            }
        }

        while (events.TryDequeue(out Action? act, out double at))
        {
            clock.Advance(TimeSpan.FromSeconds(at - now));
            now = at;
            act();
        }

        return results;

        void Come(Search search)
        {
            if (gate.Enter(search.Load, search.Asker) is not null)
            {
                search.Result.Refused += search.Came > WarmUpSeconds ? 1 : 0;
                return;
            }

            turns.Add(search, search.Load, search.Asker.Standing);
            GoOn();
        }

        void GoOn()
        {
            while (turns.TryGo(out Search? next))
            {
                for (int partition = 0; partition < Threads; partition++)
                {
                    scans.Add(next, next.Asker.Standing, next.Load.Cost);
                }
            }

            while (free > 0 && scans.TryTake(out Search? scanned))
            {
                free--;
                double takes = ThreadSeconds / Threads * scanned.Load.Cost / 4;
                events.Enqueue(() => EndScan(scanned), now + takes);
            }
        }

        void EndScan(Search search)
        {
            free++;
            if (++search.Scanned == Threads)
            {
                turns.Return(search.Load, search.Asker.Standing);
                gate.Leave(search.Load, search.Asker, Told.InFull);
                if (search.Came > WarmUpSeconds)
                {
                    search.Result.Latencies.Add(now - search.Came);
                }

                if (free == Threads)
                {
                    scans.EndBusyTime();
                }
            }

            GoOn();
        }
    }

    private sealed record Client(string Name, double Rate, int Samples, int Weight = 1);

    private sealed record Search(double Came, int Samples, Asker Asker, Result Result)
    {
        public SearchLoad Load { get; } = SearchLoad.Of(Samples, exhaustive: false, swappedHands: false);

        public int Scanned { get; set; }
    }

    private sealed class Result
    {
        public List<double> Latencies { get; } = [];

        public int Refused { get; set; }

        public int Answered => Latencies.Count;

        public double P95 => Of(0.95);

        public override string ToString() =>
            $"p50 {Of(0.5) * 1000:F0}, p95 {P95 * 1000:F0}, p99 {Of(0.99) * 1000:F0} ms of {Answered}, "
            + $"{Refused} refused";

        private double Of(double quantile) =>
            Latencies.Count == 0 ? 0 : Latencies.Order().ElementAt((int)(quantile * (Latencies.Count - 1)));
    }
}
