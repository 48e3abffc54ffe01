using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Uses;
using static MatchCluster.Matching.Tests.Governance.SomeAgreements;

namespace MatchCluster.Matching.Tests.Governance;

/// <summary>What an agreement allows and for which reason it does not.</summary>
public sealed class AgreementBookTests
{
    private static readonly UseRequest Search =
        UseRequest.Of(Operation.Identify, "watchlist") with { Modalities = [Modality.Finger] };

    /// <summary>Each row changes one thing of a search that is allowed.</summary>
    public static TheoryData<string> Rows { get; } = [.. Table.Keys];

    private static Dictionary<string, (UseRule? Rule, Func<Agreement, Agreement> Agreed, Use By, UseRequest Asked)>
        Table => new()
        {
            ["a search that is agreed"] = (null, same => same, ByBorder, Search),
            ["enrolment in the own gallery"] = (null, same => same, ByBorder, Of(Operation.Enrol, "own-a")),
            ["enrolment in another's gallery that is granted"] = (
                null, same => same, ByBorder, Of(Operation.Enrol, "visa-b")),
            ["reading the own gallery"] = (null, same => same, ByBorder, Of(Operation.ReadGallery, "own-a")),
            ["deletion in a gallery that is administered"] = (
                null, agreed => agreed with { Administer = ["prison-d"] }, ByBorder, Of(Operation.Delete, "prison-d")),
            ["a purpose that is the only one"] = (
                null, agreed => agreed with { Purposes = ["visa"] }, ByBorder with { Purpose = null }, Search),
            ["a test in the pilot phase"] = (
                null, agreed => agreed with { Phase = AgreementPhase.Pilot }, ByBorder with { Purpose = "test" },
                Search),
            ["nobody calls"] = (UseRule.CallerNotStated, same => same, Use.Unstated, Search),
            ["a partner without an agreement"] = (
                UseRule.NoAgreement, same => same, ByBorder with { Partner = "other" }, Search),
            ["an agreement of another name"] = (
                UseRule.NoAgreement, same => same, ByBorder with { Agreement = "border-b-2026" }, Search),
            ["purpose missing"] = (UseRule.PurposeMissing, same => same, ByBorder with { Purpose = null }, Search),
            ["purpose unknown"] = (
                UseRule.PurposeUnknown, same => same, ByBorder with { Purpose = "curiosity" }, Search),
            ["purpose not granted"] = (
                UseRule.PurposeNotGranted, same => same, ByBorder with { Purpose = "asylum" }, Search),
            ["gallery not granted"] = (
                UseRule.GalleryNotGranted, same => same, ByBorder, Of(Operation.Identify, "prison-d")),
            ["all galleries where one is granted"] = (
                UseRule.GalleryNotGranted, same => same, ByBorder, Of(Operation.Identify, AgreementBook.AllGalleries)),
            ["expired"] = (
                UseRule.AgreementExpired, agreed => agreed with { ValidTo = Now }, ByBorder, Search),
            ["not yet valid"] = (
                UseRule.AgreementNotYetValid, agreed => agreed with { ValidFrom = Now.AddSeconds(1) }, ByBorder,
                Search),
            ["suspended"] = (
                UseRule.AgreementSuspended, agreed => agreed with { Phase = AgreementPhase.Suspended }, ByBorder,
                Search),
            ["another purpose in the pilot phase"] = (
                UseRule.AgreementInPilot, agreed => agreed with { Phase = AgreementPhase.Pilot }, ByBorder, Search),
            ["threshold below"] = (
                UseRule.ThresholdTooLow, same => same, ByBorder, Search with { Threshold = 39.9 }),
            ["modality"] = (
                UseRule.ModalityNotGranted, same => same, ByBorder,
                Search with { Modalities = [Modality.Finger, Modality.Iris] }),
            ["enrolment in a gallery of another owner"] = (
                UseRule.GalleryOfAnotherOwner, same => same, ByBorder, Of(Operation.Enrol, "prison-d")),
            ["enrolment in a gallery that is searched"] = (
                UseRule.GalleryOfAnotherOwner, same => same, ByBorder, Of(Operation.Enrol, "watchlist")),
            ["enrolment in a gallery of nobody"] = (
                UseRule.GalleryNotGranted, same => same, ByBorder, Of(Operation.Enrol, "new")),
            ["one gallery of two"] = (
                UseRule.GalleryOfAnotherOwner, same => same, ByBorder,
                new UseRequest(Operation.Enrol, ["own-a", "prison-d"])),
            ["deletion by a non-owner"] = (
                UseRule.NotOwner, same => same, ByBorder, Of(Operation.Delete, "watchlist")),
            ["reading who is in another's gallery"] = (
                UseRule.GalleryNotGranted, same => same, ByBorder, Of(Operation.ReadGallery, "watchlist")),
            ["priority above the cap"] = (
                UseRule.PriorityTooHigh, same => same, ByBorder with { Priority = 6 }, Search),
            ["explaining without full release"] = (
                UseRule.ReleaseTooSmall, same => same, ByBorder, Of(Operation.Explain, "watchlist")),
        };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_rule_has_its_reason(string row)
    {
        var (rule, agreed, by, asked) = Table[row];
        UseDecision decision = new AgreementBook([agreed(Border)], Policies).Decide(by, asked, Now);

        Assert.Equal(rule, decision.Refusal?.Rule);
        Assert.Equal(rule is null ? null : RefusalKind.Forbidden, decision.Refusal?.Kind);

        // One that refused is named too: the audit log says which it was.
        Assert.Equal(rule is UseRule.CallerNotStated or UseRule.NoAgreement, decision.Agreement is null);
        Assert.DoesNotContain("curiosity", decision.Refusal?.Reason ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_allowed_is_limited_as_agreed()
    {
        UseDecision decision = Decide(ByBorder with { NoRetain = true, AtMost = ReleaseProfile.Hit }, Search);

        Assert.Equal((40, 3, "border-entry"), (decision.MinThreshold, decision.MaxCandidates, decision.Purpose));
        Assert.Equal((ReleaseProfile.Hit, true), (decision.Release, decision.NoRetain));
        Assert.Equal(new AgreementRef("border-a-2026", 0), decision.Agreement);
        Assert.Equal(["own-a"], Decide(ByBorder, UseRequest.Of(Operation.Read)).Galleries!.Order());
        Assert.Equal(
            ["own-a", "visa-b", "watchlist"],
            Decide(ByBorder, UseRequest.Of(Operation.ListGalleries)).Galleries!.Order());
        Assert.Equal(
            ReleaseProfile.Scores, Decide(ByBorder with { AtMost = ReleaseProfile.Full }, Search).Release);
    }

    [Fact]
    public void Whoever_may_read_a_gallery_has_anybody_of_it_explained_and_others_candidates_alone()
    {
        AgreementBook book = new(
            [Border with { Release = ReleaseProfile.Full, Search = ["watchlist", "own-a", "ALL"] }], Policies);
        Assert.Equal(0, book.Decide(ByBorder, Of(Operation.Explain, "own-a"), Now).MinThreshold);
        Assert.Equal(40, book.Decide(ByBorder, Of(Operation.Explain, "watchlist"), Now).MinThreshold);
        Assert.Equal(40, book.Decide(ByBorder, Of(Operation.Explain, "ALL"), Now).MinThreshold);
        Assert.Equal(40, book.Decide(ByBorder, Of(Operation.Identify, "own-a"), Now).MinThreshold);
    }

    [Fact]
    public void Of_several_agreements_the_first_that_allows_it_counts_and_the_nearest_gives_the_reason()
    {
        Agreement visa = Border with { Id = "a-visa", Purposes = ["visa"], Search = ["visa-b"], MaxCandidates = 7 };
        AgreementBook book = new([Border, visa], Policies);

        Assert.Equal(
            7, book.Decide(ByBorder with { Purpose = "visa" }, Of(Operation.Identify, "visa-b"), Now).MaxCandidates);
        Assert.Equal(3, book.Decide(ByBorder, Search, Now).MaxCandidates);
        Assert.Equal(
            UseRule.GalleryNotGranted,
            book.Decide(ByBorder with { Purpose = "visa" }, Of(Operation.Identify, "prison-d"), Now).Refusal!.Rule);
    }

    [Fact]
    public void What_is_kept_expires_after_the_shortest_time_that_anybody_says()
    {
        AgreementBook book = new(
            [Border with { RetentionDays = 30 }],
            [new() { Id = "own-a", Owner = "border-a", RetentionDays = 10 }, .. Policies[1..]]);

        Assert.Equal(10, book.Decide(ByBorder, Of(Operation.Enrol, "own-a"), Now).RetentionDays);
        Assert.Equal(30, book.Decide(ByBorder, Of(Operation.Enrol, "visa-b"), Now).RetentionDays);
        Assert.Null(Decide(ByBorder, Of(Operation.Enrol, "visa-b")).RetentionDays);
    }

    [Theory]
    [InlineData("ends before it begins", "validTo")]
    [InlineData("no purpose", "purposes")]
    [InlineData("a purpose of no list", "purposes")]
    [InlineData("all galleries to enrol in", "enrol")]
    [InlineData("a threshold that is none", "minThreshold")]
    [InlineData("a pilot without tests", "phase")]
    [InlineData("nothing retained and enrolment", "noRetain")]
    [InlineData("no legal basis", "legalBasis")]
    [InlineData("a partner with a blank", "partner")]
    public void Fields_that_contradict_each_other_are_named(string what, string field)
    {
        Agreement wrong = what switch
        {
            "ends before it begins" => Border with { ValidTo = Border.ValidFrom },
            "no purpose" => Border with { Purposes = [] },
            "a purpose of no list" => Border with { Purposes = ["curiosity"] },
            "all galleries to enrol in" => Border with { Enrol = [AgreementBook.AllGalleries] },
            "a threshold that is none" => Border with { MinThreshold = double.NaN },
            "a pilot without tests" => Border with { Phase = AgreementPhase.Pilot, Purposes = ["visa"] },
            "nothing retained and enrolment" => Border with { NoRetain = true },
            "no legal basis" => Border with { LegalBasis = "" },
            _ => Border with { Partner = "border a" },
        };

        Assert.StartsWith(field + ":", AgreementRules.Check(wrong), StringComparison.Ordinal);
        Assert.Null(AgreementRules.Check(Border));
    }

    private static UseRequest Of(Operation operation, string gallery) => UseRequest.Of(operation, gallery);

    private static UseDecision Decide(Use use, UseRequest asked) =>
        new AgreementBook([Border], Policies).Decide(use, asked, Now);
}
