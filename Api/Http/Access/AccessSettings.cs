using System.Security.Cryptography.X509Certificates;
using MatchCluster.ServiceDefaults.Hosting;

namespace MatchCluster.Api.Http.Access;

/// <summary>How callers are told apart, and what lets the server be reached from elsewhere.</summary>
internal sealed record AccessSettings
{
    /// <summary>No credentials: only programs of this machine can call, and nobody is asked who it is.</summary>
    public static AccessSettings None { get; } = new();

    /// <summary>What tokens are checked by; null takes none.</summary>
    public TokenSettings? Tokens { get; init; }

    /// <summary>The file of the key that signs tokens for development; null where another issuer does.</summary>
    public string? DevelopmentKey { get; init; }

    /// <summary>What clients' certificates are checked by; null asks for none.</summary>
    public CertificateSettings? Certificates { get; init; }

    /// <summary>The server's own certificate; null speaks http only.</summary>
    public ServerCertificate? Tls { get; init; }

    /// <summary>A proxy in front of the server ends TLS.</summary>
    public bool AllowsInsecureHttp { get; init; }

    public bool IsConfigured => Tokens is not null || Certificates is not null;

    public ListenRule Listening => new(IsConfigured, Tls is not null, AllowsInsecureHttp);

    /// <summary>The means of telling callers apart, for the line at the start.</summary>
    public string Means => (Tokens, Certificates) switch
    {
        (null, null) => "nothing",
        (_, null) => "tokens",
        (null, _) => "certificates",
        _ => "tokens and certificates",
    };
}

/// <param name="Issuer">Who must have made a token (<c>iss</c>).</param>
/// <param name="Audience">For whom it must be (<c>aud</c>).</param>
/// <param name="Keys">The issuer's public keys.</param>
internal sealed record TokenSettings(string Issuer, string Audience, KeySource Keys)
{
    /// <summary>How far the clocks of issuer and server may differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>Characters of a token at most.</summary>
    public const int MostCharacters = 8 * 1024;
}

/// <param name="Partners">Which certificate is whose.</param>
/// <param name="Authorities">Who must have issued them; null takes the named thumbprints alone.</param>
/// <param name="Revoked">Which are revoked; null where none are.</param>
internal sealed record CertificateSettings(
    WatchedFile<PartnerList> Partners, X509Certificate2Collection? Authorities, WatchedFile<RevocationList>? Revoked);

/// <summary>The certificate of the server with its key, and those of its issuers that are sent with it.</summary>
internal sealed record ServerCertificate(X509Certificate2 Certificate, X509Certificate2Collection Chain);
