using MatchCluster.Matching.Cases;

namespace MatchCluster.Matching.Tests.Cases;

/// <summary>What follows from what people decided about one candidate.</summary>
public sealed class CaseStateTests
{
    /// <summary>Every sequence of at most three verdicts, S, D and I, with its state.</summary>
    public static TheoryData<string, CandidateState> Sequences => new()
    {
        { "", CandidateState.Open },
        { "S", CandidateState.Open }, { "D", CandidateState.Open }, { "I", CandidateState.Open },
        { "SS", CandidateState.Confirmed }, { "SD", CandidateState.Open }, { "SI", CandidateState.Open },
        { "DS", CandidateState.Open }, { "DD", CandidateState.Rejected }, { "DI", CandidateState.Open },
        { "IS", CandidateState.Open }, { "ID", CandidateState.Open }, { "II", CandidateState.Open },
        { "SDS", CandidateState.Confirmed }, { "SDD", CandidateState.Rejected }, { "SDI", CandidateState.Open },
        { "SIS", CandidateState.Confirmed }, { "SID", CandidateState.Open }, { "SII", CandidateState.Open },
        { "DSS", CandidateState.Confirmed }, { "DSD", CandidateState.Rejected }, { "DSI", CandidateState.Open },
        { "DIS", CandidateState.Open }, { "DID", CandidateState.Rejected }, { "DII", CandidateState.Open },
        { "ISS", CandidateState.Confirmed }, { "ISD", CandidateState.Open }, { "ISI", CandidateState.Open },
        { "IDS", CandidateState.Open }, { "IDD", CandidateState.Rejected }, { "IDI", CandidateState.Open },
        { "IIS", CandidateState.Open }, { "IID", CandidateState.Open }, { "III", CandidateState.Open },
    };

    [Theory]
    [MemberData(nameof(Sequences))]
    public void Two_who_agree_settle_a_candidate_and_nothing_else_does(string verdicts, CandidateState expected) =>
        Assert.Equal(expected, CaseStates.Of(verdicts.Select(Read)));

    [Fact]
    public void The_table_has_every_sequence_that_can_come_about()
    {
        // A candidate takes no third verdict once two agree.
        string[] all =
        [
            "",
            .. from a in "SDI" select $"{a}",
            .. from a in "SDI" from b in "SDI" select $"{a}{b}",
            .. from a in "SDI" from b in "SDI" from c in "SDI" where a != b || a == 'I' select $"{a}{b}{c}",
        ];
        Assert.Equal(all.Order(), Sequences.Select(row => (string)row[0]).Order());
    }

    [Fact]
    public void No_later_verdict_changes_what_two_have_settled()
    {
        Assert.Equal(CandidateState.Confirmed, CaseStates.Of("SSDD".Select(Read)));
        Assert.Equal(CandidateState.Rejected, CaseStates.Of("DSDS".Select(Read)));
    }

    [Fact]
    public void A_random_name_has_all_its_bits()
    {
        Assert.Equal("C-00000000000000000000000000", CaseIds.Of(new byte[16]));
        Assert.Equal("C-7ZZZZZZZZZZZZZZZZZZZZZZZZZ", CaseIds.Of([.. Enumerable.Repeat((byte)255, 16)]));
        Assert.Equal(28, CaseIds.New().Length);
        Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => CaseIds.New()).Distinct().Count());
    }

    private static Verdict Read(char verdict) => verdict switch
    {
        'S' => Verdict.Same,
        'D' => Verdict.Different,
        _ => Verdict.Inconclusive,
    };
}
