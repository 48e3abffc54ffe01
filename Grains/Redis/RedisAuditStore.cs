using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>
/// The audit log of a cluster: one chain, though every front end writes to it. A script adds rows only where they
/// follow the last one that is there; who comes too late is told which one that is. A copy of a group that arrives
/// late finds its place taken and changes nothing.
/// </summary>
/// <remarks>
/// Keys in one slot: a hash of the log's id and its last row, a list of the rows, and for every person whose keyed
/// hash is in a row a list of the rows' numbers. An entry of the list of rows is text: number, hash, id of its group
/// and the row itself, with a space between. What an acknowledged row is worth is <see cref="Durability"/>.
/// </remarks>
public sealed class RedisAuditStore : IAuditStore
{
    private const int IdBytes = 32;
    private const int RowsPerChunk = 500;

    private readonly RedisSession session;
    private readonly RedisAuditKeys keys;
    private readonly RedisGroupIds groups = new();

    private RedisAuditStore(RedisSession session, RedisAuditKeys keys, string id, RedisDurability durability)
    {
        (this.session, this.keys) = (session, keys);
        Id = id;
        Durability = durability.ToString();
        KeepsAcks = durability.KeepsAcks;
    }

    public string Name => $"{session.Keys}, audit log";

    public string Id { get; }

    /// <summary>What an acknowledged row is worth on this server, as it was configured at the start.</summary>
    public string Durability { get; }

    /// <summary>Whether an acknowledged row survives loss of power.</summary>
    public bool KeepsAcks { get; }

    /// <summary>Opens the log of a gallery's name, or makes it.</summary>
    /// <param name="redis">Stays the caller's.</param>
    /// <param name="name">Name of the gallery store.</param>
    /// <param name="options">How the server is treated.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="StoreException">
    /// Redis cannot be reached or written, deletes keys by itself, does not keep what is required, or has another
    /// time than this machine.
    /// </exception>
    public static async ValueTask<RedisAuditStore> OpenAsync(
        IConnectionMultiplexer redis, string name, RedisStoreOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        RedisSession session = new(redis, new RedisKeys(name), options);
        RedisAuditKeys keys = new(name);
        RedisDurability durability = await RedisDurability.CheckAsync(session, options.RequireAof, cancel);
        await RedisClock.CheckAsync(session, options.Clock, cancel);
        string made = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        RedisResult id = await session.RepeatAsync(
            _ => session.RunAsync(RedisAuditScripts.Begin, [keys.State], [made]), cancel);
        return new RedisAuditStore(session, keys, (string)id!, durability);
    }

    /// <summary>Opens a log that is only read; it is not made where there is none.</summary>
    /// <exception cref="StoreException">Redis cannot be reached, or has no such log.</exception>
    public static async ValueTask<RedisAuditStore> OpenToReadAsync(
        IConnectionMultiplexer redis, string name, RedisStoreOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        RedisSession session = new(redis, new RedisKeys(name), options);
        RedisAuditKeys keys = new(name);
        RedisValue id = await session.RepeatAsync(
            database => database.HashGetAsync(keys.State, RedisAuditScripts.IdField), cancel);
        return id.IsNull ? throw new StoreException($"{session.Keys}: has no audit log")
            : new RedisAuditStore(session, keys, (string)id!, new RedisDurability(null, null, null, null));
    }

    public async ValueTask<AuditHead> ReadHeadAsync(CancellationToken cancel)
    {
        RedisValue[] found = await session.RepeatAsync(
            database => database.HashGetAsync(keys.State, ["sequence", "hash"], CommandFlags.DemandMaster), cancel);
        return HeadOf((string?)found[0], (string?)found[1]);
    }

