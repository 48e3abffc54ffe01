namespace MatchCluster.Matching.Storage;

/// <summary>What sealing a store again found.</summary>
/// <param name="Records">Records that were looked at.</param>
/// <param name="Resealed">Those of them that were plain or sealed with older keys, and are no more.</param>
/// <param name="Unreadable">Those that cannot be read; they stay as they are.</param>
public readonly record struct ResealCount(long Records, long Resealed, long Unreadable)
{
    public static ResealCount operator +(ResealCount a, ResealCount b) =>
        new(a.Records + b.Records, a.Resealed + b.Resealed, a.Unreadable + b.Unreadable);
}
