using System.Globalization;
using System.Security.Cryptography;
using MatchCluster.Matching.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>
/// What a partition holds, kept as a count in its state: how many records, their marks, and the group after
/// which they were counted. An older version of this program writes groups without counting; the count is
/// then older than the last group, is not believed, and begins again at the next load.
/// </summary>
internal static class RedisDigests
{
    private const int HeadBytes = 16;

    /// <summary>
    /// Functions that the scripts begin with: a record's mark, two marks put together, what was counted.
    /// </summary>
    public static readonly string Functions = $$"""
        local function mark(member, record)
          return string.sub(redis.sha1hex(member .. string.sub(record, 1, {{HeadBytes}})), 1, 32)
        end
        local function xor(a, b)
          local out = ''
          for i = 1, 25, 8 do
            out = out .. bit.tohex(bit.bxor(
              tonumber(string.sub(a, i, i + 7), 16), tonumber(string.sub(b, i, i + 7), 16)))
          end
          return out
        end
        local function counted(state, records)
          local epoch = tonumber(redis.call('HGET', state, 'epoch') or '0')
          local last = nil
          for e = epoch, math.max(epoch - {{RedisLimits.EpochsRemembered}}, 0), -1 do
            last = redis.call('HGET', state, 'last:' .. string.format('%d', e))
            if last then break end
          end
          local found = redis.call('HMGET', state, 'counted', 'held', 'marks')
          if found[1] and found[2] and found[3] and (not last or last == found[1]) then
            return tonumber(found[2]), found[3]
          end
          if not last and not found[1] and redis.call('HLEN', records) == 0 then
            return 0, string.rep('0', 32)
          end
          return nil, nil
        end

        """;

    /// <summary>KEYS state, records. Answers the count and the marks; nothing where nobody has counted.</summary>
    public static readonly string Read = Functions + """
        local held, marks = counted(KEYS[1], KEYS[2])
        if not held then return {} end
        return {string.format('%d', held), marks}
        """;

    /// <summary>
    /// KEYS state, records. ARGV epoch, count, marks. Begins to count where nobody has and the epoch is the owner's.
    /// </summary>
    public static readonly string Keep = Functions + $$"""
        local epoch = redis.call('HGET', KEYS[1], 'epoch') or '0'
        local held = counted(KEYS[1], KEYS[2])
        if epoch ~= ARGV[1] or held then return 0 end
        local last = ''
        for e = tonumber(epoch), math.max(tonumber(epoch) - {{RedisLimits.EpochsRemembered}}, 0), -1 do
          last = redis.call('HGET', KEYS[1], 'last:' .. string.format('%d', e)) or ''
          if last ~= '' then break end
        end
        redis.call('HSET', KEYS[1], 'counted', last, 'held', ARGV[2], 'marks', ARGV[3])
        return 1
        """;

    /// <summary>
    /// The mark of a record as the scripts compute it. SHA-1 because Redis has no other; it finds accidents here and
    /// protects nothing.
    /// </summary>
    public static UInt128 MarkOf(ReadOnlySpan<byte> member, ReadOnlySpan<byte> record)
    {
        byte[] text = [.. member, .. record[..Math.Min(record.Length, HeadBytes)]];
#pragma warning disable CA5350 // See above.
        string hex = Convert.ToHexString(SHA1.HashData(text));
#pragma warning restore CA5350
        return Parse(hex[..32]);
    }

    public static PartitionDigest? Decode(RedisResult[] answer) => answer.Length < 2
        ? null
        : new PartitionDigest(
            long.Parse((string)answer[0]!, CultureInfo.InvariantCulture), Parse((string)answer[1]!));

    public static RedisValue[] Arguments(long epoch, PartitionDigest digest) =>
        [epoch, digest.Encounters, digest.Marks.ToString("x32", CultureInfo.InvariantCulture)];

    private static UInt128 Parse(string hex) =>
        UInt128.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
