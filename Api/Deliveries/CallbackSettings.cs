using System.Net;
using MatchCluster.Api.Http.Outgoing;

namespace MatchCluster.Api.Deliveries;

/// <summary>A server that callback addresses may name.</summary>
/// <param name="Partner">The one partner that may name it; null for every caller.</param>
/// <param name="Origin">Scheme, host and port.</param>
internal sealed record CallbackServer(string? Partner, Uri Origin);

/// <summary>Where results may be sent, and how long that is tried.</summary>
internal sealed record CallbackSettings
{
    /// <summary>Nothing is sent anywhere.</summary>
    public static CallbackSettings None { get; } = new();

    /// <summary>Servers that may be named; none where the list is empty.</summary>
    public IReadOnlyList<CallbackServer> Servers { get; init; } = [];

    /// <summary>Whether a name of the list may lead to a private network.</summary>
    public bool AllowsPrivate { get; init; }

    /// <summary>The longest that one attempt takes, from the name to the end of the answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Deliveries to one server at a time; one only while its last answer was none.</summary>
    public int MostAtOnce { get; init; } = 4;

    /// <summary>File of the private key that signs; null takes that of the data directory.</summary>
    public string? KeyFile { get; init; }

    public RetryPlan Plan { get; init; } = RetryPlan.Default;

    /// <summary>What signs results; null sends them unsigned, in tests alone.</summary>
    public MessageSigner? Signer { get; init; }

    /// <summary>Addresses of a name; null asks the system.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>>? Resolve { get; init; }

    /// <summary>These settings with their key opened, which is made where it is missing.</summary>
    /// <param name="directory">The data directory; null where there is none.</param>
    /// <exception cref="MatchCluster.Matching.Storage.StoreException">The key cannot be used.</exception>
    public CallbackSettings WithSigner(string? directory) =>
        Servers.Count == 0 ? this : this with { Signer = MessageSigner.Open(KeyFile, directory) };

    /// <summary>
    /// Servers of a list, separated by semicolons or commas, each <c>ORIGIN</c> or <c>PARTNER=ORIGIN</c>; null where
    /// one is none.
    /// </summary>
    public static IReadOnlyList<CallbackServer>? Read(string? list)
    {
        List<CallbackServer> servers = [];
        foreach (string text in (list ?? "").Split(
            [';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int end = text.IndexOf("=http", StringComparison.OrdinalIgnoreCase);
            if (end == 0 || Origins.One(text[(end + 1)..]) is not { } origin)
            {
                return null;
            }

            servers.Add(new CallbackServer(end < 0 ? null : text[..end], origin));
        }

        return servers;
    }
}
