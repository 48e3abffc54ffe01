namespace MatchCluster.Matching.Galleries;

/// <summary>One version of an encounter that expires.</summary>
internal readonly record struct ExpiringEncounter(string PersonId, string EncounterId, Guid RecordId);

/// <summary>
/// What expires next in a table, and what has expired. Under the table's lock, apart from <see cref="Next"/>. Entries
/// of versions that were replaced stay in the queue until their time comes and are passed over then.
/// </summary>
internal sealed class ExpiryQueue
{
    private readonly PriorityQueue<ExpiringEncounter, uint> queue = new();
    private uint next = uint.MaxValue;

    /// <summary>The earliest time at which something expires; the end of time where nothing does.</summary>
    public uint Next => Volatile.Read(ref next);

    /// <summary>What has expired and is still in the table.</summary>
    public HashSet<ExpiringEncounter> Expired { get; } = [];

    /// <summary>Queues a version; one that never expires (0) is not queued.</summary>
    public void Add(ExpiringEncounter version, uint at)
    {
        if (at != 0)
        {
            queue.Enqueue(version, at);
            Volatile.Write(ref next, Math.Min(next, at));
        }
    }

    /// <summary>A version that is in the table no more.</summary>
    public void Forget(ExpiringEncounter version) => Expired.Remove(version);

    /// <summary>Takes what expires up to a time.</summary>
    public IReadOnlyList<ExpiringEncounter> TakeUpTo(uint now)
    {
        List<ExpiringEncounter> taken = [];
        while (queue.TryPeek(out ExpiringEncounter version, out uint at) && at <= now)
        {
            queue.Dequeue();
            taken.Add(version);
        }

        Volatile.Write(ref next, queue.TryPeek(out _, out uint earliest) ? earliest : uint.MaxValue);
        return taken;
    }

    public void Clear()
    {
        queue.Clear();
        Expired.Clear();
        Volatile.Write(ref next, uint.MaxValue);
    }
}
