namespace MatchCluster.Grains.Contracts;

/// <summary>
/// A frame of the seam (see <c>MatchCluster.Matching.Frames</c>) on its way through the cluster. The frame carries
/// kind, version and length of its own; Orleans carries bytes, and the same array where both ends share a silo:
/// nobody changes it once it is sent.
/// </summary>
/// <param name="bytes">A whole frame.</param>
/// <param name="silo">For an answer, the name of the silo that gave it.</param>
[GenerateSerializer]
[Immutable]
[Alias("matchcluster.frame")]
public sealed class PartitionFrame(byte[] bytes, string? silo = null)
{
    [Id(0)]
    public byte[] Bytes { get; } = bytes;

    [Id(1)]
    public string? Silo { get; } = silo;
}
