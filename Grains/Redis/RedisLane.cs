using MatchCluster.Matching;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Grains.Redis;

/// <summary>
/// Group commit of one partition: while a group is on its way, what arrives waits and then goes together in
/// one script call. One group at a time keeps the order and leaves at most one whose outcome can be in doubt.
/// Lanes run beside each other; Redis syncs its file once for all that it read in one turn.
/// </summary>
internal sealed class RedisLane(RedisChain chain, RedisAdmission admission)
{
    private readonly Lock gate = new();
    private readonly Queue<RedisAppend> waiting = new();
    private bool running;

    /// <summary>Queues an append that was admitted.</summary>
    public void Offer(RedisAppend append)
    {
        lock (gate)
        {
            waiting.Enqueue(append);
            if (running)
            {
                return;
            }

            running = true;
        }

        _ = RunAsync();
    }

    /// <summary>
    /// Whatever goes wrong in a round is the answer of those in it, and the lane goes on: later appends would
    /// otherwise wait for ever.
    /// </summary>
    private async Task RunAsync()
    {
        List<RedisAppend> group = new(Limits.AppendsPerCommit);
        bool more = true;
        while (more)
        {
            try
            {
                more = Take(group);
                await WriteAsync(group);
            }
            catch (Exception bug)
            {
                Throw(group, bug);
            }

            group.Clear();
        }
    }

    /// <summary>Takes what may share one script call.</summary>
    /// <returns>False where nothing waits; the lane then rests.</returns>
    private bool Take(List<RedisAppend> group)
    {
        lock (gate)
        {
            long bytes = 0;
            while (waiting.TryPeek(out RedisAppend? append)
                && (group.Count == 0 || Fits(group, bytes, append)))
            {
                waiting.Dequeue();
                if (append.TryTake())
                {
                    group.Add(append);
                    bytes += append.Bytes;
                }
                else
                {
                    admission.Leave(append.Bytes);
                }
            }

            running = group.Count > 0;
            return running;
        }
    }

    private static bool Fits(List<RedisAppend> group, long bytes, RedisAppend next) =>
        group.Count < Limits.AppendsPerCommit
        && next.Epoch == group[0].Epoch
        && next.Leases.Count == 0 && group[0].Leases.Count == 0
        && bytes + next.Bytes <= RedisLimits.GroupBytes;

    /// <summary>Never throws: it would end the lane.</summary>
    private async Task WriteAsync(List<RedisAppend> group)
    {
        if (group.Count == 0)
        {
            return;
        }

        try
        {
            RedisChainResult result = await chain.WriteAsync(group);
            if (result.IsFull && group.Count > 1)
            {
                // One by one, what fits or deletes is written and only the rest fails.
                await WriteOneByOneAsync(group);
                return;
            }

            Answer(group, result.Append);
        }
        catch (Exception bug)
        {
            Throw(group, bug);
        }
    }

    private void Throw(List<RedisAppend> group, Exception bug)
    {
        foreach (RedisAppend append in group)
        {
            if (append.Throw(bug))
            {
                admission.Leave(append.Bytes);
            }
        }
    }

    private async Task WriteOneByOneAsync(List<RedisAppend> group)
    {
        foreach (RedisAppend append in group)
        {
            await WriteAsync([append]);
        }
    }

    private void Answer(List<RedisAppend> group, AppendResult result)
    {
        foreach (RedisAppend append in group)
        {
            append.Answer(result);
            admission.Leave(append.Bytes);
        }
    }
}
