using System.Globalization;
using System.Text;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>
/// Brings elements of an outbox into the logs: reads how far the logs are, works out what they become, and writes that
/// if nobody else took meanwhile, otherwise again.
/// </summary>
internal sealed class RedisFeedTake(RedisSession session, int partitions, int rows)
{
    private const byte Separator = (byte)':';

    /// <summary>Elements of an outbox that one take brings: a fraction of a millisecond of Redis' time.</summary>
    private const int ElementsPerTake = 256;

    /// <summary>Takes some elements of an outbox and removes them from it.</summary>
    /// <returns>Whether more may be left.</returns>
    /// <exception cref="StoreException">Redis refused it, or an element cannot be read.</exception>
    public async Task<bool> RunAsync(int partition, CancellationToken cancel)
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            RedisResult[] state = (RedisResult[])(await session.RepeatAsync(
                _ => session.RunAsync(RedisFeedScripts.State, [session.Keys.Taken], [partition]), cancel))!;

            // After the count was read: whatever is taken meanwhile makes the count another one.
            RedisValue[] elements = await session.RepeatAsync(
                database => database.ListRangeAsync(
                    session.Keys.Outbox(partition), 0, ElementsPerTake - 1, CommandFlags.DemandMaster),
                cancel);
            if (elements.Length == 0)
            {
                return false;
            }

            if (!await TryAsync(partition, state, [.. elements.Select(Read)], cancel))
            {
                continue;
            }

