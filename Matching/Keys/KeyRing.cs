using System.Collections.Immutable;
using System.Security.Cryptography;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Keys;

/// <summary>
/// The keys of a store's galleries in memory: opened with the master key, made where a gallery has none yet, read again
/// where another process may have changed them. Any thread may ask; readers take a picture, changes swap it.
/// </summary>
public sealed class KeyRing : IGalleryKeys, IDisposable
{
    /// <summary>The name of the store's own key. No gallery can be called so.</summary>
    internal const string OwnKey = "";

    /// <summary>Between a process' look at its clock and its sealing.</summary>
    private static readonly TimeSpan ForOthers = TimeSpan.FromSeconds(1);

    private readonly IKeyStore store;
    private readonly MasterKeySource source;
    private readonly TimeProvider clock;
    private readonly TimeSpan? trusted;
    private readonly SemaphoreSlim door = new(1);
    private volatile KeyPicture picture = KeyPicture.Empty;
    private volatile MasterKey master;
    private volatile ImmutableDictionary<string, MasterKey> known;
    private long readAt;

    private KeyRing(IKeyStore store, MasterKeySource source, MasterKey master, TimeSpan? trusted, TimeProvider clock)
    {
        this.store = store;
        this.source = source;
        this.master = master;
        known = ImmutableDictionary.Create<string, MasterKey>(StringComparer.Ordinal).Add(master.Id, master);
        this.trusted = trusted;
        this.clock = clock;
    }

    /// <summary>Fills nonces and keys; tests put their own in its place.</summary>
    internal FillRandom Random { get; set; } = RandomNumberGenerator.Fill;

    /// <summary>The id of the master key that is used now.</summary>
    public string MasterKeyId => master.Id;

    /// <summary>
    /// How long a picture of the keys may be used for sealing; null where no other process changes them.
    /// </summary>
    public TimeSpan? TrustedFor => trusted;

    /// <summary>Every key, by gallery and number.</summary>
    public IReadOnlyList<KeyFacts> All => picture.Facts();

