using MatchCluster.LoadTest.Workload;

namespace MatchCluster.LoadTest.Client;

/// <summary>A body made before the clock starts, with what is known to be true of it.</summary>
/// <param name="Kind">What it asks.</param>
/// <param name="Body">JSON, UTF-8.</param>
/// <param name="EnrolledPerson">Person id that must come back at rank 1; null where nobody must.</param>
internal sealed record PreparedRequest(RequestKind Kind, ReadOnlyMemory<byte> Body, string? EnrolledPerson);
