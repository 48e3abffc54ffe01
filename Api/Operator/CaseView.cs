using MatchCluster.Matching.Cases;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Operator;

/// <summary>What a caller sees of cases: what its partner may, and nobody's decision before the own.</summary>
internal static class CaseView
{
    public static CaseEntry EntryOf(SeenCase seen, Use use) => new()
    {
        Id = seen.Case.Id,
        State = seen.State,
        Opened = seen.Case.Opened,
        Expires = seen.Case.Expires,
        Partner = seen.Case.Partner,
        Purpose = seen.Case.Purpose,
        Gallery = seen.Case.Gallery,
        Candidates = seen.Access.Listed(use.Partner, seen.Case).Count(),
        ForYou = [.. seen.Case.Candidates.Where(one => IsFor(use, seen, one)).Select(one => one.Rank)],
    };

    public static CaseDetails DetailsOf(SeenCase seen, Use use) => new()
    {
        Id = seen.Case.Id,
        Version = seen.Case.Version,
        State = seen.State,
        Opened = seen.Case.Opened,
        Expires = seen.Case.Expires,
        Partner = seen.Case.Partner,
        Agreement = seen.Case.Agreement,
        Purpose = seen.Case.Purpose,
        Gallery = seen.Case.Gallery,
        Threshold = seen.Case.Threshold,
        Engine = seen.Case.Engine,
        Calibration = seen.Case.Calibration,
        Probe = seen.Case.Probe is not null ? ProbePlace.SendAgain
            : seen.IsProbeKept ? ProbePlace.Kept : ProbePlace.Gone,
        Candidates = [.. seen.Access.Listed(use.Partner, seen.Case).Select(one => Of(one, seen, use))],
    };

    public static CaseReportAnswer Of(CaseReport report) => new()
    {
        Cases = report.Cases,
        Open = report.States[CaseState.Open],
        Confirmed = report.States[CaseState.Confirmed],
        Rejected = report.States[CaseState.Rejected],
        Expired = report.States[CaseState.Expired],
        Candidates = report.Candidates,
        DecidedByPersons = report.DecidedByPersons,
        DecidedByPrograms = report.DecidedOtherwise,
        AutomatedShare = Share(report.DecidedOtherwise, report.DecidedByPersons + report.DecidedOtherwise),
        Undecided = report.Undecided,
        Decisions = report.Decisions,
        SecondDecisions = report.Seconds,
        AgreementRate = Share(report.SecondsAgreeing, report.Seconds),
        MedianHoursToDecision = report.MedianToDecision?.TotalHours,
        P95HoursToDecision = report.P95ToDecision?.TotalHours,
    };

    private static double? Share(int some, int all) => all == 0 ? null : some / (double)all;

    private static CaseCandidateDetails Of(CaseCandidate one, SeenCase seen, Use use)
    {
        CandidateState state = CaseStates.Of(one);
        bool seesDetails = seen.Access.SeesDetails(use.Partner, seen.Case, one);
        return new CaseCandidateDetails
        {
            Rank = one.Rank,
            State = state,
            Needed = state == CandidateState.Open ? one.Decisions.Count + 1 : null,
            ForYou = IsFor(use, seen, one),
            PersonId = seesDetails ? one.PersonId : null,
            Score = seesDetails ? one.Score : null,
            Encounters = seesDetails ? seen.Access.EncountersOf(use.Partner, seen.Case, one) : null,
            Decisions = state != CandidateState.Open || HasDecided(use, one)
                ? [.. one.Decisions.Select(each => new CaseDecisionShown(
                    each.Verdict, each.Reason, each.Partner, each.DecidedAt, IsBy(use, each)))]
                : null,
        };
    }

    private static bool IsFor(Use use, SeenCase seen, CaseCandidate one) =>
        use.IsPerson && CaseStates.Of(one) == CandidateState.Open && seen.State != CaseState.Expired
        && seen.Access.MayDecide(use.Partner, seen.Case, one) && !HasDecided(use, one);

    private static bool HasDecided(Use use, CaseCandidate one) => one.Decisions.Any(each => IsBy(use, each));

    private static bool IsBy(Use use, CaseDecision decision) => use.IsPerson && decision.Subject == use.Subject;
}
