namespace MatchCluster.Grains.Clients;

/// <summary>
/// Where the partitions were when they last answered. This is a guess: a silo that is asked says what it has,
/// and a partition that is not where it was thought to be is asked for by name, which finds it.
/// </summary>
internal sealed class PartitionMap(int partitions)
{
    private readonly string?[] silos = new string?[partitions];
    private TaskCompletionSource changed = New();

    /// <summary>Completes at the next change.</summary>
    public Task Changed => Volatile.Read(ref changed).Task;

    /// <summary>Name of the silo, or null where it is not known.</summary>
    public string? Of(int partition) => Volatile.Read(ref silos[partition]);

    public void Found(int partition, string silo) => Set(partition, silo);

    /// <summary>What a silo says it has; what was thought to be there too is somewhere else.</summary>
    public void Found(string silo, IEnumerable<int> hosted)
    {
        bool[] isThere = new bool[silos.Length];
        foreach (int partition in hosted.Where(partition => partition >= 0 && partition < silos.Length))
        {
            isThere[partition] = true;
            Set(partition, silo);
        }

        for (int partition = 0; partition < silos.Length; partition++)
        {
            if (!isThere[partition] && Of(partition) == silo)
            {
                Set(partition, null);
            }
        }
    }

    /// <summary>A silo that is out of reach.</summary>
    public void Lost(string silo) => Found(silo, []);

    private void Set(int partition, string? silo)
    {
        if (Of(partition) != silo)
        {
            Volatile.Write(ref silos[partition], silo);
            Interlocked.Exchange(ref changed, New()).TrySetResult();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
