using System.Security.Authentication;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Access;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace MatchCluster.Api.Hosting;

/// <summary>TLS of the addresses that are https, and what the start says about callers.</summary>
internal static class SecureAddress
{
    public static void Configure(ListenOptions listen, AccessSettings access) => listen.UseHttps(https =>
    {
        ServerCertificate own = access.Tls!;
        https.ServerCertificate = own.Certificate;
        https.ServerCertificateChain = own.Chain;
        https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        if (access.Certificates is not null)
        {
            // TLS shows that the client has the key; whose certificate it is, is a question to each request, which can
            // answer with a reason (CertificateCheck).
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.AllowAnyClientCertificate();
        }
    });

    public static void CallersAre(this ILogger log, AccessSettings access)
    {
        if (access.IsConfigured)
        {
            log.CallersAreChecked(access.Means);
        }
        else
        {
            log.NobodyIsChecked();
        }
    }
}
