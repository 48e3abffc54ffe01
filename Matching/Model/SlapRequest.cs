namespace MatchCluster.Matching.Model;

/// <summary>What a picture of several fingers should show.</summary>
/// <param name="FromLeft">Fingers by their codes 1..10, from the left edge (<see cref="SlapPositions"/>).</param>
public sealed record SlapRequest(IReadOnlyList<int> FromLeft)
{
    /// <summary>Those of them that the caller says are not there: amputated, bandaged.</summary>
    public IReadOnlyList<int> Missing { get; init; } = [];

    /// <summary>The fingers that are expected, from the left.</summary>
    public IReadOnlyList<int> Expected => [.. FromLeft.Except(Missing)];
}
