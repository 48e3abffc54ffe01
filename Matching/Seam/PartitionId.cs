namespace MatchCluster.Matching.Seam;

/// <summary>Number of one virtual partition, 0 .. count-1.</summary>
public readonly record struct PartitionId(int Number)
{
    public override string ToString() => Number.ToString();
}
