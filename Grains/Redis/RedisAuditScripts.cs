using MatchCluster.Matching.Audit;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>
/// What Redis runs for the audit log, each script atomic: all or nothing, as for encounters
/// (<see cref="RedisScripts"/>).
/// </summary>
internal static class RedisAuditScripts
{
    public const int Written = 0;

    /// <summary>The row to be followed is there and is not the last one.</summary>
    public const int Moved = 1;

    /// <summary>The row to be followed is not there.</summary>
    public const int Lost = 2;

    /// <summary>Field of the log's id.</summary>
    public const string IdField = "id";

    /// <summary>KEYS state. ARGV an id. Begins a log where there is none; answers its id.</summary>
    public const string Begin =
        """
        redis.call('HSETNX', KEYS[1], 'id', ARGV[1])
        return redis.call('HGET', KEYS[1], 'id')
        """;

    /// <summary>
    /// KEYS state, rows, then for every person of every row the list of that person. ARGV id of the group, number and
    /// hash of the row to be followed (0 and nothing for the first one), count of rows, number and hash of the last of
    /// them, then the rows' entries, then the number of the row for each person's list. Answers one of the codes, with
    /// the last row that is there. Without rows it only tries to write.
    /// </summary>
    /// <remarks>Redis checks its memory at the first write; the entries themselves come first.</remarks>
    public const string Append =
        """
        local count = tonumber(ARGV[4])
        if count == 0 then
          redis.call('HSET', KEYS[1], 'tried', ARGV[1])
        end
        local head = redis.call('HMGET', KEYS[1], 'sequence', 'hash')
        local sequence, hash = head[1] or '0', head[2] or ''
        if sequence ~= ARGV[2] or hash ~= ARGV[3] then
          local followed = tonumber(ARGV[2])
          if followed > 0 then
            local entry = redis.call('LINDEX', KEYS[2], followed - 1)
            local start = ARGV[2] .. ' ' .. ARGV[3] .. ' '
            if not entry or string.sub(entry, 1, #start) ~= start then return {2, sequence, hash} end
          end
          if count > 0 then
            local first = redis.call('LINDEX', KEYS[2], followed)
            if first and string.match(first, '^%d+ %x+ (%S+) ') == ARGV[1] then
              return {0, sequence, hash}
            end
          end
          return {1, sequence, hash}
        end
        for i = 1, count do
          redis.call('RPUSH', KEYS[2], ARGV[6 + i])
        end
        for i = 3, #KEYS do
          redis.call('RPUSH', KEYS[i], ARGV[6 + count + i - 2])
        end
        if count > 0 then
          redis.call('HSET', KEYS[1], 'sequence', ARGV[5], 'hash', ARGV[6])
        end
        return {0, ARGV[5], ARGV[6]}
        """;
}

/// <summary>The keys of an audit log; one slot of a Redis Cluster holds all of them.</summary>
internal sealed class RedisAuditKeys(string name)
{
    /// <summary>Hash: the log's id, number and hash of its last row.</summary>
    public RedisKey State { get; } = $"mc:{{{name}}}:audit";

    /// <summary>List: the rows.</summary>
    public RedisKey Rows { get; } = $"mc:{{{name}}}:audit:rows";

    /// <summary>List: the numbers of the rows that hold a person's keyed hash.</summary>
    public RedisKey About(string hash) => $"mc:{{{name}}}:audit:about:{hash}";

    public RedisKey[] For(IReadOnlyList<AuditRow> rows) =>
        [State, Rows, .. rows.SelectMany(row => row.About).Select(About)];
}
