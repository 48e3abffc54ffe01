namespace MatchCluster.Grains.Redis;

/// <summary>
/// How changes come into the logs. A partition's append leaves them in the partition's outbox, in one script with the
/// records. From there they are taken into the logs of the galleries, which lie in another slot of a Redis Cluster:
/// by whoever comes first, each exactly once, because the log's side notes how far it has taken each outbox, in one
/// script with the log.
/// </summary>
/// <remarks>
/// An element of an outbox is "feed:place:" and the entry. A feed is a number that the owner of a partition draws when
/// it opens it; places count within it. Where Redis lost the end of an outbox, the owner is fenced by the chain of
/// groups and another feed begins; an element of the same feed that comes back after it was taken has a place that was
/// passed.
/// </remarks>
internal static class RedisFeedScripts
{
    /// <summary>
    /// KEYS state, outbox. ARGV epoch, feed, entry. Begins a feed with what the partition holds. Answers 1, or 0 where
    /// there is a newer owner.
    /// </summary>
    public const string Begin =
        """
        if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return 0 end
        redis.call('LLEN', KEYS[2])
        redis.call('HSET', KEYS[1], 'feed', ARGV[2], 'noted', 1)
        redis.call('RPUSH', KEYS[2], ARGV[2] .. ':1:' .. ARGV[3])
        return 1
        """;

    /// <summary>
    /// KEYS taken. ARGV partition. Answers the count of takes, how far this partition was taken, and how many
    /// partitions ever were.
    /// </summary>
    public const string State =
        """
        return {redis.call('HGET', KEYS[1], 'takes') or '0', redis.call('HGET', KEYS[1], ARGV[1]) or '',
          redis.call('HLEN', KEYS[1]) - redis.call('HEXISTS', KEYS[1], 'takes')}
        """;

    /// <summary>
    /// KEYS taken, galleries, then head and log of each gallery. ARGV count of takes as it was read, partition, how far
    /// it is taken now, then for each gallery: its name, first, last, state, state of the partition, changes that stay
    /// in the list, number of new ones, and these. Answers 0 where somebody else took meanwhile.
    /// </summary>
    public const string Take =
        """
        if (redis.call('HGET', KEYS[1], 'takes') or '0') ~= ARGV[1] then return 0 end
        redis.call('HINCRBY', KEYS[1], 'takes', 1)
        redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
        local at = 4
        for k = 3, #KEYS, 2 do
          redis.call('SADD', KEYS[2], ARGV[at])
          redis.call('HSET', KEYS[k], 'first', ARGV[at + 1], 'last', ARGV[at + 2], 'state', ARGV[at + 3],
            'of:' .. ARGV[2], ARGV[at + 4])
          local count = tonumber(ARGV[at + 6])
          for i = 1, count do redis.call('RPUSH', KEYS[k + 1], ARGV[at + 6 + i]) end
          local stay = tonumber(ARGV[at + 5])
          if stay == 0 then redis.call('DEL', KEYS[k + 1])
          elseif redis.call('LLEN', KEYS[k + 1]) > stay then redis.call('LTRIM', KEYS[k + 1], -stay, -1) end
          at = at + 7 + count
        end
        return 1
        """;

    /// <summary>KEYS outbox. ARGV elements from the front, in order. Removes those that are still in front.</summary>
    public const string Drop =
        """
        for i = 1, #ARGV do
          if redis.call('LINDEX', KEYS[1], 0) ~= ARGV[i] then return i - 1 end
          redis.call('LPOP', KEYS[1])
        end
        return #ARGV
        """;

    /// <summary>
    /// KEYS taken, head, log. ARGV after, most. Answers how many partitions were taken, first, last and state, and the
    /// changes after the position where they are kept.
    /// </summary>
    public const string Read =
        """
        local begun = redis.call('HLEN', KEYS[1]) - redis.call('HEXISTS', KEYS[1], 'takes')
        local head = redis.call('HMGET', KEYS[2], 'first', 'last', 'state')
        local out = {begun, head[1] or '0', head[2] or '0', head[3] or ''}
        local first, after = tonumber(out[2]), tonumber(ARGV[1])
        if after < first or after >= tonumber(out[3]) then return out end
        local kept = redis.call('LRANGE', KEYS[3], after - first, after - first + tonumber(ARGV[2]) - 1)
        for i = 1, #kept do out[#out + 1] = kept[i] end
        return out
        """;
}
