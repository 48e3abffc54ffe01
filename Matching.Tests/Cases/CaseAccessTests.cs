using MatchCluster.Matching.Cases;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Uses;
using static MatchCluster.Matching.Tests.Governance.SomeAgreements;

namespace MatchCluster.Matching.Tests.Cases;

/// <summary>What agreements let a partner see of a case, and decide.</summary>
public sealed class CaseAccessTests
{
    /// <summary>One person who is on the watchlist and in a gallery of visa-b; border-a found both.</summary>
    private static readonly CaseCandidate Shared = new()
    {
        Rank = 1,
        PersonId = "P",
        Score = 90,
        Encounters =
        [
            new CaseEncounter("E-police", ["watchlist"]), new CaseEncounter("E-visa", ["visa-b"]),
            new CaseEncounter("E-both", ["visa-b", "watchlist"]),
        ],
    };

    private static readonly Case Searched = new()
    {
        Id = "C-1",
        Opened = Now,
        Expires = Now.AddDays(30),
        Partner = "border-a",
        Agreement = new AgreementRef("border-a-2026", 1),
        Gallery = AgreementBook.AllGalleries,
        Release = ReleaseProfile.Full,
        Threshold = 40,
        Engine = "engine",
        Calibration = "calibration",
        Candidates = [Shared],
    };

    [Fact]
    public void An_owner_sees_the_encounters_of_its_own_galleries_and_who_searched_all_that_it_found()
    {
        CaseAccess access = new(new AgreementBook([Border], Policies), Now);

        Assert.Equal(["E-police", "E-both"], Seen(access, "police-c"));
        Assert.Equal(["E-visa", "E-both"], Seen(access, "visa-b"));
        Assert.Equal(["E-police", "E-visa", "E-both"], Seen(access, "border-a"));
        Assert.Empty(Seen(access, "prison-d"));
    }

    [Fact]
    public void Nobody_decides_by_an_agreement_that_one_administrator_has_suspended()
    {
        Agreement steward = Border with
        {
            Id = "steward",
            Partner = "steward-e",
            Administer = ["watchlist"],
            Enrol = [],
        };
        CaseAccess before = new(new AgreementBook([Border, steward], Policies), Now);
        CaseAccess after = new(new AgreementBook([Border, steward], Policies, ["border-a-2026", "steward"]), Now);

        Assert.True(before.MayDecide("border-a", Searched, Shared));
        Assert.False(after.MayDecide("border-a", Searched, Shared));
        Assert.True(before.Sees("steward-e", Searched));
        Assert.False(after.Sees("steward-e", Searched));
        Assert.True(after.MayDecide("police-c", Searched, Shared));
    }

    [Fact]
    public void Who_searched_sees_nothing_more_of_candidates_when_its_agreement_is_suspended_or_none_holds()
    {
        Agreement next = Border with { Id = "next", ValidFrom = Border.ValidTo, ValidTo = Border.ValidTo.AddDays(9) };
        Case confirmed = Searched with
        {
            Release = ReleaseProfile.Hit,
            Candidates =
            [
                Shared with
                {
                    Decisions =
                    [
                        new CaseDecision(Verdict.Same, "alike", "police-c", "anna", Now),
                        new CaseDecision(Verdict.Same, "alike", "police-c", "berta", Now),
                    ],
                },
            ],
        };
        foreach (Case one in (Case[])[Searched, confirmed])
        {
            Assert.Equal((1, true), Shown(new CaseAccess(new AgreementBook([Border], Policies), Now), one));
            Assert.Equal((0, false), Shown(
                new CaseAccess(new AgreementBook([Border], Policies, ["border-a-2026"]), Now), one));
            Assert.Equal((0, false), Shown(
                new CaseAccess(new AgreementBook([Border], Policies), Border.ValidTo), one));

            // The agreement has ended and another one follows it.
            Assert.Equal((1, true), Shown(
                new CaseAccess(new AgreementBook([Border, next], Policies), Border.ValidTo), one));
            Assert.Equal((0, false), Shown(
                new CaseAccess(new AgreementBook([Border, next], Policies, ["border-a-2026"]), Border.ValidTo), one));
        }

        static (int, bool) Shown(CaseAccess access, Case one) => (
            access.Listed("border-a", one).Count(), access.SeesDetails("border-a", one, one.Candidates[0]));
    }

    private static IEnumerable<string> Seen(CaseAccess access, string partner) =>
        access.EncountersOf(partner, Searched, Shared).Select(encounter => encounter.EncounterId);
}
