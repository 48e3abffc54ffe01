using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// Cuts an answer to what an agreement releases. It stands at the end of every search and comparison, before any door
/// has the answer: a door cannot send what it does not have. What each profile shows is in docs/release.md.
/// </summary>
public static class AnswerRelease
{
    /// <summary>Whether answers of a profile have ids of a partner's own.</summary>
    public static bool NeedsIds(ReleaseProfile profile) => profile switch
    {
        ReleaseProfile.Candidates or ReleaseProfile.Scores => true,
        ReleaseProfile.Hit or ReleaseProfile.Full => false,
    };

    /// <summary>The answer to a search as far as its profile lets it leave.</summary>
    /// <param name="answer">Ranked, with the permission by which it was searched.</param>
    /// <param name="partner">For whom it is.</param>
    /// <param name="ids">Makes ids; needed where <see cref="NeedsIds"/> says so.</param>
    public static IdentifyAnswer Of(IdentifyAnswer answer, string partner, PartnerIds? ids)
    {
        ArgumentNullException.ThrowIfNull(answer);
        IdentifyAnswer recorded = answer with { Found = new FoundPersons(answer.Candidates.Select(c => c.PersonId)) };
        return answer.Permission.Release switch
        {
            ReleaseProfile.Full => recorded,
            ReleaseProfile.Scores => WithoutDetails(recorded) with
            {
                AboveThreshold = answer.AboveThreshold,
                Candidates =
                [
                    .. answer.Candidates.Select(candidate => new Candidate(
                        candidate.Rank, ids!.OfPerson(partner, candidate.PersonId), candidate.Score, candidate.Fpir,
                        [])),
                ],
            },
            ReleaseProfile.Candidates => WithoutDetails(recorded) with
            {
                IsCut = answer.IsCut,
                Candidates =
                [
                    .. answer.Candidates.Select(candidate => new Candidate(
                        candidate.Rank, ids!.OfPerson(partner, candidate.PersonId), 0, null, [])),
                ],
            },
            ReleaseProfile.Hit => WithoutDetails(recorded) with
            {
                Candidates = answer.Candidates.Count == 0 ? []
                    : [new Candidate(1, answer.CaseId ?? PartnerIds.NewReference(), 0, null, [])],
            },
        };
    }

    /// <summary>
    /// The answer to a comparison as far as its profile lets it leave. A score below the least threshold of the
    /// agreement does not: nobody is shown with it by a search either, and by such scores a probe could be improved
    /// step by step.
    /// </summary>
    public static VerifyAnswer Of(VerifyAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (answer.Score < answer.Permission.MinThreshold)
        {
            return answer with { Score = 0, Details = [] };
        }

        return answer.Permission.Release switch
        {
            ReleaseProfile.Full => answer,
            ReleaseProfile.Scores => answer with { Details = [] },
            ReleaseProfile.Candidates or ReleaseProfile.Hit => answer with { Score = 0, Details = [] },
        };
    }

    /// <summary>
    /// What the search says of itself whomever it found. The rest is left out by not being copied: a member that is
    /// added to an answer leaves with the full profile alone, until it is added here.
    /// </summary>
    private static IdentifyAnswer WithoutDetails(IdentifyAnswer answer) => new()
    {
        Refusal = answer.Refusal,
        Permission = answer.Permission,
        Coverage = answer.Coverage,
        Calibration = answer.Calibration,
        Threshold = answer.Threshold,
        FpirAtThreshold = answer.FpirAtThreshold,
        CaseId = answer.CaseId,
        Gallery = answer.Gallery,
        State = answer.State,
        Found = answer.Found,
        Fast = answer.Fast,
        Loss = answer.Loss,
        WaitedInVain = answer.WaitedInVain,
    };
}
