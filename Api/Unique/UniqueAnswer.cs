using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;

namespace MatchCluster.Api.Unique;

/// <summary>An encounter of a new person, to be enrolled only if nobody like it is in its galleries.</summary>
/// <param name="Encounter">
/// Active and with its <see cref="Encounter.Origin"/>, by which a repeated request is told from a duplicate.
/// </param>
/// <param name="MaxCandidates">Most candidates of the answer.</param>
/// <param name="Threshold">Score from which somebody is like it; null takes it from the FPIR.</param>
/// <param name="TargetFpir">The FPIR that makes the threshold where none is given.</param>
/// <param name="Exhaustive">Whether everybody is scored in full.</param>
internal sealed record UniqueRequest(
    Encounter Encounter, int MaxCandidates, double? Threshold, double TargetFpir, bool Exhaustive);

internal enum UniqueOutcome
{
    /// <summary>Nobody was found in a complete search, and the encounter is stored.</summary>
    Enrolled,

    /// <summary>Somebody is like it; a person decides. Nothing was stored.</summary>
    Duplicate,

    /// <summary>Nothing can be said, and <see cref="UniqueAnswer.Failure"/> says why.</summary>
    Undecided,
}

/// <summary>What became of a <see cref="UniqueRequest"/>.</summary>
internal sealed record UniqueAnswer
{
    public required UniqueOutcome Outcome { get; init; }

    /// <summary>What was searched, gallery by gallery; empty for a request that is repeated.</summary>
    public IReadOnlyList<IdentifyAnswer> Searched { get; init; } = [];

    /// <summary>Whether an earlier request of the same transaction enrolled it.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>Why it is undecided; null otherwise.</summary>
    public Failure? Failure { get; init; }

    public static UniqueAnswer Undecided(Failure failure, IReadOnlyList<IdentifyAnswer>? searched = null) =>
        new() { Outcome = UniqueOutcome.Undecided, Failure = failure, Searched = searched ?? [] };
}
