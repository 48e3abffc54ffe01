using System.Globalization;
using System.Text;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>
/// The wrapped keys of the galleries in a hash: gallery, colon, number (text) to the entry. Silos share it, so that a
/// gallery has one key whoever made it.
/// </summary>
/// <remarks>
/// What is destroyed is still in the append-only file until Redis rewrites that: it is asked to, and waited for.
/// </remarks>
internal sealed class RedisKeyTable(RedisSession session, TimeProvider clock) : IKeyStore
{
    /// <summary>
    /// KEYS keys. ARGV pairs of field and entry: replaces what is there and adds nothing.
    /// </summary>
    private const string Replace =
        """
        for i = 1, #ARGV, 2 do
          if redis.call('HEXISTS', KEYS[1], ARGV[i]) == 1 then
            redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
          end
        end
        return 1
        """;

    /// <summary>A rewrite of a large file goes on by itself after so long.</summary>
    private static readonly TimeSpan RewriteWithin = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan RewritePause = TimeSpan.FromMilliseconds(100);

    public async ValueTask<IReadOnlyList<WrappedKey>> ReadKeysAsync(CancellationToken cancel)
    {
        HashEntry[] entries = await session.RepeatAsync(
            db => db.HashGetAllAsync(session.Keys.GalleryKeys, CommandFlags.DemandMaster), cancel);
        return [.. entries.Select(entry => Read((byte[])entry.Name!, (byte[])entry.Value!))];
    }

    public async ValueTask<bool> TryAddKeyAsync(WrappedKey key, CancellationToken cancel) =>
        await session.RepeatAsync(
            db => db.HashSetAsync(
                session.Keys.GalleryKeys, FieldOf(key.Gallery, key.Number), key.Entry, When.NotExists),
            cancel);

    public async ValueTask ReplaceKeysAsync(IReadOnlyList<WrappedKey> keys, CancellationToken cancel)
    {
        RedisValue[] arguments =
            [.. keys.SelectMany(key => (RedisValue[])[FieldOf(key.Gallery, key.Number), key.Entry])];
        await session.RepeatAsync(
            _ => session.RunAsync(Replace, [session.Keys.GalleryKeys], arguments), cancel);
    }

    public async ValueTask RemoveKeysAsync(string gallery, IReadOnlyList<int> numbers, CancellationToken cancel)
    {
        RedisValue[] fields = [.. numbers.Select(number => (RedisValue)FieldOf(gallery, number))];
        await session.RepeatAsync(db => db.HashDeleteAsync(session.Keys.GalleryKeys, fields), cancel);
        foreach (IServer server in session.Primaries)
        {
            await RewriteAsync(server, cancel);
        }
    }

    /// <summary>
    /// Best effort: a server of another's may not allow it. What it leaves is wrapped with the master key.
    /// </summary>
    private async Task RewriteAsync(IServer server, CancellationToken cancel)
    {
        try
        {
            await server.ExecuteAsync("BGREWRITEAOF").WaitAsync(cancel);
            long began = clock.GetTimestamp();
            while (clock.GetElapsedTime(began) < RewriteWithin
                && ((string?)await server.ExecuteAsync("INFO", "persistence").WaitAsync(cancel))?.Contains(
                    "aof_rewrite_in_progress:1", StringComparison.Ordinal) == true)
            {
                await Task.Delay(RewritePause, clock, cancel);
            }
        }
        catch (RedisServerException)
        {
            // Not for this user, or a rewrite is on its way already.
        }
        catch (Exception fault) when (RedisFaults.IsOurs(fault))
        {
            throw session.Unusable(fault);
        }
    }

    private static byte[] FieldOf(string gallery, int number) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{gallery}:{number}"));

    private WrappedKey Read(byte[] field, byte[] entry)
    {
        string text = Encoding.UTF8.GetString(field);
        int colon = text.LastIndexOf(':');
        return colon >= 0 && int.TryParse(
            text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? new WrappedKey(text[..colon], number, entry)
            : throw new StoreException($"{session.Keys.GalleryKeys} has the field '{text}', wanted gallery:number");
    }
}
