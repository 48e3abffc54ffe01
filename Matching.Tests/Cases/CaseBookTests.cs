using System.Text;
using MatchCluster.Matching.Cases;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;
using static MatchCluster.Matching.Tests.Cases.SomeCases;
using static MatchCluster.Matching.Tests.Governance.SomeAgreements;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Cases;

/// <summary>Searches open cases, and natural persons decide them.</summary>
public sealed class CaseBookTests
{
    [Fact]
    public async Task A_search_with_candidates_opens_a_case_that_holds_what_led_to_it()
    {
        await using SomeCases made = await StartAsync();
        IdentifyAnswer answer = await made.SearchAsync(1);
        Candidate found = Assert.Single(answer.Candidates);

        Case one = (await made.Book.ReadAsync(answer.CaseId!, Anna, default)).Value!.Case;

        Assert.Matches("^C-[0-9A-Z]{26}$", one.Id);
        Assert.Equal(
            (1L, "border-a", "border-entry", "watchlist", answer.Threshold, "calibration-x"),
            (one.Version, one.Partner, one.Purpose, one.Gallery, one.Threshold, one.Calibration));
        Assert.Equal((new AgreementRef("border-a-2026", 1), EngineVersion.Text), (one.Agreement, one.Engine));
        Assert.Equal((Now, Now.AddDays(30)), (one.Opened, one.Expires));
        CaseCandidate kept = Assert.Single(one.Candidates);
        Assert.Equal((1, IdOf(1), found.Score), (kept.Rank, kept.PersonId, kept.Score));
        CaseEncounter encounter = Assert.Single(kept.Encounters);
        Assert.Equal("E1", encounter.EncounterId);
        Assert.Equal(["watchlist"], encounter.Galleries);
        Assert.Equal(
            Samples(1, [2], [], 1).Select(sample => sample.Template.ToArray()),
            (await made.Samples.ReadAsync(one.Id, Now, default))!.Select(sample => sample.Template.ToArray()));
    }

    [Fact]
    public async Task Without_candidates_or_an_agreement_there_is_no_case()
    {
        await using SomeCases made = await StartAsync();

        Assert.Null((await made.SearchAsync(9)).CaseId);
        Assert.Null((await made.SearchAsync(1, Use.Internal)).CaseId);
        Assert.Null((await made.SearchAsync(1, ByBorder with { Partner = "other" })).CaseId);
        Assert.Empty((await made.Store.ReadAllAsync("case", default)));
    }

    [Fact]
    public async Task No_candidate_is_answered_that_nobody_could_decide_about()
    {
        await using SomeCases made = await StartAsync(store: new FullStore());

        IdentifyAnswer answer = await made.SearchAsync(1);

        Assert.Equal(
            (RefusalKind.Unavailable, UseRule.CaseNotKept), (answer.Refusal!.Kind, answer.Refusal.Rule!.Value));
        Assert.Empty(answer.Candidates);
        Assert.Null(answer.CaseId);
    }

    [Fact]
    public async Task Only_two_natural_persons_who_say_same_confirm_a_candidate()
    {
        await using SomeCases made = await StartAsync();
        string id = (await made.SearchAsync(1)).CaseId!;

        Assert.Equal(CaseRefusal.NotAPerson, await made.DecideAsync(id, Anna with { IsPerson = false }));
        Assert.Equal(CaseRefusal.NotAPerson, await made.DecideAsync(id, Use.Internal));
        Assert.Equal(CaseRefusal.NotAPerson, await made.DecideAsync(id, Anna with { Subject = "" }));
        Assert.Null(await made.DecideAsync(id, Anna));
        Assert.Equal(CaseState.Open, await StateAsync(made, id));

        // The person is the same by whatever client and partner she comes.
        Assert.Equal(CaseRefusal.DecidedAlready, await made.DecideAsync(id, Anna));
        Assert.Equal(CaseRefusal.DecidedAlready, await made.DecideAsync(id, Anna, Verdict.Different));
        Assert.Null(await made.DecideAsync(id, Berta));
        Assert.Equal(CaseState.Confirmed, await StateAsync(made, id));
        Assert.Equal(CaseRefusal.Closed, await made.DecideAsync(id, Clara, Verdict.Different));
        Assert.Equal(3, (await made.Store.ReadVersionsAsync("case", id, default)).Count);
    }

