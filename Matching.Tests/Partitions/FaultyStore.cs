using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Tests.Partitions;

/// <summary>A store whose appends and loads fail or wait as a test tells them to.</summary>
internal sealed class FaultyStore(IGalleryStore inner) : IGalleryStore
{
    /// <summary>Answers an append in the store's place where it returns a result.</summary>
    public Func<AppendResult?> OnAppend { get; set; } = () => null;

    /// <summary>Told of every append, before anything else.</summary>
    public Action OnAppendSent { get; set; } = () => { };

    /// <summary>What becomes of the answer to an append that was made.</summary>
    public Func<AppendResult, AppendResult> OnAnswer { get; set; } = result => result;

    /// <summary>Appends that were asked for.</summary>
    public int Appends { get; private set; }

    /// <summary>Awaited before an append.</summary>
    public Task AppendGate { get; set; } = Task.CompletedTask;

    /// <summary>Awaited after the count of a load is known and before it reads.</summary>
    public Task LoadGate { get; set; } = Task.CompletedTask;

    public bool RefuseEpoch { get; set; }

    /// <summary>Thrown where a load begins to read.</summary>
    public Exception? LoadFailure { get; set; }

    public int PartitionCount => inner.PartitionCount;

    public MatchCluster.Matching.Keys.KeyRing? Keys => inner.Keys;

    public ValueTask<long> OpenEpochAsync(PartitionId partition, CancellationToken cancel) => RefuseEpoch
        ? throw new StoreException(new Outage("the disk is gone", MayRetry: true), "disk")
        : inner.OpenEpochAsync(partition, cancel);

    public async ValueTask<AppendResult> AppendAsync(
        PartitionId partition, long epoch, IReadOnlyList<StoreWrite> writes, CancellationToken cancel)
    {
        OnAppendSent();
        await AppendGate;
        Appends++;
        if (OnAppend() is { } instead)
        {
            return instead;
        }

        AppendResult result = await inner.AppendAsync(partition, epoch, writes, cancel);
        return OnAnswer(result);
    }

    public ValueTask<long> CountAsync(PartitionId partition, CancellationToken cancel) =>
        inner.CountAsync(partition, cancel);

    public ValueTask<PartitionDigest?> DigestAsync(PartitionId partition, CancellationToken cancel) =>
        inner.DigestAsync(partition, cancel);

    public ValueTask KeepDigestAsync(
        PartitionId partition, long epoch, PartitionDigest digest, CancellationToken cancel) =>
        inner.KeepDigestAsync(partition, epoch, digest, cancel);

    public async IAsyncEnumerable<IReadOnlyList<StoredEncounter>> ReadAllAsync(
        PartitionId partition,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await LoadGate.WaitAsync(cancel);
        if (LoadFailure is { } failure)
        {
            throw failure;
        }

        await foreach (IReadOnlyList<StoredEncounter> chunk in inner.ReadAllAsync(partition, cancel))
        {
            yield return [.. chunk.Where(stored => stored.PersonId != Missing).Select(Damage)];
        }
    }

    public ValueTask<IReadOnlyList<StoredEncounter>> ReadPersonAsync(
        PartitionId partition, string personId, CancellationToken cancel) =>
        PersonFailure is { } failure ? throw failure : inner.ReadPersonAsync(partition, personId, cancel);

    public ValueTask<byte[]?> ReadBlobAsync(string name, CancellationToken cancel) =>
        inner.ReadBlobAsync(name, cancel);

    public ValueTask WriteBlobAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancel) =>
        RefuseBlobs ? throw new StoreException("the disk is full") : inner.WriteBlobAsync(name, value, cancel);

    /// <summary>Whether small configuration, such as seals of images, cannot be written.</summary>
    public bool RefuseBlobs { get; set; }

    public ValueTask<byte[]> StateKeyAsync(CancellationToken cancel) => inner.StateKeyAsync(cancel);

    public ValueTask<long> SizeInBytesAsync(CancellationToken cancel) => inner.SizeInBytesAsync(cancel);

    public ValueTask CompactAsync(CancellationToken cancel) => inner.CompactAsync(cancel);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    /// <summary>Thrown where a person is read.</summary>
    public Exception? PersonFailure { get; set; }

    /// <summary>The person whose records a load does not find.</summary>
    public string? Missing { get; set; }

    /// <summary>The person whose stored record is unreadable.</summary>
    public string? Damaged { get; set; }

    private StoredEncounter Damage(StoredEncounter stored) => stored.PersonId != Damaged
        ? stored
        : stored with { Content = new Rejection(12, "checksum 1", "checksum 2") };
}
