using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Uses;
using Microsoft.Extensions.Time.Testing;
using static MatchCluster.Matching.Tests.Governance.SomeAgreements;

namespace MatchCluster.Matching.Tests.Governance;

/// <summary>One administrator stops an agreement, two let it go on. What is approved is what was read.</summary>
public sealed class SuspensionTests
{
    private readonly MemoryGovernanceStore store = new();
    private readonly Agreements here;
    private readonly Agreements there;

    public SuspensionTests()
    {
        FakeTimeProvider clock = new(Now);
        here = new Agreements(store, clock);
        there = new Agreements(store, clock);
    }

    [Fact]
    public async Task A_suspension_acts_in_every_process_and_ends_by_two()
    {
        await SignAsync(here, Border);
        Assert.Null(await RuleAsync(there));
        Assert.Null((await here.SuspendAsync(Border.Id, "misuse is suspected", "anna", default)).Refusal);
        Assert.Equal(UseRule.AgreementSuspended, await RuleAsync(there));
        await SignAsync(here, Border with { MaxCandidates = 9 });
        Assert.Equal(UseRule.AgreementSuspended, await RuleAsync(there));

        SignedResult resumed = await there.ProposeResumptionAsync(Border.Id, "it was none", "anna", default);
        Assert.Equal(RefusalKind.Conflict, (await ApproveAsync(resumed.Version, "anna")).Refusal?.Kind);
        Assert.Equal(UseRule.AgreementSuspended, await RuleAsync(here));
        Assert.Null((await ApproveAsync(resumed.Version, "berta")).Refusal);
        Assert.Null(await RuleAsync(here));
        Assert.Null(await RuleAsync(there));
    }

    [Fact]
    public async Task Another_suspension_voids_the_end_that_was_proposed()
    {
        await SignAsync(here, Border);
        await here.SuspendAsync(Border.Id, "one", "anna", default);
        SignedResult resumed = await here.ProposeResumptionAsync(Border.Id, "none", "anna", default);
        await here.SuspendAsync(Border.Id, "another", "clara", default);
        Assert.Equal(RefusalKind.Unknown, (await ApproveAsync(resumed.Version, "berta")).Refusal?.Kind);
        Assert.Empty(await here.Suspensions.ReadProposalsAsync(default));
        Assert.Equal(UseRule.AgreementSuspended, await RuleAsync(here));
    }

    [Fact]
    public async Task Suspensions_at_the_same_moment_all_hold()
    {
        await SignAsync(here, Border);
        SignedResult[] all = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Run(async () =>
            await (number % 2 == 0 ? here : there).SuspendAsync(Border.Id, "now", $"person-{number}", default))));
        Assert.All(all, one => Assert.Null(one.Refusal));
        Assert.Equal(
            [1L, 2L, 3L, 4L],
            (await here.Suspensions.ReadVersionsAsync(Border.Id, default)).Select(one => one.Version));
    }

    [Fact]
    public async Task What_is_no_suspension_is_refused()
    {
        Assert.Equal(
            RefusalKind.Unknown, (await here.SuspendAsync("nothing", "why", "anna", default)).Refusal?.Kind);
        await SignAsync(here, Border);
        Assert.Equal(RefusalKind.Invalid, (await here.SuspendAsync(Border.Id, "", "anna", default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Invalid, (await here.SuspendAsync(Border.Id, "why", "", default)).Refusal?.Kind);
        Assert.Equal(
            RefusalKind.Conflict,
            (await here.ProposeResumptionAsync(Border.Id, "why", "anna", default)).Refusal?.Kind);
        Assert.Null(await RuleAsync(here));
    }

    [Fact]
    public async Task A_proposal_that_took_the_place_of_another_is_not_approved_for_it()
    {
        await here.Partners.ProposeAsync(Border, "anna", default);
        string read = here.Partners.DigestOf((await here.Partners.ReadProposalAsync(Border.Id, default))!);
        await here.Partners.ProposeAsync(Border with { Search = ["ALL"] }, "anna", default);
        SignedResult approved = await here.Partners.ApproveAsync(Border.Id, 1, read, "berta", default);
        Assert.Equal(RefusalKind.Conflict, approved.Refusal?.Kind);
        Assert.Null(await here.Partners.ReadAsync(Border.Id, default));

        string now = there.Partners.DigestOf((await there.Partners.ReadProposalAsync(Border.Id, default))!);
        Assert.Null((await there.Partners.ApproveAsync(Border.Id, 1, now, "berta", default)).Refusal);
        Assert.Equal(
            RefusalKind.Conflict,
            (await here.Partners.ProposeAsync(Border, 0, "anna", default)).Refusal?.Kind);
        Assert.Equal(2, (await here.Partners.ProposeAsync(Border, 1, "anna", default)).Version);
    }

    private ValueTask<SignedResult> ApproveAsync(long version, string administrator) =>
        here.Suspensions.ApproveAsync(Border.Id, version, administrator, default);

    private static async Task<UseRule?> RuleAsync(Agreements agreements) => (await agreements.DecideAsync(
        ByBorder, UseRequest.Of(Operation.Identify, "watchlist"), default)).Refusal?.Rule;
}
