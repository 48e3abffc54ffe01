using System.Collections.Concurrent;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Cases;

/// <summary>
/// Where the probes of cases are kept until their time ends. They are apart from the documents, whose versions are kept
/// for ever: what is deleted here is gone.
/// </summary>
public interface ICaseSamples
{
    /// <summary>Keeps a probe; done means durable.</summary>
    /// <param name="caseId">The case.</param>
    /// <param name="gallery">The gallery that was searched: its key seals the probe, where there is one.</param>
    /// <param name="samples">The probe.</param>
    /// <param name="expires">When its time ends.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="Storage.StoreException">It cannot be written.</exception>
    ValueTask PutAsync(
        string caseId, string gallery, IReadOnlyList<Sample> samples, DateTimeOffset expires,
        CancellationToken cancel);

    /// <summary>
    /// The probe of a case; null where none is kept, its time has ended, or its gallery's key was destroyed.
    /// </summary>
    /// <exception cref="Storage.StoreException">It cannot be read, or is encrypted and no key is here.</exception>
    ValueTask<IReadOnlyList<Sample>?> ReadAsync(string caseId, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Deletes a probe; nothing happens where none is kept.</summary>
    /// <exception cref="Storage.StoreException">It cannot be written.</exception>
    ValueTask DeleteAsync(string caseId, CancellationToken cancel);

    /// <summary>Deletes the probes whose time has ended and that the store has not deleted by itself.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="Storage.StoreException">It cannot be written.</exception>
    ValueTask<int> PurgeAsync(DateTimeOffset now, CancellationToken cancel);
}

/// <summary>Keeps probes in memory.</summary>
public sealed class MemoryCaseSamples : ICaseSamples
{
    private readonly ConcurrentDictionary<string, (IReadOnlyList<Sample> Samples, DateTimeOffset Expires)> kept = new();

    public ValueTask PutAsync(
        string caseId, string gallery, IReadOnlyList<Sample> samples, DateTimeOffset expires,
        CancellationToken cancel)
    {
        kept[caseId] = (samples, expires);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<Sample>?> ReadAsync(string caseId, DateTimeOffset now, CancellationToken cancel) =>
        ValueTask.FromResult(kept.TryGetValue(caseId, out var one) && now < one.Expires ? one.Samples : null);

    public ValueTask DeleteAsync(string caseId, CancellationToken cancel)
    {
        kept.TryRemove(caseId, out _);
        return ValueTask.CompletedTask;
    }

    public ValueTask<int> PurgeAsync(DateTimeOffset now, CancellationToken cancel) =>
        ValueTask.FromResult(kept.Count(one => one.Value.Expires <= now && kept.TryRemove(one)));
}
