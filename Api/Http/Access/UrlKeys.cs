using System.Net;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace MatchCluster.Api.Http.Access;

/// <summary>
/// A JWKS at an address: fetched again every ten minutes, and for an unknown key id at most every half minute, so that
/// invented ids do not become requests to the issuer. An issuer that cannot be reached leaves the keys in force for a
/// day; then no token is taken any more.
/// </summary>
internal sealed class UrlKeys(Uri url, TimeProvider time) : KeySource
{
    /// <summary>Keys older than this are fetched again.</summary>
    public static readonly TimeSpan RefreshAfter = TimeSpan.FromMinutes(10);

    /// <summary>Between two attempts at least, whatever the tokens say.</summary>
    public static readonly TimeSpan AttemptEvery = TimeSpan.FromSeconds(30);

    /// <summary>Keys that were not confirmed for so long hold no more: a key may have been withdrawn.</summary>
    public static readonly TimeSpan HoldFor = TimeSpan.FromHours(24);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly HttpClient Http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Patience,
        MaxResponseContentBufferSize = WatchedFile<string>.MostBytes,
    };

    private readonly Lock gate = new();
    private Task fetching = Task.CompletedTask;
    private volatile Fetched? held;
    private long? attempted;

    public override IReadOnlyDictionary<string, SecurityKey>? Current =>
        held is { } known && time.GetElapsedTime(known.At) < HoldFor ? known.Keys : null;

    public override Action<string> OnRefused { get; set; } = _ => { };

    public override async ValueTask PrepareAsync(string kid, CancellationToken cancel)
    {
        bool isKnown = Current?.ContainsKey(kid) == true;
        if (isKnown && held is { } known && time.GetElapsedTime(known.At) < RefreshAfter)
        {
            return;
        }

        // Nobody waits for keys that are only to be confirmed: the issuer may be out of reach.
        Task fetch = FetchIfDue();
        if (!isKnown)
        {
            await fetch.WaitAsync(cancel);
        }
    }

    /// <summary>One fetch at a time, for whoever asks meanwhile: they may be about the same new key.</summary>
    private Task FetchIfDue()
    {
        lock (gate)
        {
            if (fetching.IsCompleted && !(attempted is { } last && time.GetElapsedTime(last) < AttemptEvery))
            {
                attempted = time.GetTimestamp();
                fetching = FetchAsync();
            }

            return fetching;
        }
    }

    /// <summary>Not ended by the caller who happens to be first: others wait for the same keys.</summary>
    private async Task FetchAsync()
    {
        try
        {
            using HttpResponseMessage answer = await Http.GetAsync(url);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                throw new InvalidDataException($"found status {(int)answer.StatusCode}, wanted 200");
            }

            // JSON is UTF-8, whatever charset the answer claims.
            string json = Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync());
            held = new Fetched(SigningKeys.Read(json), time.GetTimestamp());
        }
        catch (Exception wrong) when (
            wrong is HttpRequestException or InvalidDataException or IOException or OperationCanceledException)
        {
            OnRefused($"{url.GetLeftPart(UriPartial.Path)}: {wrong.Message}");
        }
    }

    private sealed record Fetched(IReadOnlyDictionary<string, SecurityKey> Keys, long At);
}
