using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Searching;

/// <summary>What the end of a piece of work tells the gate of how long such work takes.</summary>
/// <param name="IsMeasured">
/// Whether the work was done. A search that looked at nobody, or whose probe was refused, says nothing of it.
/// </param>
/// <param name="InVain">
/// Time at its end in which it only waited for partitions that then did not answer: the engine did not work in it.
/// </param>
internal readonly record struct Told(bool IsMeasured, TimeSpan InVain)
{
    /// <summary>For work that was not done.</summary>
    public static Told Nothing { get; }

    /// <summary>For work whose whole time counts.</summary>
    public static Told InFull { get; } = new(true, TimeSpan.Zero);

    /// <summary>
    /// What searches that went together tell. Whoever has gone in between had no answer: many who do not wait would
    /// make the work look cheap, and let in more than can be answered. One that had all of its time and is not
    /// complete is a sign of too much work: its time counts in full. One that ended early because a silo is silent,
    /// or loads, is not: what it did search counts, and what it waited for does not.
    /// </summary>
    public static Told Of(IReadOnlyList<IdentifyAnswer> answers, SearchBudget budget) =>
        HasGone(budget) ? Nothing
        : budget.IsSpent ? InFull
        : answers.All(answer => !answer.HasSearched) ? Nothing
        : new(true, answers.Max(answer => answer.WaitedInVain));

    /// <summary>
    /// What a verification, a comparison or an explanation tells: nothing where it was refused on the way (no such
    /// person, no template), unless it had all of its time.
    /// </summary>
    public static Told OfCall(bool isAnswered, SearchBudget budget) =>
        !HasGone(budget) && (isAnswered || budget.IsSpent) ? InFull : Nothing;

    private static bool HasGone(SearchBudget budget) =>
        budget.Cancel.IsCancellationRequested && budget.Remaining > TimeSpan.Zero;
}
