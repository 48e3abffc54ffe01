using System.Security.Cryptography;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Packs;

/// <summary>What a server makes packs with.</summary>
/// <param name="store">Where it remembers them.</param>
/// <param name="signer">What signs them.</param>
/// <param name="keys">What their states are hashed with.</param>
public sealed class PackDesk(IPackStore store, ECDsa signer, FeedKeys keys) : IAsyncDisposable
{
    /// <summary>Name of the private key in a data directory.</summary>
    public const string SigningName = "packs.signing.pem";

    /// <summary>Name of the public key in a data directory, for those who import.</summary>
    public const string PublicName = "packs.public.pem";

    /// <summary>Where it remembers them.</summary>
    public IPackStore Store => store;

    /// <summary>What signs them.</summary>
    public ECDsa Signer => signer;

    /// <summary>What their states are hashed with.</summary>
    public FeedKeys Keys => keys;

    /// <summary>Packs that are made or on their way.</summary>
    public PackPlaces Places { get; } = new(most: 4, mostOfOne: 2);

    /// <summary>Where packs lie that are made or on their way.</summary>
    public string TemporaryDirectory { get; set; } = Path.GetTempPath();

    /// <summary>One pack is made at a time: it reads the whole gallery.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    /// <summary>The desk of an embedded server.</summary>
    /// <exception cref="StoreException">A file of the directory cannot be used.</exception>
    public static async Task<PackDesk> OpenAsync(string directory, IGalleryStore gallery, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        FeedKeys keys = new(await gallery.StateKeyAsync(cancel));
        ECDsa signer = SigningKeyFile.ReadOrMake(
            Path.Combine(directory, SigningName), Path.Combine(directory, PublicName));
        try
        {
            return new PackDesk(SqlitePackStore.Open(directory), signer, keys);
        }
        catch
        {
            signer.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A file for a pack that is being made, which ends with its stream, also where the process is killed. What is in
    /// it is encrypted already.
    /// </summary>
    /// <exception cref="IOException">The disk cannot be written.</exception>
    public FileStream NewFile()
    {
        string path = Path.Combine(TemporaryDirectory, $"matchcluster-{Guid.NewGuid():N}.pack");
        FileStreamOptions options = PrivateFiles.Options(FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        options.Options = FileOptions.Asynchronous
            | (OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None);
        FileStream file = new(path, options);
        if (!OperatingSystem.IsWindows())
        {
            // Without a name it is there for its stream alone.
            File.Delete(path);
        }

        return file;
    }

    public async ValueTask DisposeAsync()
    {
        signer.Dispose();
        Turn.Dispose();
        if (store is IAsyncDisposable own)
        {
            await own.DisposeAsync();
        }
    }
}
