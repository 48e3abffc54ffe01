using MatchCluster.Api.Http;

namespace MatchCluster.Api.Tests.Http;

public sealed class AdmissionGateTests
{
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(100);

    private readonly HandClock clock = new();

    [Fact]
    public void Places_are_counted_and_come_back()
    {
        AdmissionGate gate = new(new Admission(2, TimeSpan.FromSeconds(1)), clock);
        Assert.Null(gate.Enter(1));
        Assert.Null(gate.Enter(0));

        Failure full = gate.Enter(1)!;

        Assert.Equal(ErrorCode.Overloaded, full.Code);
        Assert.Contains("2 searches", full.Message, StringComparison.Ordinal);
        gate.Leave(0);
        Assert.Null(gate.Enter(1));
        Assert.Equal(2, gate.Inside);
    }

    [Fact]
    public void Whoever_would_wait_longer_than_the_patience_is_refused_and_told_when_to_come_back()
    {
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(1)), clock);
        Answer(gate, 100, Slow);

        int inside = 0;
        Failure? refused;
        while ((refused = gate.Enter(1)) is null)
        {
            inside++;
        }

        Assert.Equal(11, inside); // one more than ten make a second
        Assert.Contains("about 1.1 s", refused.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.RetryAfter);
        Assert.Equal(1100, gate.Expected.TotalMilliseconds, 0.001);

        clock.Pass(Slow);
        gate.Leave(1);
        Assert.Null(gate.Enter(1));
    }

    [Fact]
    public void A_pass_worth_of_searches_gets_in_however_slow_they_are()
    {
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(1)), clock);
        Answer(gate, 10, TimeSpan.FromSeconds(30));

        Assert.All(Enumerable.Range(0, AdmissionGate.Always), _ => Assert.Null(gate.Enter(1)));
        Assert.NotNull(gate.Enter(1));
    }

    [Fact]
    public void Idle_time_is_not_work_and_a_faster_engine_is_noticed()
    {
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(1)), clock);
        Answer(gate, 200, Slow);
        clock.Pass(TimeSpan.FromHours(1));
        Answer(gate, 400, TimeSpan.FromMilliseconds(1));

        Assert.All(Enumerable.Range(0, 500), _ => Assert.Null(gate.Enter(1)));
        Assert.InRange(gate.Expected.TotalMilliseconds, 500, 700);
    }

    [Fact]
    public void Other_work_takes_a_place_and_is_not_taken_for_a_search()
    {
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(1)), clock);
        Answer(gate, 100, Slow);
        Assert.Null(gate.Enter(0));
        gate.Leave(0);
        for (int i = 0; i < 11; i++)
        {
            Assert.Null(gate.Enter(1));
        }

        Assert.NotNull(gate.Enter(1));
        Assert.Null(gate.Enter(0));
    }

    [Fact]
    public void A_stream_brings_what_leaves_room_for_others()
    {
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(4)), clock);
        Answer(gate, 100, Slow);

        int portion = gate.Portion;

        Assert.Equal(20, portion);
        Assert.Null(gate.Enter(portion));
        Assert.Null(gate.Enter(1));
    }

    /// <summary>Searches one after another.</summary>
    private void Answer(AdmissionGate gate, int searches, TimeSpan each)
    {
        for (int i = 0; i < searches; i++)
        {
            Assert.Null(gate.Enter(1));
            clock.Pass(each);
            gate.Leave(1);
        }
    }
}
