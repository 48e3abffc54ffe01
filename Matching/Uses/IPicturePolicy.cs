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

    /// <summary>
    /// How much of items that nothing here compares a use may have kept with what it brings; null where nothing is, or
    /// nobody can say.
    /// </summary>
    ValueTask<OpaqueLimits?> OpaqueAsync(Use use, UseRequest request, CancellationToken cancel);

    /// <summary>Whether none of these galleries forbids such items now; false where nobody can say.</summary>
    ValueTask<bool> AllowsOpaqueAsync(IReadOnlyList<string> galleries, CancellationToken cancel);
}

/// <summary>How much is kept of items that nothing here compares: faces, voices, signatures.</summary>
/// <param name="ItemBytes">Bytes of one item.</param>
/// <param name="EncounterBytes">Bytes of all of them in an encounter.</param>
public sealed record OpaqueLimits(int ItemBytes, int EncounterBytes)
{
    /// <summary>What is wrong with items of an encounter, or null.</summary>
    public string? Wrong(IEnumerable<int> lengths)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        long all = 0;
        foreach (int length in lengths)
        {
            all += length;
            if (length > ItemBytes)
            {
                return $"found {length} bytes of an item that is kept opaque, wanted at most {ItemBytes}";
            }
        }

        return all > EncounterBytes
            ? $"found {all} bytes of items that are kept opaque, wanted at most {EncounterBytes} of an encounter"
            : null;
    }
}

/// <summary>The galleries that a list names, and no others.</summary>
/// <param name="galleries">The galleries.</param>
/// <param name="opaque">How much of opaque items every gallery keeps; null for none.</param>
public sealed class NamedPictures(IEnumerable<string> galleries, OpaqueLimits? opaque = null) : IPicturePolicy
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

    /// <inheritdoc/>
    public ValueTask<OpaqueLimits?> OpaqueAsync(Use use, UseRequest request, CancellationToken cancel) =>
        ValueTask.FromResult(opaque);

    /// <inheritdoc/>
    public ValueTask<bool> AllowsOpaqueAsync(IReadOnlyList<string> galleries, CancellationToken cancel) =>
        ValueTask.FromResult(opaque is not null);
}
