using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates;

/// <summary>The codes of one iris template: one, or several profiles of the same eye by the same encoder.</summary>
/// <param name="Codes">At least one.</param>
public sealed record IrisCodes(IReadOnlyList<IrisCode> Codes);
