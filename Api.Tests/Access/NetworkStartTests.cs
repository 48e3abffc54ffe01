using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using MatchCluster.Api.Hosting;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Options;

namespace MatchCluster.Api.Tests.Access;

/// <summary>The options of a server on a network, as they are typed, with files as administrators have them.</summary>
public sealed class NetworkStartTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;
    private readonly TestAuthority authority = new("authority");
    private readonly X509Certificate2 own;
    private readonly X509Certificate2 client;

    public NetworkStartTests()
    {
        own = authority.Issue("CN=server", usage: 1);
        client = authority.Issue("CN=border", usage: 2);
        File.WriteAllText(In("tls.pem"), own.ExportCertificatePem() + "\n" + authority.Pem);
        using (System.Security.Cryptography.ECDsa key = own.GetECDsaPrivateKey()!)
        {
            File.WriteAllText(In("tls.key"), key.ExportPkcs8PrivateKeyPem());
        }

        File.WriteAllText(In("ca.pem"), authority.Pem);
        File.WriteAllText(In("revoked.txt"), "");
        File.WriteAllText(
            In("partners.json"), """{"partners":[{"id":"b","subject":"CN=border","scopes":["mc.stats"]}]}""");
    }

    public void Dispose()
    {
        own.Dispose();
        client.Dispose();
        authority.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Tokens_and_certificates_open_a_server_that_listens_beyond_loopback()
    {
        using DevelopmentKey key = DevelopmentKey.Open(In("key.pem"));
        ServerOptions options = await ReadAsync(
            $"--data {In("gallery")} --partitions 1 --urls https://0.0.0.0:0 --hosts abis.example "
            + $"--jwt-issuer {DevelopmentKey.Issuer} --jwt-audience {DevelopmentKey.Audience} "
            + $"--jwks {In("key.pem")}{DevelopmentKey.PublicSuffix} "
            + $"--tls-cert {In("tls.pem")} --tls-key {In("tls.key")} "
            + $"--partners {In("partners.json")} --client-ca {In("ca.pem")} --client-revoked {In("revoked.txt")}");
        await using Server server = await Server.StartAsync(
            options, Microsoft.Extensions.Logging.LogLevel.Warning, CancellationToken.None);
        int port = new Uri(server.Urls.Single()).Port;
        Assert.Equal($"https://0.0.0.0:{port}", server.Urls.Single());

        Assert.Equal(401, await AskAsync(port, null, null));
        Assert.Equal(200, await AskAsync(port, client, null));
        string token = key.Sign(new TokenClaims("a", "mc.stats", null, TimeSpan.FromMinutes(1)),
            TimeProvider.System.GetUtcNow());
        Assert.Equal(200, await AskAsync(port, null, token));
    }

    [Fact]
    public async Task A_wildcard_address_needs_the_names_of_the_server()
    {
        using DevelopmentKey key = DevelopmentKey.Open(In("key.pem"));
        using StringWriter errors = new();
        string line = $"--urls https://0.0.0.0:0 --jwt-issuer a --jwt-audience b --tls-cert {In("tls.pem")} "
            + $"--tls-key {In("tls.key")} --jwks {In("key.pem")}{DevelopmentKey.PublicSuffix}";
        Assert.Equal(
            CommandLine.CannotStart,
            await CommandLine.RunAsync(line.Split(' '), errors, (_, _) => throw new UnreachableException()));
        Assert.StartsWith("matchcluster: --hosts: found nothing", errors.ToString());
    }

    private string In(string file) => Path.Combine(directory, file);

    private async Task<int> AskAsync(int port, X509Certificate2? certificate, string? token)
    {
        using SocketsHttpHandler handler = new();
        handler.SslOptions.RemoteCertificateValidationCallback =
            (_, found, _, _) => found!.GetCertHashString() == own.Thumbprint;
        if (certificate is not null)
        {
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        using HttpClient http = new(handler) { BaseAddress = new Uri($"https://127.0.0.1:{port}") };
        http.DefaultRequestHeaders.Host = "abis.example";
        http.DefaultRequestHeaders.Authorization =
            token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await http.GetAsync("/mc/v1/stats").StatusAsync();
    }

    private static async Task<ServerOptions> ReadAsync(string line)
    {
        ServerOptions? read = null;
        using StringWriter errors = new();
        await CommandLine.RunAsync(line.Split(' '), errors, (options, _) =>
        {
            read = options;
            return Task.FromResult(0);
        });
        Assert.Equal("", errors.ToString());
        return read!;
    }
}
