namespace MatchCluster.Api.Http.Callers;

/// <param name="Places">Requests inside at most, whatever they take.</param>
/// <param name="Patience">Work before a search beyond which it is refused.</param>
internal sealed record Admission(int Places, TimeSpan Patience)
{
    /// <summary>
    /// What a higher priority counts as. Nobody knows who calls, so that anybody may claim the highest: where
    /// callers do not trust each other, whoever runs the server gives none of them more than the others.
    /// </summary>
    public Priority HighestPriority { get; init; } = Priority.Highest;

    /// <summary>Priority 9 may take every place; each priority below leaves it an eighteenth, 0 half of them.</summary>
    private const int Parts = 2 * (Priority.Levels - 1);

    public static Admission Default { get; } = new(ApiLimits.ConcurrentSearches, ApiLimits.Patience);

    /// <summary>Places that may be taken when somebody of this priority comes in.</summary>
    public int PlacesFor(Priority priority) =>
        Places - (Places * (Priority.Highest.Level - priority.Level) / Parts);
}
