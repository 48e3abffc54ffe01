using MatchCluster.Matching.Keys;

namespace MatchCluster.Grains.Redis;

/// <summary>How a <see cref="RedisGalleryStore"/> treats its server.</summary>
public sealed record RedisStoreOptions
{
    /// <summary>
    /// Refuse a server that is not known to keep acked writes through a loss of power: append-only file with
    /// <c>appendfsync always</c>.
    /// </summary>
    public bool RequireAof { get; init; }

    /// <summary>
    /// How long a connection that was lost in the middle is waited for, to learn what became of an append or
    /// to repeat a read. After that time the outcome is unknown and the partition's owner must open it again.
    /// </summary>
    public TimeSpan SettleWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Where the master key comes from: records are sealed from now on. Null stores them in the clear, and is refused
    /// where the gallery is encrypted.
    /// </summary>
    public MasterKeySource? MasterKey { get; init; }

    /// <summary>
    /// Whether it neither reads nor writes records: a front end. It needs a master key only where it keeps probes of
    /// cases.
    /// </summary>
    public bool TouchesNoRecords { get; init; }

    /// <summary>
    /// Changes that the log of each gallery keeps; 0 keeps no logs. Every member of a cluster has to have the same:
    /// what one writes without the logs ends what can be read of them.
    /// </summary>
    public int ChangesKept { get; init; }

    /// <summary>Compared with Redis' clock at the opening, and measures every wait.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
