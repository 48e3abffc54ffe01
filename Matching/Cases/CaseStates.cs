namespace MatchCluster.Matching.Cases;

/// <summary>How far people are with a candidate.</summary>
public enum CandidateState
{
    /// <summary>Another person has to decide.</summary>
    Open,

    /// <summary>Two persons found the two sides to be of one person.</summary>
    Confirmed,

    /// <summary>Two persons found them to be of two persons.</summary>
    Rejected,
}

/// <summary>How far people are with a case.</summary>
public enum CaseState
{
    /// <summary>No candidate is confirmed, and one at least is open.</summary>
    Open,

    /// <summary>A candidate is confirmed.</summary>
    Confirmed,

    /// <summary>Every candidate is rejected.</summary>
    Rejected,

    /// <summary>Its time ended before people had decided.</summary>
    Expired,
}

/// <summary>
/// What follows from what people decided. Nothing else changes a state: no score, no program, no single person.
/// </summary>
public static class CaseStates
{
    /// <summary>Persons who have to agree.</summary>
    public const int Agreeing = 2;

    /// <summary>
    /// The state after some verdicts: that of the first of SAME and DIFFERENT which two persons gave. INCONCLUSIVE
    /// counts for neither; while nothing has two the candidate stays open for another person.
    /// </summary>
    public static CandidateState Of(IEnumerable<Verdict> verdicts)
    {
        (int same, int different) = (0, 0);
        foreach (Verdict verdict in verdicts)
        {
            same += verdict == Verdict.Same ? 1 : 0;
            different += verdict == Verdict.Different ? 1 : 0;
            if (same == Agreeing || different == Agreeing)
            {
                return same == Agreeing ? CandidateState.Confirmed : CandidateState.Rejected;
            }
        }

        return CandidateState.Open;
    }

    public static CandidateState Of(CaseCandidate candidate) =>
        Of(candidate.Decisions.Select(decision => decision.Verdict));

    /// <summary>The state of a case at a time.</summary>
    public static CaseState Of(Case one, DateTimeOffset now)
    {
        CandidateState[] states = [.. one.Candidates.Select(Of)];
        return states.Contains(CandidateState.Confirmed) ? CaseState.Confirmed
            : states.All(state => state == CandidateState.Rejected) ? CaseState.Rejected
            : now >= one.Expires ? CaseState.Expired
            : CaseState.Open;
    }
}
