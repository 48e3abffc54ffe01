using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Searching;
using MatchCluster.Matching.Seam;
using Microsoft.Extensions.Time.Testing;

namespace MatchCluster.Api.Tests.Searching;

/// <summary>Turns and admission between partners of one priority.</summary>
public sealed class FairTurnsTests
{
    private static readonly SearchBudget Long = SearchBudget.Of(TimeSpan.FromMinutes(10));
    private static readonly TimeSpan Each = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider clock = new();

    [Fact]
    public async Task A_partner_below_its_share_goes_before_the_queue_of_another()
    {
        SearchTurns turns = new(2);
        List<Task<bool>> noisy = [.. Enumerable.Range(0, 80).Select(_ => TakeAsync(turns, "noisy"))];

        // What it may catch up of a quiet time before is used up after 32 of cost four.
        for (int i = 0; i < 40; i++)
        {
            Assert.True(await noisy[i]);
            turns.Return(4, Of("noisy"));
        }

        // One is at the engine. Who has nothing there need not wait for it, but for its own.
        Assert.True(await noisy[40]);
        Assert.True(await TakeAsync(turns, "quiet"));
        Task<bool> second = TakeAsync(turns, "quiet");
        Assert.False(second.IsCompleted);

        turns.Return(4, Of("noisy"));
        Assert.False(second.IsCompleted);
        turns.Return(4, Of("quiet"));
        Assert.True(await second);
        Assert.True(await noisy[41]);
        Assert.False(noisy[42].IsCompleted);
    }

    [Fact]
    public async Task No_more_partners_than_usual_searches_are_at_the_engine()
    {
        SearchTurns turns = new(3);
        Task<bool>[] all = [.. Enumerable.Range(0, 50).Select(i => TakeAsync(turns, $"p{i}"))];
        Assert.All(all.Take(3), one => Assert.True(one.IsCompleted));
        Assert.All(all.Skip(3), one => Assert.False(one.IsCompleted));

        // A batch that has all places and more leaves room for two others, each with one.
        SearchTurns batches = new(3);
        Assert.True(await batches.TakeAsync(64, Of("stream"), Long));
        Assert.False(TakeAsync(batches, "stream").IsCompleted);
        Assert.True(await TakeAsync(batches, "single"));
        Assert.False(TakeAsync(batches, "single").IsCompleted);
    }

    [Fact]
    public async Task Who_gives_up_or_runs_out_of_time_while_waiting_is_not_charged()
    {
        SearchTurns turns = new(2);
        Assert.True(await turns.TakeAsync(1, Of("other"), Long));
        Assert.True(await turns.TakeAsync(1, Of("victim"), Long));
        using CancellationTokenSource gone = new();
        Task<bool>[] left =
        [
            .. Enumerable.Range(0, 50).Select(_ => turns.TakeAsync(
                64, Of("victim"), SearchBudget.Of(TimeSpan.FromMinutes(10), gone.Token)).AsTask()),
        ];
        Assert.False(await turns.TakeAsync(64, Of("victim"), SearchBudget.Of(TimeSpan.Zero)));
        Task<bool>[] others = [.. Enumerable.Range(0, 9).Select(_ => turns.TakeAsync(8, Of("other"), Long).AsTask())];
        await gone.CancelAsync();
        Assert.All(await Task.WhenAll(left), Assert.False);
        Task<bool> now = turns.TakeAsync(1, Of("victim"), Long).AsTask();

        turns.Return(1, Of("other"));
        turns.Return(1, Of("victim"));

        Assert.True(await now);
    }

    [Fact]
    public async Task Partners_of_a_day_leave_nothing_behind_them()
    {
        SearchTurns turns = new(1);
        AdmissionGate gate = new(new Admission(100, TimeSpan.FromSeconds(2)), clock);
        for (int i = 0; i < 10_000; i++)
        {
            Asker asker = Of($"partner-{i}");
            Assert.Null(gate.Enter(1, asker));
            Assert.True(await turns.TakeAsync(1, asker, Long));
            clock.Advance(Each);
            turns.Return(1, asker);
            gate.Leave(1, asker, Told.InFull);
        }

        Assert.Equal(0, turns.Partners);
        Assert.InRange(gate.Partners, 0, 1000);
    }

