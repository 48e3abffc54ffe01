using System.Globalization;

namespace MatchCluster.Grains.Redis;

/// <summary>Ids of groups: of this store alone, and growing.</summary>
internal sealed class RedisGroupIds
{
    private readonly string prefix = $"{Guid.NewGuid():N}:";
    private long count;

    public string Next() => prefix + Interlocked.Increment(ref count).ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// Whether an id is one of this store and was made later than another one of it, or than none.
    /// </summary>
    public bool IsLater(string id, string than) => NumberOf(id) > NumberOf(than);

    /// <summary>0 for one of somebody else and for none.</summary>
    private long NumberOf(string id) =>
        id.StartsWith(prefix, StringComparison.Ordinal)
        && long.TryParse(
            id.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : 0;
}
