using System.Collections.Concurrent;
using System.Text.Json;
using Orleans.Storage;

namespace MatchCluster.Grains.Tests.Clusters;

/// <summary>
/// Grain storage that outlives every silo of a test, as Redis does. Orleans' own memory storage lies in grains: with a
/// killed silo the catalogue may go too, and everything would be placed again.
/// </summary>
internal sealed class SharedGrainStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<(string, GrainId), (string ETag, string Json)> kept = new();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (kept.TryGetValue((stateName, grainId), out (string ETag, string Json) found))
        {
            (grainState.ETag, grainState.RecordExists) = (found.ETag, true);
            grainState.State = JsonSerializer.Deserialize<T>(found.Json)!;
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        (string ETag, string Json) next = ($"{Guid.NewGuid():n}", JsonSerializer.Serialize(grainState.State));
        bool isWritten = grainState.ETag is { } last
            ? kept.TryGetValue((stateName, grainId), out (string ETag, string Json) found) && found.ETag == last
                && kept.TryUpdate((stateName, grainId), next, found)
            : kept.TryAdd((stateName, grainId), next);
        if (!isWritten)
        {
            throw new InconsistentStateException("somebody else wrote in between");
        }

        (grainState.ETag, grainState.RecordExists) = (next.ETag, true);
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        kept.TryRemove((stateName, grainId), out _);
        (grainState.ETag, grainState.RecordExists) = (null, false);
        return Task.CompletedTask;
    }
}
