using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MatchCluster.Api.Http.Failures;
using Microsoft.AspNetCore.Connections.Features;

namespace MatchCluster.Api.Http.Access;

/// <summary>
/// Mutual TLS: whose the client's certificate is. TLS has shown that the client has its key; everything else is looked
/// at here, at every request, so that a revocation acts on connections that are open already.
/// </summary>
internal sealed class CertificateCheck(CertificateSettings settings, TimeProvider time)
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");
    private static readonly object ChainKey = new();

    public Parsed<Caller> Check(HttpContext http, X509Certificate2 certificate)
    {
        DateTime now = time.GetUtcNow().LocalDateTime;
        string thumbprint = certificate.GetCertHashString(HashAlgorithmName.SHA256);
        if (now < certificate.NotBefore || now > certificate.NotAfter)
        {
            return Refused(now < certificate.NotBefore ? "it is not valid yet" : "it has expired");
        }

        if (settings.Revoked?.Value.Has(thumbprint, certificate) == true)
        {
            return Refused("it is revoked");
        }

        if (!IsOfAuthority(http, certificate, now))
        {
            return Refused("its issuer is not an authority of this server, or it is not for clients");
        }

        Caller? caller = settings.Partners.Value.Find(thumbprint, certificate);
        return caller is null ? Refused("it belongs to no partner of this server") : caller;
    }

    /// <summary>Whether the authorities issued it; computed once for each connection.</summary>
    private bool IsOfAuthority(HttpContext http, X509Certificate2 certificate, DateTime now)
    {
        if (settings.Authorities is not { } authorities)
        {
            return true; // Then the list has thumbprints alone: exactly this certificate was named.
        }

        IDictionary<object, object?>? connection = http.Features.Get<IConnectionItemsFeature>()?.Items;
        if (connection is not null && connection.TryGetValue(ChainKey, out object? known))
        {
            return (bool)known!;
        }

        bool isIssued = IsIssued(certificate, authorities, now);
        if (connection is not null)
        {
            connection[ChainKey] = isIssued;
        }

        return isIssued;
    }

    private static bool IsIssued(X509Certificate2 certificate, X509Certificate2Collection authorities, DateTime now)
    {
        using X509Chain chain = new();
        X509ChainPolicy policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(authorities);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.ApplicationPolicy.Add(ClientAuthentication);
        policy.VerificationTime = now;
        return chain.Build(certificate);
    }

    private static Failure Refused(string reason) =>
        new(FailureCode.CertificateRefused, $"the client's certificate is not taken: {reason}");
}
