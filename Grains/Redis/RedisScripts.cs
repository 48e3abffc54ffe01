namespace MatchCluster.Grains.Redis;

/// <summary>
/// What Redis runs, each script atomic. Redis checks its memory limit before the first write of a script
/// only, and a wrong type is met by the reads in front: a script writes all or nothing. The append-only file
/// holds its writes as one transaction, of which a torn tail is dropped whole.
/// </summary>
internal static class RedisScripts
{
    public const int Fenced = 0;
    public const int Applied = 1;

    /// <summary>The last group of this epoch is neither this one nor the one it follows.</summary>
    public const int Follows = 2;

    /// <summary>Somebody later holds the turn of a gallery.</summary>
    public const int Overtaken = 3;

    /// <summary>
    /// KEYS state, index, records, outbox, pictures. ARGV id of the group, id of the group it follows, epoch, 1 where
    /// it puts, number of changes, the changes for the change logs (<see cref="RedisFeedScripts"/>), how many turns it
    /// is written in, pairs of gallery and epoch of these, then member, record and pictures of each write, the record
    /// empty for a delete, the pictures empty for none. Answers one of the codes, with the current epoch, the last
    /// group or the epoch of the later holder.
    /// </summary>
    /// <remarks>
    /// The count of what the partition holds (<see cref="RedisDigests"/>) is brought forward with it.
    /// Memory is checked at the first write. A group that puts begins with one that takes memory, so that a
    /// full Redis refuses it whole; one that only deletes ends with it, so that deletes free a full Redis.
    /// </remarks>
    public static readonly string Append = RedisDigests.Functions +
        """
        local group = 'last:' .. ARGV[3]
        local last = redis.call('HGET', KEYS[1], group) or ''
        if last == ARGV[1] then return {1, last} end
        local epoch = redis.call('HGET', KEYS[1], 'epoch') or '0'
        if epoch ~= ARGV[3] then return {0, epoch} end
        if last ~= ARGV[2] then return {2, last} end
        local changes = tonumber(ARGV[5])
        local turns = 7 + changes
        local first = turns + 2 * tonumber(ARGV[turns - 1])
        for i = turns, first - 1, 2 do
          local seen = redis.call('HGET', KEYS[1], 'turn:' .. ARGV[i])
          if seen and tonumber(seen) > tonumber(ARGV[i + 1]) then return {3, seen} end
        end
        redis.call('ZCARD', KEYS[2])
        redis.call('HLEN', KEYS[3])
        redis.call('LLEN', KEYS[4])
        redis.call('HLEN', KEYS[5])
        local feed = changes > 0 and redis.call('HGET', KEYS[1], 'feed')
        local held, marks = counted(KEYS[1], KEYS[3])
        local puts = ARGV[4] == '1'
        if puts then redis.call('HSET', KEYS[1], group, ARGV[1]) end
        for i = first, #ARGV, 3 do
          if held then
            local old = redis.call('HGET', KEYS[3], ARGV[i])
            if old then
              held = held - 1
              marks = xor(marks, mark(ARGV[i], old))
            end
            if ARGV[i + 1] ~= '' then
              held = held + 1
              marks = xor(marks, mark(ARGV[i], ARGV[i + 1]))
            end
          end
          if ARGV[i + 1] == '' then
            redis.call('ZREM', KEYS[2], ARGV[i])
            redis.call('HDEL', KEYS[3], ARGV[i])
          else
            redis.call('ZADD', KEYS[2], 0, ARGV[i])
            redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 1])
          end
          if ARGV[i + 2] == '' then
            redis.call('HDEL', KEYS[5], ARGV[i])
          else
            redis.call('HSET', KEYS[5], ARGV[i], ARGV[i + 2])
          end
        end
        if not puts then redis.call('HSET', KEYS[1], group, ARGV[1]) end
        for i = 6, feed and 5 + changes or 0 do
          local place = redis.call('HINCRBY', KEYS[1], 'noted', 1)
          redis.call('RPUSH', KEYS[4], feed .. ':' .. string.format('%d', place) .. ':' .. ARGV[i])
        end
        for i = turns, first - 1, 2 do redis.call('HSET', KEYS[1], 'turn:' .. ARGV[i], ARGV[i + 1]) end
        if held then
          redis.call('HSET', KEYS[1], 'counted', ARGV[1], 'held', string.format('%d', held), 'marks', marks)
        end
        return {1, ARGV[1]}
        """;

    /// <summary>
    /// KEYS state. ARGV epochs remembered. Answers the new epoch. The delete comes first because it takes no
    /// memory: a full Redis can change owners, otherwise its galleries could not be searched either.
    /// </summary>
    public const string OpenEpoch =
        """
        local epoch = tonumber(redis.call('HGET', KEYS[1], 'epoch') or '0')
        redis.call('HDEL', KEYS[1], 'last:' .. string.format('%d', epoch + 1 - tonumber(ARGV[1])))
        return redis.call('HINCRBY', KEYS[1], 'epoch', 1)
        """;

    /// <summary>
    /// KEYS index, records. ARGV from, to, largest count, largest bytes. Answers 1 where nothing is left
    /// after them, then pairs of member and record; a record that is missing comes empty.
    /// </summary>
    public const string Read =
        """
        local members = redis.call('ZRANGEBYLEX', KEYS[1], ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[3])
        local out = {#members < tonumber(ARGV[3]) and 1 or 0}
        local bytes = 0
        for i, member in ipairs(members) do
          local record = redis.call('HGET', KEYS[2], member) or ''
          bytes = bytes + #record
          if i > 1 and bytes > tonumber(ARGV[4]) then
            out[1] = 0
            break
          end
          out[#out + 1] = member
          out[#out + 1] = record
        end
        return out
        """;

    /// <summary>
    /// KEYS marker. ARGV format, version, partitions. Creates the marker where there is none; answers the
    /// format, version and partitions that are there then.
    /// </summary>
    public const string Create =
        """
        if redis.call('EXISTS', KEYS[1]) == 0 then
          redis.call('HSET', KEYS[1], 'format', ARGV[1], 'version', ARGV[2], 'partitions', ARGV[3])
        end
        return redis.call('HMGET', KEYS[1], 'format', 'version', 'partitions')
        """;
}
