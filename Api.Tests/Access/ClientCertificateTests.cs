using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Tests.Access;

/// <summary>Mutual TLS over real connections: whose certificate is taken, and what is said of the others.</summary>
public sealed class ClientCertificateTests : IAsyncLifetime
{
    private const string Galleries = "/v1/galleries?transactionId=T";

    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;
    private readonly TestAuthority authority = new("authority");
    private readonly TestAuthority other = new("authority");
    private readonly TestIssuer issuer = new();
    private readonly X509Certificate2 own;
    private readonly X509Certificate2 pinned;
    private RunningServer server = new();

    public ClientCertificateTests()
    {
        own = authority.Issue("CN=server", usage: 1);
        pinned = authority.Issue("CN=pinned", usage: 2);
    }

    private string Partners => Path.Combine(directory, "partners.json");

    private string Revoked => Path.Combine(directory, "revoked.txt");

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(Partners, PartnersText("abis.gallery.read"));
        await File.WriteAllTextAsync(Revoked, "# nobody yet\n");
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPem(authority.Pem);
        server = await RunningServer.StartAsync(issuer.Settings() with
        {
            Certificates = new CertificateSettings(
                new WatchedFile<PartnerList>(Partners, text => PartnerList.Read(text, hasAuthority: true)), authorities,
                new WatchedFile<RevocationList>(Revoked, RevocationList.Read)),
            Tls = new ServerCertificate(own, []),
        });
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        issuer.Dispose();
        own.Dispose();
        pinned.Dispose();
        authority.Dispose();
        other.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_partner_is_known_by_thumbprint_or_subject()
    {
        Assert.Equal(200, await AskAsync(pinned, Galleries));
        using X509Certificate2 named = authority.Issue("CN=border, O=Agency", usage: 2);
        Assert.Equal(200, await AskAsync(named, Galleries));
        Assert.Equal(FailureCode.ScopeMissing, await CodeAsync(named, "/mc/v1/stats"));
    }

    [Fact]
    public async Task Any_other_certificate_is_refused_with_a_reason()
    {
        using X509Certificate2 stranger = authority.Issue("CN=stranger", usage: 2);
        using X509Certificate2 expired = authority.Issue("CN=border, O=Agency", usage: 2, firstDay: -9, lastDay: -1);
        using X509Certificate2 future = authority.Issue("CN=border, O=Agency", usage: 2, firstDay: 1, lastDay: 2);
        using X509Certificate2 forged = other.Issue("CN=border, O=Agency", usage: 2);
        using X509Certificate2 ofServer = authority.Issue("CN=border, O=Agency", usage: 1);
        foreach ((X509Certificate2 certificate, string reason) in new[]
        {
            (stranger, "no partner"), (expired, "expired"), (future, "not valid yet"), (forged, "authority"),
            (ofServer, "authority"),
        })
        {
            using HttpResponseMessage answer = await SendAsync(certificate, Galleries);
            string text = await answer.Content.ReadAsStringAsync();
            Assert.Equal(401, (int)answer.StatusCode);
            Assert.Equal((int)FailureCode.CertificateRefused, (int)JsonNode.Parse(text)!["code"]!);
            Assert.Contains(reason, text, StringComparison.Ordinal);
            Assert.NotEmpty(answer.Headers.WwwAuthenticate);
        }

        Assert.Equal(FailureCode.CredentialsMissing, await CodeAsync(null, Galleries));
    }

    [Fact]
    public async Task A_revocation_acts_on_a_connection_that_is_open()
    {
        using X509Certificate2 named = authority.Issue("CN=border, O=Agency", usage: 2);
        foreach (string number in new[]
        {
            named.SerialNumber, $"00:{named.SerialNumber}", named.GetCertHashString(HashAlgorithmName.SHA256),
        })
        {
            await File.WriteAllTextAsync(Revoked, "");
            using HttpClient http = Client(named);
            Assert.Equal(200, await http.GetAsync(Galleries).StatusAsync());
            await File.WriteAllTextAsync(Revoked, $"# lost\n{number.ToLowerInvariant()}\n");
            Assert.Equal(401, await http.GetAsync(Galleries).StatusAsync());
            Assert.Equal(200, await AskAsync(pinned, Galleries));
        }
    }

    [Fact]
    public async Task A_change_of_the_partners_acts_at_once_and_a_broken_one_does_not()
    {
        using HttpClient http = Client(pinned);
        Assert.Equal(403, await http.GetAsync("/mc/v1/stats").StatusAsync());
        await File.WriteAllTextAsync(Partners, PartnersText("mc.stats"));
        Assert.Equal(200, await http.GetAsync("/mc/v1/stats").StatusAsync());
        await File.WriteAllTextAsync(Partners, "{");
        Assert.Equal(200, await http.GetAsync("/mc/v1/stats").StatusAsync());
    }

