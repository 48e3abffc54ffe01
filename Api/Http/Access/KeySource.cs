using Microsoft.IdentityModel.Tokens;

namespace MatchCluster.Api.Http.Access;

/// <summary>Where the keys of the issuer come from. They change while the server runs (key rotation).</summary>
internal abstract class KeySource
{
    /// <summary>The keys that hold now, by their ids; null where there are none yet, or none that are fresh.</summary>
    public abstract IReadOnlyDictionary<string, SecurityKey>? Current { get; }

    /// <summary>Told why newer keys could not be read.</summary>
    public abstract Action<string> OnRefused { get; set; }

    /// <summary>Before a token of this key is checked: looks for newer keys where that may help.</summary>
    public abstract ValueTask PrepareAsync(string kid, CancellationToken cancel);

    /// <summary>The key of an id; null where there is none.</summary>
    public SecurityKey? Find(string? kid) =>
        kid is not null && Current is { } keys && keys.TryGetValue(kid, out SecurityKey? key) ? key : null;

    /// <summary>A file or an address.</summary>
    /// <exception cref="InvalidDataException">The text names neither, or the file cannot be read.</exception>
    public static KeySource Of(string text, TimeProvider time)
    {
        bool isUrl = Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https";
        return !isUrl ? new FileKeys(text)
            : url!.Scheme == Uri.UriSchemeHttps || url.IsLoopback ? new UrlKeys(url, time)
            : throw new InvalidDataException(
                "found a key set over http, wanted https (http is for addresses of this machine): "
                    + "whoever is on the way could exchange the keys");
    }
}

/// <summary>A JWKS file, read again when it changes.</summary>
internal sealed class FileKeys(string path) : KeySource
{
    private readonly WatchedFile<IReadOnlyDictionary<string, SecurityKey>> file = new(path, SigningKeys.Read);

    public override IReadOnlyDictionary<string, SecurityKey> Current => file.Value;

    public override Action<string> OnRefused
    {
        get => file.OnRefused;
        set => file.OnRefused = value;
    }

    public override ValueTask PrepareAsync(string kid, CancellationToken cancel) => ValueTask.CompletedTask;
}