            RedisKey[] keys = [session.Keys.Outbox(partition)];
            await session.RepeatAsync(_ => session.RunAsync(RedisFeedScripts.Drop, keys, elements), cancel);
            return elements.Length == ElementsPerTake;
        }
    }

    private async Task<bool> TryAsync(int partition, RedisResult[] state, Element[] all, CancellationToken cancel)
    {
        string takes = (string)state[0]!;
        string before = (string)state[1]!;
        int begun = (int)state[2] + (before.Length == 0 ? 1 : 0);
        Element[] left = [.. After(all, before)];
        if (left.Length == 0)
        {
            return true;
        }

        HashSet<string> names = new(left.Where(one => one.Entry is not null).Select(one => one.Entry!.Gallery));
        if (left.Any(one => one.Begin is not null))
        {
            names.UnionWith(left.SelectMany(one => one.Begin?.Keys ?? Enumerable.Empty<string>()));
            names.UnionWith((await session.RepeatAsync(
                database => database.SetMembersAsync(session.Keys.Logged, CommandFlags.DemandMaster), cancel))
                .Select(name => (string)name!));
        }

        Dictionary<string, Log> logs = await ReadAsync(names, partition, cancel);
        foreach (Element element in left)
        {
            Apply(element, logs, begun >= partitions);
        }

        Log[] changed = [.. logs.Values.Where(log => log.IsChanged)];
        RedisKey[] keys =
        [
            session.Keys.Taken, session.Keys.Logged,
            .. changed.SelectMany(log => new[] { session.Keys.LogHead(log.Name), session.Keys.Log(log.Name) }),
        ];
        RedisValue[] arguments =
        [
            takes, partition, left[^1].Place, .. changed.SelectMany(log => log.Arguments(rows)),
        ];

        // Written twice where an answer was lost, the second one finds another count and looks again.
        return (int)await session.RepeatAsync(
            _ => session.RunAsync(RedisFeedScripts.Take, keys, arguments), cancel) == 1;
    }

    private async Task<Dictionary<string, Log>> ReadAsync(
        IReadOnlyCollection<string> names, int partition, CancellationToken cancel)
    {
        string[] ordered = [.. names.Order(StringComparer.Ordinal)];
        RedisValue[] fields = ["first", "last", "state", $"of:{partition}"];
        RedisValue[][] heads = await session.RepeatAsync(
            database => Task.WhenAll(ordered.Select(
                name => database.HashGetAsync(session.Keys.LogHead(name), fields, CommandFlags.DemandMaster))),
            cancel);
        return ordered.Zip(heads, (name, head) => new Log(name)
        {
            First = head[0].IsNull ? 0 : (long)head[0],
            Last = head[1].IsNull ? 0 : (long)head[1],
            State = FeedCodec.ReadState((byte[]?)head[2]),
            Part = FeedCodec.ReadState((byte[]?)head[3]),
        }).ToDictionary(log => log.Name, StringComparer.Ordinal);
    }

    private static void Apply(Element element, Dictionary<string, Log> logs, bool isKnown)
    {
        if (element.Entry is { } entry)
        {
            Log log = logs[entry.Gallery];
            log.Last++;
            log.State += entry.Difference;
            log.Part += entry.Difference;
            log.IsChanged = true;
            log.Rows.Add(FeedCodec.Row(entry, isKnown ? log.State : null));
            return;
        }

        foreach (Log log in logs.Values)
        {
            GalleryState holds = element.Begin!.GetValueOrDefault(log.Name);
            if (holds != log.Part)
            {
                log.State += holds - log.Part;
                log.Part = holds;
                log.First = ++log.Last;
                log.Rows.Clear();
                log.IsChanged = true;
            }
        }
    }

    /// <summary>
    /// What comes after the element that was taken last. Elements are removed from the front, after they were taken: as
    /// long as one of those is here, the last of them is.
    /// </summary>
    private static IEnumerable<Element> After(Element[] all, string taken)
    {
        int last = Array.FindLastIndex(all, element => element.Place == taken);
        if (last >= 0 || taken.Length == 0)
        {
            return all.Skip(last + 1);
        }

        // Where Redis came back with older data, what was taken of this feed is not taken again.
        int end = taken.IndexOf(':', StringComparison.Ordinal);
        long number = long.Parse(taken[(end + 1)..], NumberStyles.None, CultureInfo.InvariantCulture);
        return all.Where(element => element.Feed != taken[..end] || element.Number > number);
    }

    private Element Read(RedisValue value)
    {
        byte[] bytes = value!;
        int feedEnd = Array.IndexOf(bytes, Separator);
        int placeEnd = feedEnd < 0 ? -1 : Array.IndexOf(bytes, Separator, feedEnd + 1);
        if (placeEnd < 0 || !long.TryParse(
            Encoding.ASCII.GetString(bytes, feedEnd + 1, placeEnd - feedEnd - 1), NumberStyles.None,
            CultureInfo.InvariantCulture, out long number))
        {
            throw Unreadable();
        }

        (FeedEntry? entry, Dictionary<string, GalleryState>? begin) = FeedCodec.ReadEntry(bytes.AsSpan(placeEnd + 1));
        return entry is null && begin is null ? throw Unreadable()
            : new Element(Encoding.ASCII.GetString(bytes, 0, feedEnd), number, entry, begin);
    }

    private StoreException Unreadable() =>
        new($"{session.Keys}: a change on its way into the change log cannot be read");

    private sealed record Element(
        string Feed, long Number, FeedEntry? Entry, Dictionary<string, GalleryState>? Begin)
    {
        public string Place => $"{Feed}:{Number.ToString(CultureInfo.InvariantCulture)}";
    }

    private sealed class Log(string name)
    {
        public string Name { get; } = name;

        public long First { get; set; }

        public long Last { get; set; }

        public GalleryState State { get; set; }

        public GalleryState Part { get; set; }

        public bool IsChanged { get; set; }

        public List<byte[]> Rows { get; } = [];

        public IEnumerable<RedisValue> Arguments(int kept)
        {
            long first = Math.Max(First, Last - kept);
            return
            [
                Name, first, Last, FeedCodec.State(State), FeedCodec.State(Part), Last - first, Rows.Count,
                .. Rows.Select(row => (RedisValue)row),
            ];
        }
    }
}
