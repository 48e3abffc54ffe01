namespace MatchCluster.Matching.Uses;

/// <summary>
/// Says which galleries keep the pictures that templates were extracted from. An encounter keeps its own only where all
/// of its galleries do: one that must not hold pictures never shares in them.
/// </summary>
public interface IPicturePolicy
{
    /// <summary>Whether galleries can keep pictures here at all: records are encrypted.</summary>
    bool MayKeep { get; }

    /// <summary>Whether every one of these galleries keeps pictures now; false where nobody can say.</summary>
    ValueTask<bool> KeepsAsync(IReadOnlyList<string> galleries, CancellationToken cancel);
}

/// <summary>The galleries that a list names, and no others.</summary>
public sealed class NamedPictures(IEnumerable<string> galleries) : IPicturePolicy
{
    private readonly HashSet<string> keeping = new(galleries, StringComparer.Ordinal);

    /// <summary>No gallery keeps pictures.</summary>
    public static NamedPictures None { get; } = new([]);

    /// <inheritdoc/>
    public bool MayKeep => keeping.Count > 0;

    /// <inheritdoc/>
    public ValueTask<bool> KeepsAsync(IReadOnlyList<string> galleries, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(galleries);
        return ValueTask.FromResult(galleries.Count > 0 && galleries.All(keeping.Contains));
    }
}