    [Fact]
    public async Task A_disagreement_waits_for_a_third_person()
    {
        await using SomeCases made = await StartAsync();
        string id = (await made.SearchAsync(1)).CaseId!;
        Assert.Null(await made.DecideAsync(id, Anna));
        Assert.Null(await made.DecideAsync(id, Berta, Verdict.Different));
        Assert.Equal(CaseState.Open, await StateAsync(made, id));

        Assert.Null(await made.DecideAsync(id, Clara, Verdict.Different));

        Assert.Equal(CaseState.Rejected, await StateAsync(made, id));
        Assert.Null(await made.Samples.ReadAsync(id, Now, default));
    }

    [Fact]
    public async Task Decisions_at_once_are_all_kept_and_a_double_click_counts_once()
    {
        await using SomeCases made = await StartAsync();
        string id = (await made.SearchAsync(1)).CaseId!;

        CaseRefusal?[] results = await Task.WhenAll(
            new[] { Anna, Anna, Berta, Berta, Anna }.Select(who => Task.Run(
                () => made.DecideAsync(id, who, who == Anna ? Verdict.Inconclusive : Verdict.Same))));

        Assert.Equal(2, results.Count(result => result is null));
        Assert.Equal(3, results.Count(result => result == CaseRefusal.DecidedAlready));
        Case one = (await made.Book.ReadAsync(id, Anna, default)).Value!.Case;
        Assert.Equal(
            [("anna", Verdict.Inconclusive), ("berta", Verdict.Same)],
            one.Candidates[0].Decisions.Select(each => (each.Subject, each.Verdict)).Order());
        Assert.Equal(3, one.Version);
    }

    [Fact]
    public async Task Details_are_for_the_owner_until_people_have_confirmed_them()
    {
        await using SomeCases made = await StartAsync();
        string id = (await made.SearchAsync(1)).CaseId!;

        Assert.Equal(CaseRefusal.Unknown, (await made.Book.ReadAsync(id, Person("visa-b", "eva"), default)).Refusal);
        Assert.Equal(CaseRefusal.Unknown, await made.DecideAsync(id, Person("visa-b", "eva")));
        Assert.Equal(CaseRefusal.MayNotDecide, await made.DecideAsync(id, Dora));
        Assert.Equal(CaseRefusal.MayNotDecide, (await made.Book.CompareAsync(id, 1, null, Dora, default)).Refusal);
        Assert.NotNull((await made.Book.CompareAsync(id, 1, null, Anna, default)).Value);

        await made.DecideAsync(id, Anna);
        Assert.Equal(CaseRefusal.MayNotDecide, (await made.Book.CompareAsync(id, 1, null, Dora, default)).Refusal);
        await made.DecideAsync(id, Berta);

        Assert.NotNull((await made.Book.CompareAsync(id, 1, null, Dora, default)).Value);
    }

    [Fact]
    public async Task A_partner_that_was_released_everything_decides_too_while_its_agreement_holds()
    {
        await using SomeCases made = await StartAsync(agreed => agreed with { Release = ReleaseProfile.Full });
        string id = (await made.SearchAsync(1)).CaseId!;
        Assert.Null(await made.DecideAsync(id, Dora));
        await SignAsync(
            made.Agreements, Border with { Release = ReleaseProfile.Full, Phase = AgreementPhase.Suspended });

        Assert.Equal(CaseRefusal.MayNotDecide, await made.DecideAsync(id, Person("border-a", "emma")));
        Assert.Null(await made.DecideAsync(id, Anna));
    }

