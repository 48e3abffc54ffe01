namespace MatchCluster.Matching.Cases;

/// <summary>Who decided about candidates, and how long it took. Counts and times; nobody's data.</summary>
public sealed record CaseReport
{
    /// <summary>Cases that were opened.</summary>
    public required int Cases { get; init; }

    /// <summary>Cases by state.</summary>
    public required IReadOnlyDictionary<CaseState, int> States { get; init; }

    /// <summary>Candidates of all cases.</summary>
    public required int Candidates { get; init; }

    /// <summary>Candidates that two natural persons confirmed or rejected.</summary>
    public required int DecidedByPersons { get; init; }

    /// <summary>Candidates with a final state that fewer than two natural persons gave.</summary>
    public required int DecidedOtherwise { get; init; }

    /// <summary>Candidates that nobody has decided about for good.</summary>
    public required int Undecided { get; init; }

    /// <summary>Decisions that natural persons recorded.</summary>
    public required int Decisions { get; init; }

    /// <summary>Candidates with a second decision.</summary>
    public required int Seconds { get; init; }

    /// <summary>Second decisions that say what the first one says.</summary>
    public required int SecondsAgreeing { get; init; }

    /// <summary>From the opening of a case to the decision that settled a candidate: half took no longer.</summary>
    public TimeSpan? MedianToDecision { get; init; }

    /// <summary>As the median, for 95 of a hundred.</summary>
    public TimeSpan? P95ToDecision { get; init; }

    public static CaseReport Of(IEnumerable<Case> cases, DateTimeOffset now)
    {
        Case[] all = [.. cases];
        (Case Of, CaseCandidate One, CandidateState State)[] candidates =
        [
            .. all.SelectMany(one => one.Candidates.Select(candidate => (one, candidate, CaseStates.Of(candidate)))),
        ];
        (Case Of, CaseCandidate One, CandidateState State)[] settled =
            [.. candidates.Where(each => each.State != CandidateState.Open)];
        int byPersons = settled.Count(each => IsByPersons(each.One, each.State));
        CaseCandidate[] twice = [.. candidates.Select(each => each.One).Where(one => one.Decisions.Count > 1)];
        TimeSpan[] times = [.. settled.Select(each => SettledAt(each.One) - each.Of.Opened).Order()];
        return new CaseReport
        {
            Cases = all.Length,
            States = Enum.GetValues<CaseState>().ToDictionary(
                state => state, state => all.Count(one => CaseStates.Of(one, now) == state)),
            Candidates = candidates.Length,
            DecidedByPersons = byPersons,
            DecidedOtherwise = settled.Length - byPersons,
            Undecided = candidates.Length - settled.Length,
            Decisions = candidates.Sum(each => each.One.Decisions.Count),
            Seconds = twice.Length,
            SecondsAgreeing = twice.Count(one => one.Decisions[0].Verdict == one.Decisions[1].Verdict),
            MedianToDecision = Quantile(times, 0.5),
            P95ToDecision = Quantile(times, 0.95),
        };
    }

    /// <summary>Whether the verdict of the state was given by two subjects.</summary>
    private static bool IsByPersons(CaseCandidate one, CandidateState state)
    {
        Verdict wanted = state == CandidateState.Confirmed ? Verdict.Same : Verdict.Different;
        return one.Decisions.Where(decision => decision.Verdict == wanted && decision.Subject.Length > 0)
            .Select(decision => decision.Subject).Distinct(StringComparer.Ordinal).Count() >= CaseStates.Agreeing;
    }

    private static DateTimeOffset SettledAt(CaseCandidate one)
    {
        int needed = Enumerable.Range(1, one.Decisions.Count).First(count =>
            CaseStates.Of(one.Decisions.Take(count).Select(decision => decision.Verdict)) != CandidateState.Open);
        return one.Decisions[needed - 1].DecidedAt;
    }

    /// <summary>The smallest time that at least this share of them does not pass.</summary>
    private static TimeSpan? Quantile(TimeSpan[] ordered, double share) =>
        ordered.Length == 0 ? null : ordered[Math.Max(0, (int)Math.Ceiling(share * ordered.Length) - 1)];
}
