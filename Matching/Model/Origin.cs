namespace MatchCluster.Matching.Model;

/// <summary>
/// The call that created an encounter, as two digests: a call that is repeated is answered as the first one
/// was.
/// </summary>
/// <param name="Call">The operation and its transaction.</param>
/// <param name="Content">What it brought.</param>
public sealed record Origin(Guid Call, Guid Content);