    /// <summary>Opens the keys of a store; makes the store's own key where it has none.</summary>
    /// <param name="store">Where they lie.</param>
    /// <param name="source">Where the master key comes from.</param>
    /// <param name="master">The key that was read there; it is the ring's to dispose of.</param>
    /// <param name="trusted">
    /// How old a picture of the keys may be when something is sealed; null where no other process changes them.
    /// </param>
    /// <param name="clock">Time.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <exception cref="KeyException">The keys were wrapped with another master key.</exception>
    public static async Task<KeyRing> OpenAsync(
        IKeyStore store, MasterKeySource source, MasterKey master, TimeSpan? trusted, TimeProvider clock,
        CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(master);
        KeyRing ring = new(store, source, master, trusted, clock);
        try
        {
            await ring.RefreshAsync(cancel);
            _ = await ring.EnsureAsync([OwnKey], cancel);
            return ring;
        }
        catch
        {
            ring.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Makes sure that every gallery has a key that may seal now. Called before something is sealed.
    /// </summary>
    /// <returns>Why nothing can be sealed for one of them now; null where all is well.</returns>
    /// <exception cref="KeyException">Another process used another master key.</exception>
    public async ValueTask<Outage?> EnsureAsync(IEnumerable<string> galleries, CancellationToken cancel)
    {
        if (trusted is { } most && clock.GetElapsedTime(Interlocked.Read(ref readAt)) > most)
        {
            await RefreshAsync(cancel);
        }

        foreach (string gallery in galleries)
        {
            if (picture.Current(gallery) is null && await MakeFirstAsync(gallery, cancel) is { } outage)
            {
                return outage;
            }
        }

        return null;
    }

    /// <summary>
    /// Reads the keys again, with the master key that is there now where the one before does not open them.
    /// </summary>
    /// <exception cref="KeyException">They do not open.</exception>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        await door.WaitAsync(cancel);
        try
        {
            await ReadAsync(cancel);
        }
        finally
        {
            door.Release();
        }
    }

    /// <summary>
    /// Gives a gallery a new key: what is sealed from now on is sealed with it, and what older keys sealed is still
    /// read until <see cref="RemoveOldAsync"/>.
    /// </summary>
    /// <returns>Its number; null where the gallery has no key to rotate.</returns>
    public async Task<int?> RotateAsync(string gallery, CancellationToken cancel)
    {
        await door.WaitAsync(cancel);
        try
        {
            while (true)
            {
                await ReadAsync(cancel);
                if (picture.Current(gallery) is not { } before)
                {
                    return null;
                }

                GalleryKey next = New(gallery, before.Number + 1);
                if (await store.TryAddKeyAsync(KeyCodec.Wrap(next, master, Random), cancel))
                {
                    await ReadAsync(cancel);
                    return next.Number;
                }
            }
        }
        finally
        {
            door.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<KeyList> ListAsync(CancellationToken cancel)
    {
        await RefreshAsync(cancel);
        return new KeyList(MasterKeyId, All);
    }

    /// <summary>
    /// Lets a gallery's keys seal nothing any more: it is about to be deleted. Who seals for it is told to try again
    /// until <see cref="DestroyAsync"/> or <see cref="ReopenAsync"/>.
    /// </summary>
    public async Task CloseAsync(string gallery, CancellationToken cancel)
    {
        if (await MarkAsync(gallery, KeyState.Closing, cancel) && trusted is { } most)
        {
            // Others may use the picture of the keys that they have for as long.
            await Task.Delay(most + ForOthers, clock, cancel);
        }
    }

    /// <inheritdoc/>
    public Task ReopenAsync(string gallery, CancellationToken cancel) => MarkAsync(gallery, KeyState.InUse, cancel);

    private async Task<bool> MarkAsync(string gallery, KeyState state, CancellationToken cancel)
    {
        await door.WaitAsync(cancel);
        try
        {
            await ReadAsync(cancel);
            GalleryKey[] marked = [.. picture.Of(gallery).Select(key => key with { State = state })];
            await store.ReplaceKeysAsync([.. marked.Select(key => KeyCodec.Wrap(key, master, Random))], cancel);
            await ReadAsync(cancel);
            return marked.Length > 0;
        }
        finally
        {
            door.Release();
        }
    }

    /// <summary>Destroys every key of a gallery: what they sealed can be read by nobody any more.</summary>
    public Task DestroyAsync(string gallery, CancellationToken cancel) =>
        RemoveAsync(gallery, _ => true, cancel);

    /// <summary>Destroys the older keys of a gallery, once nothing is sealed with them any more.</summary>
    public Task RemoveOldAsync(string gallery, CancellationToken cancel) =>
        RemoveAsync(gallery, key => key.Id != picture.Current(gallery)?.Id, cancel);

    /// <inheritdoc/>
    public Task<int> RewrapAsync(CancellationToken cancel) => RewrapAsync(null, cancel);

    /// <summary>
    /// Reads the master key again and wraps every key with it. Keys of galleries stay as they are, so that nothing else
    /// has to be written.
    /// </summary>
    /// <param name="to">Where the new master key comes from; null reads the same source again.</param>
    /// <param name="cancel">Ends it early; it can be done again.</param>
    /// <returns>How many keys were wrapped again.</returns>
    public async Task<int> RewrapAsync(MasterKeySource? to, CancellationToken cancel)
    {
        await door.WaitAsync(cancel);
        try
        {
            await ReadAsync(cancel);
            MasterKey next = Know((to ?? source).Read());
            int wrapped = 0;
            while (true)
            {
                // Another process may add a key that it wrapped with the old one meanwhile.
                IReadOnlyList<WrappedKey> old =
                    [.. (await store.ReadKeysAsync(cancel)).Where(key => KeyCodec.MasterOf(key) != next.Id)];
                if (old.Count == 0)
                {
                    break;
                }

                await store.ReplaceKeysAsync(
                    [.. old.Select(key => KeyCodec.Wrap(Open(key), next, Random))], cancel);
                wrapped += old.Count;
            }

            master = next;
            await ReadAsync(cancel);
            return wrapped;
        }
        finally
        {
            door.Release();
        }
    }

    public void Dispose()
    {
        foreach (MasterKey key in known.Values)
        {
            key.Dispose();
        }

        door.Dispose();
    }

    /// <summary>The key of an id; null where it is not here, because its gallery was deleted.</summary>
    internal GalleryKey? Find(Guid id) => picture.Find(id);

    /// <summary>What new records of a gallery are sealed with; null where there is none now.</summary>
    internal GalleryKey? Current(string gallery) => picture.Current(gallery);

    private async Task<Outage?> MakeFirstAsync(string gallery, CancellationToken cancel)
    {
        await door.WaitAsync(cancel);
        try
        {
            if (picture.Current(gallery) is null && !picture.IsClosing(gallery))
            {
                WrappedKey first = KeyCodec.Wrap(New(gallery, 1), master, Random);
                await store.TryAddKeyAsync(first, cancel);
            }

            // Ours, or the one of somebody who was earlier; or the gallery that was being deleted is gone.
            await ReadAsync(cancel);
            return picture.Current(gallery) is not null ? null
                : new Outage("a gallery of it is being deleted; try again in a moment", MayRetry: true);
        }
        finally
        {
            door.Release();
        }
    }

    private async Task RemoveAsync(string gallery, Func<GalleryKey, bool> which, CancellationToken cancel)
    {
        await door.WaitAsync(cancel);
        try
        {
            await ReadAsync(cancel);
            int[] numbers = [.. picture.Of(gallery).Where(which).Select(key => key.Number)];
            if (numbers.Length > 0)
            {
                await store.RemoveKeysAsync(gallery, numbers, cancel);
                await ReadAsync(cancel);
            }
        }
        finally
        {
            door.Release();
        }
    }

    private GalleryKey New(string gallery, int number)
    {
        byte[] key = new byte[GalleryKey.Bytes];
        Random(key);
        Span<byte> id = stackalloc byte[16];
        Random(id);
        return new GalleryKey(gallery, number, new Guid(id), KeyState.InUse, clock.GetUtcNow(), key);
    }

    private async Task ReadAsync(CancellationToken cancel)
    {
        long began = clock.GetTimestamp();
        IReadOnlyList<WrappedKey> wrapped = await store.ReadKeysAsync(cancel);
        if (wrapped.Any(key => KeyCodec.MasterOf(key) is { } id && !known.ContainsKey(id)))
        {
            // Another process wrapped it with a master key that came after ours.
            master = Know(source.Read());
        }

        picture = new KeyPicture([.. wrapped.Select(Open)]);
        Interlocked.Exchange(ref readAt, began);
    }

    private MasterKey Know(MasterKey read)
    {
        known = known.ContainsKey(read.Id) ? known : known.Add(read.Id, read);
        return known[read.Id];
    }

    private GalleryKey Open(WrappedKey wrapped)
    {
        MasterKey with = KeyCodec.MasterOf(wrapped) is { } id && known.TryGetValue(id, out MasterKey? one)
            ? one : master;
        Decoded<GalleryKey> key = KeyCodec.Unwrap(wrapped, with);
        return key.IsAccepted ? key.Value : throw new KeyException(
            (wrapped.Gallery == OwnKey ? "the key of the store" : $"key {wrapped.Number} of gallery {wrapped.Gallery}")
            + $" does not open: {key.Rejection}; "
            + "give the master key that it was wrapped with");
    }
}
