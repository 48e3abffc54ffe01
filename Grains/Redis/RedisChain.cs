using System.Globalization;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>
/// The groups of one partition as links: each has an id, names the one it follows, and Redis remembers the
/// last of every epoch. A group whose answer was lost is sent again: Redis says that it has it, or writes it
/// now. A delayed copy that arrives after a later group finds its place taken and changes nothing. A server
/// that came back without groups it had acked does not know the one that is followed: it fences the owner,
/// who then loads what is really there.
/// </summary>
internal sealed class RedisChain(RedisSession session, int partition, RedisGroupIds ids)
{
    private readonly RedisKey[] keys = session.Keys.Partition(partition);
    private long epoch = -1;
    private string last = "";

    /// <summary>Writes appends of one epoch as one group; called by one at a time.</summary>
    public async Task<RedisChainResult> WriteAsync(IReadOnlyList<RedisAppend> group)
    {
        string id = ids.Next();
        RedisValue[] arguments = Arguments(id, group);
        RedisPatience patience = session.NewPatience();
        bool isInDoubt = false;
        while (true)
        {
            try
            {
                RedisResult[] answer =
                    (RedisResult[])(await session.RunAsync(RedisScripts.Append, keys, arguments))!;
                string found = (string)answer[1]!;
                if ((int)answer[0] == RedisScripts.Follows && ids.IsLater(found, (string)arguments[1]!))
                {
                    // One of ours that was given up in doubt had been written after all.
                    arguments[1] = found;
                    continue;
                }

                return Result((int)answer[0], found, id, group[0].Epoch);
            }
            catch (RedisServerException fault) when (!isInDoubt || RedisFaults.WasMetByScript(fault))
            {
                return RedisChainResult.Failed(RedisFaults.OutageOf(fault), RedisFaults.IsFull(fault));
            }
            catch (Exception fault) when (RedisFaults.IsOurs(fault))
            {
                isInDoubt |= RedisFaults.LeavesDoubt(fault);
                if (!isInDoubt)
                {
                    return RedisChainResult.Failed(RedisFaults.OutageOf(fault));
                }
            }

            if (!patience.IsLeft)
            {
                AppendResult unknown = new(AppendOutcome.Unknown, Outage: session.OutcomeUnknown());
                return new RedisChainResult(unknown);
            }

            await patience.PauseAsync(CancellationToken.None);
        }
    }

    private RedisValue[] Arguments(string id, IReadOnlyList<RedisAppend> group)
    {
        List<RedisValue> arguments = new(6 + group.Sum(append => (3 * append.Count) + (2 * append.Leases.Count)))
        {
            id,
            group[0].Epoch == epoch ? last : "",
            group[0].Epoch,
            group.Any(append => append.Puts) ? 1 : 0,
        };
        RedisValue[] changes = [.. group.SelectMany(append => append.Changes)];
        arguments.Add(changes.Length);
        arguments.AddRange(changes);
        arguments.Add(group[0].Leases.Count);
        foreach (GalleryLease lease in group[0].Leases)
        {
            arguments.Add(lease.Gallery);
            arguments.Add(lease.Epoch);
        }

        foreach (RedisAppend append in group)
        {
            append.AddTo(arguments);
        }

        return [.. arguments];
    }

    private RedisChainResult Result(int code, string found, string id, long groupEpoch)
    {
        switch (code)
        {
            case RedisScripts.Applied:
                epoch = groupEpoch;
                last = id;
                return new RedisChainResult(new AppendResult(AppendOutcome.Applied));
            case RedisScripts.Fenced:
                long current = long.Parse(found, CultureInfo.InvariantCulture);
                return new RedisChainResult(new AppendResult(AppendOutcome.Fenced, current));
            case RedisScripts.Overtaken:
                return new RedisChainResult(new AppendResult(AppendOutcome.Overtaken));
            default:
                return new RedisChainResult(new AppendResult(AppendOutcome.Fenced, groupEpoch));
        }
    }
}

/// <param name="Append">The answer for every append of the group.</param>
/// <param name="IsFull">It failed because Redis is full: parts of the group may still be written.</param>
internal readonly record struct RedisChainResult(AppendResult Append, bool IsFull = false)
{
    public static RedisChainResult Failed(Outage outage, bool isFull = false) =>
        new(new AppendResult(AppendOutcome.Failed, Outage: outage), isFull);
}
