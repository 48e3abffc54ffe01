using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MatchCluster.Api.Tests.Access;

/// <summary>An authority that lives for one test and issues certificates for servers and clients.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 own;
    private byte serial = 1;

    public TestAuthority(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        own = request.CreateSelfSigned(Now.AddDays(-30), Now.AddDays(30));
    }

    public string Pem => own.ExportCertificatePem();

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <param name="name">The subject.</param>
    /// <param name="usage">1 for servers, 2 for clients: the last number of the extended key usage.</param>
    /// <param name="firstDay">Its first day, from today.</param>
    /// <param name="lastDay">Its last day, from today.</param>
    public X509Certificate2 Issue(string name, int usage, int firstDay = -1, int lastDay = 1)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(name, key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid($"1.3.6.1.5.5.7.3.{usage}")], critical: false));
        using X509Certificate2 issued =
            request.Create(own, Now.AddDays(firstDay), Now.AddDays(lastDay), [0x0a, ++serial]);
        using X509Certificate2 withKey = issued.CopyWithPrivateKey(key);

        // TLS takes a key that was imported, not one that was just made, on every system.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    public void Dispose() => own.Dispose();
}
