using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Searching;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using Microsoft.Extensions.Time.Testing;

namespace MatchCluster.Api.Tests.Http;

public sealed class AdmissionGateTests
{
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(100);

    private static readonly Priority Top = Priority.Highest;
    private static readonly Priority Low = new(0);

    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void Places_are_counted_and_come_back()
    {
        AdmissionGate gate = new(new Admission(2, TimeSpan.FromSeconds(1)), clock);
        Assert.Null(gate.Enter(1, Top));
        Assert.Null(gate.Enter(0, Top));

        Failure full = gate.Enter(1, Top)!;

        Assert.Equal(FailureCode.Overloaded, full.Code);
        Assert.Contains("2 searches", full.Message, StringComparison.Ordinal);
        gate.Leave(0, Top, Told.InFull);
        Assert.Null(gate.Enter(1, Top));
        Assert.Equal(2, gate.Inside);
    }

    [Fact]
    public void Whoever_would_wait_longer_than_the_patience_is_refused_and_told_when_to_come_back()
    {
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(1)), clock);
        Answer(gate, 100, Slow);

        int inside = 0;
        Failure? refused;
        while ((refused = gate.Enter(1, Top)) is null)
        {
            inside++;
        }

        Assert.Equal(11, inside); // one more than ten make a second
        Assert.Contains("about 1.1 s", refused.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.RetryAfter);
        Assert.Equal(1100, gate.Expected.TotalMilliseconds, 0.001);

        clock.Advance(Slow);
        gate.Leave(1, Top, Told.InFull);
        Assert.Null(gate.Enter(1, Top));
    }

    [Fact]
    public void A_pass_worth_of_searches_gets_in_however_slow_they_are()
    {
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(1)), clock);
        Answer(gate, 10, TimeSpan.FromSeconds(30));

        Assert.All(Enumerable.Range(0, AdmissionGate.Always), _ => Assert.Null(gate.Enter(1, Top)));
        Assert.NotNull(gate.Enter(1, Top));
    }

    [Fact]
    public void Idle_time_is_not_work_and_a_faster_engine_is_noticed()
    {
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(1)), clock);
        Answer(gate, 200, Slow);
        clock.Advance(TimeSpan.FromHours(1));
        Answer(gate, 400, TimeSpan.FromMilliseconds(1));

        Assert.All(Enumerable.Range(0, 500), _ => Assert.Null(gate.Enter(1, Top)));
        Assert.InRange(gate.Expected.TotalMilliseconds, 500, 700);
    }

    [Fact]
    public void Other_work_takes_a_place_and_is_not_taken_for_a_search()
    {
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(1)), clock);
        Answer(gate, 100, Slow);
        Assert.Null(gate.Enter(0, Top));
        gate.Leave(0, Top, Told.InFull);
        for (int i = 0; i < 11; i++)
        {
            Assert.Null(gate.Enter(1, Top));
        }

        Assert.NotNull(gate.Enter(1, Top));
        Assert.Null(gate.Enter(0, Top));
    }

    [Fact]
    public void A_stream_brings_what_leaves_room_for_others()
    {
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(4)), clock);
        Answer(gate, 100, Slow);

        int portion = gate.PortionFor(Top).Cost;

        Assert.Equal(20, portion);
        Assert.Null(gate.Enter(portion, Top));
        Assert.Null(gate.Enter(1, Top));
    }

    [Fact]
    public void Low_priority_is_refused_first_and_does_not_stand_before_high()
    {
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(1)), clock);
        Answer(gate, 100, Slow, Low);

        Assert.Equal(11, Fill(gate, Low));
        Assert.Equal(11, Fill(gate, Priority.Default));
        Assert.Equal(11, Fill(gate, Top));

        Assert.Equal([11, 0, 0, 0, 0, 11, 0, 0, 0, 11], gate.ByPriority);
        string said = gate.Enter(1, Low)!.Message;
        Assert.Contains("33 searches of priority 0 and above", said, StringComparison.Ordinal);
        Assert.Equal(3300, gate.Expected.TotalMilliseconds, 0.001);
    }

    [Fact]
    public void Low_priority_leaves_places_to_high()
    {
        AdmissionGate gate = new(new Admission(18, TimeSpan.FromHours(1)), clock);
        Assert.Equal(9, Fill(gate, Low));
        Assert.Equal(5, Fill(gate, Priority.Default));
        Assert.Equal(4, Fill(gate, Top));
        Assert.NotNull(gate.Enter(0, Top));
    }

    [Fact]
    public void What_higher_priorities_take_of_the_time_makes_the_wait_of_low_ones_longer()
    {
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(4)), clock);
        for (int i = 0; i < 200; i++)
        {
            Answer(gate, 1, Slow, i % 2 == 0 ? Top : Low);
        }

        Assert.InRange(gate.PortionFor(Low).Cost, 9, 11); // half of 4 s at 100 ms and half of the time
        Assert.Equal(20, gate.PortionFor(Top).Cost);
        Assert.InRange(Fill(gate, Low), 20, 21);
    }

    [Fact]
    public void An_engine_that_is_idle_half_the_time_has_more_of_it_for_low_priorities()
    {
        AdmissionGate busy = new(new Admission(1000, TimeSpan.FromSeconds(8)), clock);
        Answer(busy, 300, Slow, Top);
        Assert.InRange(Fill(busy, Low), 10, 11); // an eighth of the turns is theirs

        AdmissionGate idle = new(new Admission(1000, TimeSpan.FromSeconds(8)), clock);
        Answer(idle, 300, Slow, Top);
        clock.Advance(TimeSpan.FromDays(1));
        Assert.Null(idle.Enter(1, Low)); // a day counts no more than the work before it

        Assert.InRange(Fill(idle, Low) + 1, 40, 41);
    }

    [Fact]
    public void Far_dearer_searches_leave_half_of_the_patience_and_do_not_keep_usual_ones_out()
    {
        SearchLoad dear = SearchLoad.Of(samples: 6, exhaustive: true, swappedHands: true);
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(2)), clock);
        Assert.True(dear.IsLarge);
        for (int i = 0; i < 100; i++)
        {
            Assert.Null(gate.Enter(dear, Top));
            clock.Advance(Slow);
            gate.Leave(dear, Top, Told.InFull);
        }

        int inside = 0;
        while (gate.Enter(dear, Top) is null)
        {
            inside++;
        }

        Assert.Equal(11, inside); // one more than ten make half of two seconds
        Assert.Null(gate.Enter(SearchLoad.Of(2, false, false), Low));
        Assert.Equal(12, gate.Inside);
    }

    [Fact]
    public void A_search_counts_as_much_as_it_costs()
    {
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(1)), clock);
        Answer(gate, 100, Slow);
        SearchLoad ten = SearchLoad.Of(samples: 10, exhaustive: false, swappedHands: false);

        int inside = 0;
        while (gate.Enter(ten, Top) is null)
        {
            inside++;
        }

        Assert.Equal(AdmissionGate.Always, inside); // one of them is a second of work
        Assert.Equal(8000, gate.Expected.TotalMilliseconds, 0.001);
        Assert.False(ten.IsLarge);
    }

    [Fact]
    public void Calls_that_take_no_turn_meet_the_patience_by_what_is_before_them()
    {
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(1)), clock);
        for (int i = 0; i < 100; i++)
        {
            Assert.Null(gate.Enter(SearchLoad.Call, Top));
            clock.Advance(Slow);
            gate.Leave(SearchLoad.Call, Top, Told.InFull);
        }

        int inside = 0;
        Failure? refused;
        while ((refused = gate.Enter(SearchLoad.Call, Top)) is null)
        {
            inside++;
        }

        Assert.Equal(11, inside);
        Assert.Contains("11 comparisons", refused.Message, StringComparison.Ordinal);
        Assert.Null(gate.Enter(1, Top));
    }

    [Fact]
    public void Searches_that_waited_for_somebody_who_is_not_there_do_not_make_the_others_dearer()
    {
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(1)), clock);
        Answer(gate, 200, TimeSpan.FromMilliseconds(10));

        // Twelve at once learn together that a silo is silent; what there is of the gallery took them 120 ms.
        TimeSpan silence = TimeSpan.FromMilliseconds(850);
        for (int i = 0; i < 12; i++)
        {
            Assert.Null(gate.Enter(1, Top));
        }

        clock.Advance(TimeSpan.FromMilliseconds(120) + silence);
        for (int i = 0; i < 12; i++)
        {
            gate.Leave(1, Top, new Told(true, silence));
        }

        Assert.InRange(Fill(gate, Top), 95, 110);
    }

    [Fact]
    public void Searches_that_looked_at_nobody_do_not_make_the_others_cheaper()
    {
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(1)), clock);
        Answer(gate, 200, Slow);
        for (int i = 0; i < 200; i++)
        {
            Assert.Null(gate.Enter(1, Top));
            clock.Advance(TimeSpan.FromMilliseconds(1));
            gate.Leave(1, Top, Told.Nothing);
        }

        Assert.Equal(11, Fill(gate, Top));
    }

    [Fact]
    public void What_is_refused_in_between_takes_no_time_off_the_work_that_goes_on()
    {
        AdmissionGate gate = new(new Admission(1000, TimeSpan.FromSeconds(1)), clock);
        for (int i = 0; i < 200; i++)
        {
            Assert.Null(gate.Enter(1, Top));
            clock.Advance(Slow / 2);
            Assert.Null(gate.Enter(1, Top));
            gate.Leave(1, Top, Told.Nothing);
            clock.Advance(Slow / 2);
            gate.Leave(1, Top, Told.InFull);
        }

        Assert.Equal(11, Fill(gate, Top));
    }

    [Fact]
    public void Who_does_not_wait_for_the_answer_and_what_is_refused_on_the_way_measure_nothing()
    {
        using CancellationTokenSource gone = new();
        gone.Cancel();
        SearchBudget left = SearchBudget.Of(TimeSpan.FromSeconds(10), clock, gone.Token);
        SearchBudget waits = SearchBudget.Of(TimeSpan.FromSeconds(10), clock, CancellationToken.None);
        SearchBudget spent = SearchBudget.Of(TimeSpan.Zero, clock, gone.Token);
        IdentifyAnswer[] answers = [Answer(searched: 1)];

        Assert.Equal(Told.Nothing, Told.Of(answers, left));
        Assert.Equal(Told.InFull, Told.Of(answers, waits));
        Assert.Equal(Told.InFull, Told.Of([Answer(searched: 0)], spent));
        Assert.Equal(Told.Nothing, Told.OfCall(isAnswered: true, left));
        Assert.Equal(Told.Nothing, Told.OfCall(isAnswered: false, waits));
        Assert.Equal(Told.InFull, Told.OfCall(isAnswered: true, waits));
        Assert.Equal(Told.InFull, Told.OfCall(isAnswered: false, spent));
    }

    private static IdentifyAnswer Answer(long searched) => new()
    {
        Coverage = new Coverage
        {
            PartitionsAsked = 1,
            PartitionsAnswered = 1,
            IdentitiesHeld = 1,
            IdentitiesSearched = searched,
            IdentitiesComparable = 1,
        },
    };

    /// <summary>Searches that are let in until one is refused.</summary>
    private static int Fill(AdmissionGate gate, Priority priority)
    {
        int inside = 0;
        while (gate.Enter(1, priority) is null)
        {
            inside++;
        }

        return inside;
    }

    /// <summary>Searches one after another.</summary>
    private void Answer(AdmissionGate gate, int searches, TimeSpan each, Priority? priority = null)
    {
        for (int i = 0; i < searches; i++)
        {
            Assert.Null(gate.Enter(1, priority ?? Top));
            clock.Advance(each);
            gate.Leave(1, priority ?? Top, Told.InFull);
        }
    }
}
