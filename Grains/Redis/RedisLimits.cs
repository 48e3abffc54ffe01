namespace MatchCluster.Grains.Redis;

/// <summary>What the Redis store adds to the engine's limits.</summary>
internal static class RedisLimits
{
    /// <summary>Characters of a store's name; it is part of every key.</summary>
    public const int NameLength = 64;

    /// <summary>
    /// Bytes of one append. It is one script call, all or none, for which Redis stands still: some hundred
    /// milliseconds at this size.
    /// </summary>
    public const int AppendBytes = 64 * 1024 * 1024;

    /// <summary>
    /// Bytes of appends that share one script call; bounds how long other partitions wait for it.
    /// </summary>
    public const int GroupBytes = 4 * 1024 * 1024;

    /// <summary>
    /// Epochs for which the last written group is remembered, so that an owner cut off in the middle of an
    /// append still learns that it was applied after this many take-overs.
    /// </summary>
    public const int EpochsRemembered = 64;

    /// <summary>
    /// Between this machine's clock and Redis'. Records carry the time of the silo that wrote them, and a partition
    /// moves between silos; membership judges a silo by the age of its last sign of life. Synchronised clocks differ
    /// by milliseconds: seconds mean that one is not synchronised at all.
    /// </summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    /// <summary>Commands sent at once when every partition is asked something.</summary>
    public const int PartitionsAsked = 256;
}
