using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Uses;

/// <summary>What a call wants to do, as far as an agreement limits it.</summary>
/// <param name="Operation">What is done.</param>
/// <param name="Galleries">Galleries that it names; empty where it names none.</param>
public readonly record struct UseRequest(Operation Operation, IReadOnlyList<string> Galleries)
{
    /// <summary>Modalities of what is searched with or enrolled.</summary>
    public IReadOnlyList<Modality> Modalities { get; init; } = [];

    /// <summary>The threshold that the caller states, -10 log10 FMR; null where it states none.</summary>
    public double? Threshold { get; init; }

    /// <summary>Whether it only asks what holds now: nothing is done for it, and it takes no use of a quota.</summary>
    public bool IsQuestion { get; init; }

    /// <summary>A request that names one gallery.</summary>
    public static UseRequest Of(Operation operation, string gallery) => new(operation, [gallery]);

    /// <summary>A request that names no gallery.</summary>
    public static UseRequest Of(Operation operation) => new(operation, []);
}