    public async ValueTask<AuditAppend> AppendAsync(AuditHead previous, IReadOnlyList<AuditRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        string group = groups.Next();
        RedisKey[] scriptKeys = keys.For(rows);
        RedisValue[] arguments = Arguments(group, previous, rows);
        RedisPatience patience = session.NewPatience();
        bool isInDoubt = false;
        while (true)
        {
            try
            {
                RedisResult[] answer = (RedisResult[])(await session.RunAsync(
                    RedisAuditScripts.Append, scriptKeys, arguments))!;
                return (int)answer[0] switch
                {
                    RedisAuditScripts.Written => default,
                    RedisAuditScripts.Moved => new AuditAppend(Moved: HeadOf((string?)answer[1], (string?)answer[2])),
                    _ => new AuditAppend(Lost: HeadOf((string?)answer[1], (string?)answer[2])),
                };
            }
            catch (RedisServerException fault) when (!isInDoubt || RedisFaults.WasMetByScript(fault))
            {
                return new AuditAppend(Outage: RedisFaults.OutageOf(fault));
            }
            catch (Exception fault) when (RedisFaults.IsOurs(fault))
            {
                isInDoubt |= RedisFaults.LeavesDoubt(fault);
                if (!isInDoubt || !patience.IsLeft)
                {
                    return new AuditAppend(Outage: RedisFaults.OutageOf(fault));
                }
            }

            // Sent again it is either found where it was written, or written now, or its place is taken.
            await patience.PauseAsync(CancellationToken.None);
        }
    }

    public async IAsyncEnumerable<AuditRow> ReadAsync(
        long after, string? about, [EnumeratorCancellation] CancellationToken cancel)
    {
        List<AuditRow> chunk;
        do
        {
            chunk = about is null
                ? Rows(await session.RepeatAsync(
                    database => database.ListRangeAsync(keys.Rows, after, after + RowsPerChunk - 1), cancel))
                : await ReadAboutAsync(after, about, cancel);
            foreach (AuditRow row in chunk)
            {
                yield return row;
            }

            after = about is null || chunk.Count == 0 ? after + RowsPerChunk : chunk[^1].Sequence;
        }
        while (chunk.Count == RowsPerChunk);
    }

    /// <summary>The connection stays open for its owner.</summary>
    public ValueTask DisposeAsync() => default;

    private static RedisValue[] Arguments(string group, AuditHead previous, IReadOnlyList<AuditRow> rows)
    {
        List<RedisValue> arguments =
        [
            group, previous.Sequence, previous.Sequence == 0 ? "" : previous.Hash, rows.Count,
            rows.Count == 0 ? "" : rows[^1].Sequence, rows.Count == 0 ? "" : rows[^1].Hash,
        ];
        arguments.AddRange(rows.Select(row => (RedisValue)RedisAuditRow.Write(row, group)));
        arguments.AddRange(rows.SelectMany(row => row.About.Select(_ => (RedisValue)row.Sequence)));
        return [.. arguments];
    }

    /// <summary>A log without a last row has none, or lost everything.</summary>
    private AuditHead HeadOf(string? number, string? hash) =>
        long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long sequence) && sequence > 0
            ? new AuditHead(sequence, hash!) : new AuditHead(0, Id);

    /// <summary>Numbers come in their order: a list of them is written as the rows are.</summary>
    private async Task<List<AuditRow>> ReadAboutAsync(long after, string about, CancellationToken cancel)
    {
        RedisValue[] numbers = await session.RepeatAsync(
            database => database.ListRangeAsync(keys.About(about)), cancel);
        long[] wanted =
            [.. numbers.Select(number => (long)number).Where(number => number > after).Take(RowsPerChunk)];
        RedisValue[] found = await session.RepeatAsync(
            database => Task.WhenAll(wanted.Select(number => database.ListGetByIndexAsync(keys.Rows, number - 1))),
            cancel);
        return Rows([.. found.Where(row => !row.IsNull)]);
    }

    private List<AuditRow> Rows(RedisValue[] found) =>
    [
        .. found.Select(value => RedisAuditRow.Read((byte[])value!)
            ?? throw new StoreException($"{Name}: an entry is no row; restore a backup")),
    ];
}

/// <summary>An entry of the list of rows: number, hash, group and row, with a space between.</summary>
internal static class RedisAuditRow
{
    public static byte[] Write(AuditRow row, string group) =>
        [.. Encoding.ASCII.GetBytes($"{row.Sequence} {row.Hash} {group} "), .. row.Json];

    /// <summary>Null where the bytes are none.</summary>
    public static AuditRow? Read(byte[] entry)
    {
        int hash = entry.AsSpan().IndexOf((byte)' ') + 1;
        int group = hash + entry.AsSpan(hash).IndexOf((byte)' ') + 1;
        int row = group + entry.AsSpan(group).IndexOf((byte)' ') + 1;
        return hash > 0 && group > hash && row > group
            && long.TryParse(
                entry.AsSpan(0, hash - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)
            ? new AuditRow(sequence, entry[row..], Encoding.ASCII.GetString(entry, hash, group - hash - 1)) : null;
    }
}