    [Fact]
    public void A_noisy_partner_is_refused_for_its_own_backlog_and_the_others_are_let_in()
    {
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(2)), clock);
        Measure(gate, Of("noisy"));
        int noisy = Fill(gate, Of("noisy"));
        Assert.Equal(21, noisy); // One more than twenty make two seconds.

        // Half of what it has inside goes before nobody of the other's.
        Assert.Equal(11, Fill(gate, Of("quiet")));
        Assert.NotNull(gate.Enter(1, Of("noisy")));
        Assert.InRange(Fill(gate, Of("third")), 7, 8);
    }

    [Fact]
    public void A_weight_gives_more_of_the_patience()
    {
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(2)), clock);
        Measure(gate, Of("noisy"));
        Fill(gate, Of("noisy"));

        // Of each four of its own one of the other's goes before.
        Assert.InRange(Fill(gate, Of("heavy", weight: 4)), 16, 17);
    }

    [Fact]
    public void Who_lately_shared_the_time_knows_how_long_its_own_takes()
    {
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(2)), clock);
        for (int i = 0; i < 200; i++)
        {
            Measure(gate, Of(i % 2 == 0 ? "noisy" : "quiet"), 1);
        }

        // Nothing of the other is inside now, but half of the time was its.
        Assert.InRange(Fill(gate, Of("noisy")), 10, 12);
    }

    [Fact]
    public void No_partner_takes_all_places()
    {
        AdmissionGate gate = new(new Admission(256, TimeSpan.FromHours(1)), clock);
        int noisy = Fill(gate, Of("noisy", priority: 9));
        Assert.InRange(noisy, 204, 206);
        string said = gate.Enter(1, Of("noisy", priority: 9))!.Message;
        Assert.Contains("of this partner", said, StringComparison.Ordinal);

        Assert.InRange(Fill(gate, Of("quiet", priority: 9)), 40, 42);
        Assert.Equal(256, Fill(new AdmissionGate(new Admission(256, TimeSpan.FromHours(1)), clock), new Priority(9)));
    }

    [Fact]
    public void A_stream_brings_little_at_a_time_while_another_partner_asks()
    {
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(4)), clock);
        Measure(gate, Of("stream"));
        Assert.Equal(new Portion(20, AdmissionGate.Always), gate.PortionFor(Of("stream")));

        Assert.Null(gate.Enter(1, Of("single")));
        Assert.Equal(new Portion(1, 1), gate.PortionFor(Of("stream")));
        gate.Leave(1, Of("single"), Told.Nothing);
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(20, gate.PortionFor(Of("stream")).Cost);
    }

    [Fact]
    public void A_refusal_is_one_that_a_caller_may_try_again()
    {
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(1)), clock);
        Measure(gate, Of("noisy"));
        Fill(gate, Of("noisy"));
        Failure refused = gate.Enter(1, Of("noisy"))!;
        Assert.Equal(FailureCode.Overloaded, refused.Code);
        Assert.NotNull(refused.RetryAfter);
    }

    private static Task<bool> TakeAsync(SearchTurns turns, string partner) =>
        turns.TakeAsync(4, Of(partner), Long).AsTask();

    private static Asker Of(string partner, int weight = 1, int priority = 5) => new(
        new CallerShare(Standing.NumberOf(partner), weight), new Priority(priority));

    private static int Fill(AdmissionGate gate, Asker asker)
    {
        int inside = 0;
        while (gate.Enter(1, asker) is null)
        {
            inside++;
        }

        return inside;
    }

    private void Measure(AdmissionGate gate, Asker asker, int searches = 200)
    {
        for (int i = 0; i < searches; i++)
        {
            Assert.Null(gate.Enter(1, asker));
            clock.Advance(Each);
            gate.Leave(1, asker, Told.InFull);
        }
    }
}
