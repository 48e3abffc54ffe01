using System.Collections.Concurrent;

namespace MatchCluster.Grains.Silos;

/// <summary>The activations of this silo, by partition, as they come and go.</summary>
public sealed class LocalPartitions
{
    private readonly ConcurrentDictionary<int, IGrainContext> active = new();

    /// <summary>A picture of what is active now.</summary>
    public IReadOnlyDictionary<int, IGrainContext> Active => active.ToDictionary();

    internal void Add(int partition, IGrainContext activation) => active[partition] = activation;

    /// <summary>Forgets this activation, not one that took its place.</summary>
    internal void Remove(int partition, IGrainContext activation) =>
        active.TryRemove(KeyValuePair.Create(partition, activation));
}
