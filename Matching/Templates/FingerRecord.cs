using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates;

/// <summary>A minutiae record as it was read: every view of it, in the order of the record.</summary>
/// <param name="Format">The format it was read as.</param>
/// <param name="Views">1..<see cref="Limits.ViewsPerRecord"/> views, each with 0..255 minutiae.</param>
public sealed record FingerRecord(TemplateFormat Format, IReadOnlyList<FingerView> Views)
{
    /// <summary>What was read though the standard does not allow it; empty for most records.</summary>
    public IReadOnlyList<Forgiven> Forgiven { get; init; } = [];
}