    [Fact]
    public async Task Who_is_told_of_a_hit_alone_learns_of_candidates_when_they_are_confirmed()
    {
        await using SomeCases made = await StartAsync(agreed => agreed with { Release = ReleaseProfile.Hit });
        string id = (await made.SearchAsync(1)).CaseId!;

        Assert.Empty(await ListedAsync());
        await made.DecideAsync(id, Anna);
        await made.DecideAsync(id, Berta);
        Assert.Single(await ListedAsync());

        async Task<IEnumerable<CaseCandidate>> ListedAsync()
        {
            SeenCase seen = (await made.Book.ReadAsync(id, Dora, default)).Value!;
            return seen.Access.Listed("border-a", seen.Case);
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task Of_a_probe_that_is_not_retained_a_mark_is_kept_and_it_has_to_be_sent_again(
        bool byAgreement, bool keepsProbes)
    {
        await using SomeCases made = await StartAsync(
            agreed => byAgreement ? agreed with { NoRetain = true, Enrol = [] } : agreed, keepsProbes: keepsProbes);
        string id = (await made.SearchAsync(1)).CaseId!;
        IReadOnlyList<Sample> probe = Samples(1, [2], [], 1);

        Assert.Null(await made.Samples.ReadAsync(id, Now, default));
        string stored = Encoding.UTF8.GetString((await made.Store.ReadAsync("case", id, default))!.Json.Span);
        Assert.DoesNotContain(Convert.ToBase64String(probe[0].Template.Span)[..24], stored, StringComparison.Ordinal);
        Assert.Equal(CaseRefusal.ProbeNeeded, await made.DecideAsync(id, Anna));
        Assert.Equal(CaseRefusal.ProbeNeeded, await made.DecideAsync(id, Anna, probe: Samples(2, [2], [], 1)));
        Assert.Equal(CaseRefusal.ProbeNeeded, (await made.Book.CompareAsync(id, 1, null, Anna, default)).Refusal);
        Assert.NotNull((await made.Book.CompareAsync(id, 1, probe, Anna, default)).Value);
        Assert.Null(await made.DecideAsync(id, Anna, probe: probe));
    }

    [Fact]
    public async Task A_case_ends_undecided_and_its_probe_goes()
    {
        await using SomeCases made = await StartAsync();
        string id = (await made.SearchAsync(1)).CaseId!;
        Assert.Null(await made.DecideAsync(id, Anna));
        made.Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, await made.Book.PurgeAsync(default));
        Assert.Equal(CaseState.Open, await StateAsync(made, id));

        made.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(CaseState.Expired, await StateAsync(made, id));
        Assert.False((await made.Book.ReadAsync(id, Anna, default)).Value!.IsProbeKept);
        Assert.Equal(CaseRefusal.Closed, await made.DecideAsync(id, Berta));
        Assert.Equal(1, await made.Book.PurgeAsync(default));
        Assert.Equal(2, (await made.Store.ReadVersionsAsync("case", id, default)).Count);
    }

    [Fact]
    public async Task The_queue_is_read_oldest_first_by_pages_and_by_everybody_who_uses_the_store()
    {
        await using SomeCases made = await StartAsync();
        List<string> ids = [];
        for (int i = 0; i < 5; i++)
        {
            ids.Add((await made.SearchAsync(1 + (i % 2))).CaseId!);
            made.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        CaseBook other = new(made.Store, made.Samples, made.Agreements, Settings, made.Clock);
        Assert.Equal(ids, await PageAsync(other, null, 9));
        await made.DecideAsync(ids[2], Anna);
        await made.DecideAsync(ids[2], Berta);
        ids.Add((await made.SearchAsync(2)).CaseId!);
        foreach (CaseBook book in new[] { made.Book, other })
        {
            Assert.Equal(ids[..2], await PageAsync(book, null, 2));
            Assert.Equal(ids[3..5], await PageAsync(book, ids[1], 2));
            Assert.Equal(ids[3..], await PageAsync(book, ids[2], 9));
            Assert.Empty(await PageAsync(book, ids[^1], 9));
            Assert.Equal(
                CaseRefusal.Invalid, (await book.ListAsync(null, "C-nobody", 9, Anna, default)).Refusal);
            Assert.Empty((await book.ListAsync(null, null, 9, Person("visa-b", "eva"), default)).Value!);
            Assert.Equal(
                [ids[2]],
                (await book.ListAsync(CaseState.Confirmed, null, 9, Dora, default)).Value!.Select(one => one.Case.Id));
        }

        static async Task<IEnumerable<string>> PageAsync(CaseBook book, string? after, int most) =>
            (await book.ListAsync(CaseState.Open, after, most, Anna, default)).Value!.Select(one => one.Case.Id);
    }

    [Fact]
    public async Task The_report_says_who_decided_how_alike_and_how_fast()
    {
        await using SomeCases made = await StartAsync();
        string[] ids = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(
            async _ => (await made.SearchAsync(1)).CaseId!))];
        made.Clock.Advance(TimeSpan.FromHours(1));
        await made.DecideAsync(ids[0], Anna);
        await made.DecideAsync(ids[0], Berta);
        await made.DecideAsync(ids[1], Anna);
        await made.DecideAsync(ids[1], Berta, Verdict.Different);
        await made.DecideAsync(ids[2], Anna, Verdict.Inconclusive);
        made.Clock.Advance(TimeSpan.FromHours(2));
        await made.DecideAsync(ids[1], Clara, Verdict.Different);

        CaseReport report = await made.Book.ReportAsync(null, default);

        Assert.Equal((4, 4, 6), (report.Cases, report.Candidates, report.Decisions));
        Assert.Equal((2, 0, 2), (report.DecidedByPersons, report.DecidedOtherwise, report.Undecided));
        Assert.Equal((2, 1), (report.Seconds, report.SecondsAgreeing));
        Assert.Equal(
            (TimeSpan.FromHours(1), TimeSpan.FromHours(3)), (report.MedianToDecision, report.P95ToDecision));
        Assert.Equal(
            (2, 1, 1, 0),
            (report.States[CaseState.Open], report.States[CaseState.Confirmed], report.States[CaseState.Rejected],
                report.States[CaseState.Expired]));
        Assert.Equal(0, (await made.Book.ReportAsync(Now.AddSeconds(1), default)).Cases);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("two\nlines")]
    public async Task A_decision_has_a_reason(string reason)
    {
        await using SomeCases made = await StartAsync();
        string id = (await made.SearchAsync(1)).CaseId!;
        foreach (string wrong in new[] { reason, new string('x', DecisionRequest.LongestReason + 1) })
        {
            Assert.Equal(CaseRefusal.Invalid, (await made.Book.DecideAsync(
                id, new DecisionRequest(1, Verdict.Same, wrong), Anna, default)).Refusal);
        }

        Assert.Equal(CaseRefusal.Invalid, await made.DecideAsync(id, Anna, rank: 2));
    }

    private static async Task<CaseState> StateAsync(SomeCases made, string id) =>
        (await made.Book.ReadAsync(id, Anna, default)).Value!.State;

    /// <summary>Takes agreements and no case.</summary>
    private sealed class FullStore : IGovernanceStore
    {
        private readonly MemoryGovernanceStore inner = new();

        public ValueTask<long> StampAsync(string kind, CancellationToken cancel) => inner.StampAsync(kind, cancel);

        public ValueTask<IReadOnlyList<GovernanceDocument>> ReadAllAsync(string kind, CancellationToken cancel) =>
            inner.ReadAllAsync(kind, cancel);

        public ValueTask<GovernanceDocument?> ReadAsync(string kind, string key, CancellationToken cancel) =>
            inner.ReadAsync(kind, key, cancel);

        public ValueTask<IReadOnlyList<GovernanceDocument>> ReadVersionsAsync(
            string kind, string key, CancellationToken cancel) => inner.ReadVersionsAsync(kind, key, cancel);

        public ValueTask<bool> WriteAsync(GovernanceDocument document, CancellationToken cancel) =>
            document.Kind == "case" ? throw new StoreException("the disk is full")
                : inner.WriteAsync(document, cancel);
    }
}