    [Fact]
    public async Task A_token_beside_a_certificate_is_of_the_same_partner()
    {
        using HttpClient http = Client(pinned);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", issuer.Token("mc.stats"));
        using HttpResponseMessage answer = await http.GetAsync("/mc/v1/stats");
        Assert.Equal((int)FailureCode.CredentialsDisagree, (int)(await answer.JsonAsync())["code"]!);

        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", issuer.Token(
            "mc.stats", token => token.Claims["client_id"] = "pinned-partner"));
        Assert.Equal(200, await http.GetAsync("/mc/v1/stats").StatusAsync());
    }

    [Fact]
    public async Task Https_asks_browsers_to_stay_except_at_localhost()
    {
        using HttpResponseMessage answer = await SendAsync(null, "/alive");
        Assert.Equal("max-age=31536000", answer.Headers.GetValues("Strict-Transport-Security").Single());
        using HttpClient http = Client(null);
        http.DefaultRequestHeaders.Host = "localhost";
        using HttpResponseMessage local = await http.GetAsync("/alive");
        Assert.False(local.Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("null", "partners")]
    [InlineData("""{"partners":[null]}""", "partners[0]: id")]
    [InlineData("""{"partners":[{"id":"a","scopes":["mc.stats"]}]}""", "either sha256")]
    [InlineData("""{"partners":[{"id":"a","sha256":"12","scopes":["mc.stats"]}]}""", "64 hexadecimal")]
    [InlineData("""{"partners":[{"id":"a b","subject":"CN=a","scopes":["mc.stats"]}]}""", "id")]
    [InlineData("""{"partners":[{"id":"a","subject":"","scopes":["mc.stats"]}]}""", "distinguished name")]
    [InlineData("""{"partners":[{"id":"a","subject":"border","scopes":["mc.stats"]}]}""", "distinguished name")]
    [InlineData("""{"partners":[{"id":"a","subject":"CN=a","scopes":["mc.all"]}]}""", "scopes")]
    [InlineData("""{"partners":[{"id":"a","subject":"CN=a","scopes":[]}]}""", "scopes")]
    [InlineData("""{"partners":[{"id":"a","subject":"CN=a","scopes":["mc.stats"],"admin":true}]}""", "admin")]
    [InlineData("""
        {"partners":[{"id":"a","subject":"CN=a","scopes":["mc.stats"]},
                     {"id":"b","subject":"CN=a","scopes":["mc.stats"]}]}
        """, "partners[1]")]
    public void A_list_of_partners_that_is_none_is_refused(string json, string expected)
    {
        InvalidDataException refused =
            Assert.Throws<InvalidDataException>(() => PartnerList.Read(json, hasAuthority: true));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_authority_nobody_is_named_by_subject() => Assert.Contains("--client-ca",
        Assert.Throws<InvalidDataException>(() => PartnerList.Read(
            PartnersText("mc.stats"), hasAuthority: false)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("12 34")]
    [InlineData("xyz")]
    [InlineData("01020304050607080910111213141516171819202122")]
    public void A_list_of_revocations_that_is_none_is_refused(string text) => Assert.Contains("line 2",
        Assert.Throws<InvalidDataException>(() => RevocationList.Read($"# all\n{text}")).Message,
        StringComparison.Ordinal);

    private string PartnersText(string scope) => JsonSerializer.Serialize(new
    {
        partners = new object[]
        {
            new
            {
                id = "pinned-partner",
                sha256 = pinned.GetCertHashString(HashAlgorithmName.SHA256),
                scopes = new[] { scope },
            },
            new { id = "border-a", subject = "CN=border,O=Agency", scopes = new[] { scope } },
        },
    });

    private async Task<int> AskAsync(X509Certificate2? certificate, string path)
    {
        using HttpResponseMessage answer = await SendAsync(certificate, path);
        return (int)answer.StatusCode;
    }

    private async Task<FailureCode> CodeAsync(X509Certificate2? certificate, string path)
    {
        using HttpResponseMessage answer = await SendAsync(certificate, path);
        return (FailureCode)(int)(await answer.JsonAsync())["code"]!;
    }

    private async Task<HttpResponseMessage> SendAsync(X509Certificate2? certificate, string path)
    {
        using HttpClient http = Client(certificate);
        return await http.GetAsync(path);
    }

    /// <summary>A client on a connection of its own, which trusts exactly this server.</summary>
    private HttpClient Client(X509Certificate2? certificate)
    {
        SocketsHttpHandler handler = new();
        handler.SslOptions.RemoteCertificateValidationCallback =
            (_, found, _, _) => found!.GetCertHashString() == own.Thumbprint;
        if (certificate is not null)
        {
            // The list of certificates leaves out those that are not for clients; the callback does not.
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        return new HttpClient(handler) { BaseAddress = server.Http.BaseAddress };
    }
}
