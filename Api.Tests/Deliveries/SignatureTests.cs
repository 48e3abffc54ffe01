using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MatchCluster.Api.Deliveries;
using MatchCluster.Api.Hosting;
using MatchCluster.Api.Options;
using MatchCluster.Api.Tests.Access;
using Microsoft.Extensions.DependencyInjection;
using Base64Url = System.Buffers.Text.Base64Url;

namespace MatchCluster.Api.Tests.Deliveries;

/// <summary>
/// A receiver can check who sent a result, as RFC 9421 and RFC 9530 say, and nothing goes to one of another name.
/// </summary>
public sealed partial class SignatureTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task What_a_server_sends_is_signed_by_the_key_that_it_publishes()
    {
        string received = "";
        await using RawReceiver receiver = new(async (text, stream, cancel) =>
        {
            received = text;
            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 204 No Content\r\n\r\n"), cancel);
        });
        (ServerOptions? options, string errors) = await ReadAsync(
            $"--data {directory} --urls http://127.0.0.1:0 --callbacks {receiver.Origin}");
        Assert.Equal("", errors);
        await using Server server = await Server.StartAsync(
            options!, Microsoft.Extensions.Logging.LogLevel.Warning, CancellationToken.None);
        IDeliverer deliverer = server.App.Services.GetRequiredService<IDeliverer>();
        Delivery delivery = DelivererTests.DeliveryTo($"{receiver.Origin}/results?a=b");
        Assert.Equal(
            DeliveryOutcome.Delivered, (await deliverer.DeliverAsync(delivery, CancellationToken.None)).Outcome);

        using HttpClient http = new() { BaseAddress = new Uri(server.Urls.Single()) };
        JsonNode key = JsonNode.Parse(await http.GetStringAsync("/mc/v1/callback-keys"))!["keys"]!.AsArray().Single()!;
        Assert.True(Holds(received, receiver.Origin, key));

        // Any change of what is covered is found, and so is another receiver.
        Assert.False(Holds(received, "http://other.example", key));
        Assert.False(Holds(received.Replace("t-1", "t-2", StringComparison.Ordinal), receiver.Origin, key));
        Assert.False(Holds(
            received.Replace("application/json", "application/error+json", StringComparison.Ordinal),
            receiver.Origin, key));
        Assert.False(Holds(received.Replace("\"P\"", "\"Q\"", StringComparison.Ordinal), receiver.Origin, key));
        Assert.False(Holds(
            received.Replace("created=", "created=1", StringComparison.Ordinal), receiver.Origin, key));

        // Each attempt has a nonce of its own.
        string first = Header(received, "Signature-Input");
        await deliverer.DeliverAsync(delivery, CancellationToken.None);
        Assert.NotEqual(first, Header(received, "Signature-Input"));
        Assert.True(Holds(received, receiver.Origin, key));
    }

    [Theory]
    [InlineData("https://localhost", true)]
    [InlineData("https://127.0.0.1", false)]
    public async Task A_certificate_of_another_name_is_not_trusted(string origin, bool isTrusted)
    {
        using ECDsa own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest asked = new("CN=localhost", own, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        asked.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 made = asked.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        using X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(
            made.Export(X509ContentType.Pkcs12), null);
        await using TlsReceiver receiver = new(certificate);
        CallbackSettings settings = new() { Servers = CallbackSettings.Read($"{origin}:{receiver.Port}")! };
        using HttpDeliverer deliverer = new(settings, signer: null, TimeProvider.System, handler =>
        {
            X509ChainPolicy policy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.Add(certificate);
            handler.SslOptions.CertificateChainPolicy = policy;
        });
        DeliveryResult result = await deliverer.DeliverAsync(
            DelivererTests.DeliveryTo($"{origin}:{receiver.Port}/x"), CancellationToken.None);
        Assert.Equal(
            isTrusted
                ? (DeliveryOutcome.Delivered, "its server answers 204")
                : (DeliveryOutcome.TryAgain, "its server's certificate is not one to trust for its name"),
            (result.Outcome, result.Reason));
    }

    [Theory]
    [InlineData("--callbacks https://a.example/x", "--callbacks: wanted addresses without a path")]
    [InlineData("--callbacks b=https://a.example", "nobody says who calls")]
    [InlineData("--callbacks-private true", "--callbacks-private is for servers of callbacks; give --callbacks too")]
    [InlineData("--cluster --callbacks https://a.example", "give --callback-key too")]
    [InlineData("--callbacks https://a.example --callback-hours 0", "--callback-hours: wanted 1..720")]
    public async Task Options_that_do_not_go_together_are_refused(string line, string message)
    {
        (ServerOptions? options, string errors) = await ReadAsync(line);
        Assert.Null(options);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    private static async Task<(ServerOptions? Options, string Errors)> ReadAsync(string line)
    {
        ServerOptions? read = null;
        using StringWriter errors = new();
        await CommandLine.RunAsync(line.Split(' '), errors, (options, _) =>
        {
            read = options;
            return Task.FromResult(0);
        });
        return (read, errors.ToString());
    }

    /// <summary>A receiver's check, written from the RFCs and not from the sender.</summary>
    private static bool Holds(string request, string origin, JsonNode key)
    {
        string[] lines = request.Split("\r\n");
        string target = lines[0].Split(' ')[1];
        string body = request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        string digest = Header(request, "Content-Digest");
        string input = Header(request, "Signature-Input")["mc=".Length..];
        Assert.Contains($";keyid=\"{key["kid"]}\";alg=\"ecdsa-p256-sha256\"", input, StringComparison.Ordinal);
        string text = string.Join('\n', Component().Matches(input).Select(one => one.Groups[1].Value switch
        {
            "@method" => $"\"@method\": {lines[0].Split(' ')[0]}",
            "@target-uri" => $"\"@target-uri\": {origin}{target}",
            string name => $"\"{name}\": {Header(request, name)}",
        })) + $"\n\"@signature-params\": {input}";
        using ECDsa opened = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint
            {
                X = Base64Url.DecodeFromChars((string)key["x"]!),
                Y = Base64Url.DecodeFromChars((string)key["y"]!),
            },
        });
        return digest == $"sha-256=:{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}:"
            && opened.VerifyData(
                Encoding.ASCII.GetBytes(text),
                Convert.FromBase64String(Header(request, "Signature")["mc=:".Length..^1]), HashAlgorithmName.SHA256);
    }

    private static string Header(string request, string name) =>
        request.Split("\r\n").Single(line => line.StartsWith($"{name}: ", StringComparison.OrdinalIgnoreCase))
            [(name.Length + 2)..];

    [GeneratedRegex("\"([@a-z-]+)\"(?=[^(]*\\))")]
    private static partial Regex Component();

    /// <summary>Answers one request over TLS.</summary>
    private sealed class TlsReceiver : IAsyncDisposable
    {
        private readonly System.Net.Sockets.TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly Task serving;

        public TlsReceiver(X509Certificate2 certificate)
        {
            listener.Start();
            serving = ServeAsync(certificate);
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        public async ValueTask DisposeAsync()
        {
            await serving;
            listener.Dispose();
        }

        private async Task ServeAsync(X509Certificate2 certificate)
        {
            using System.Net.Sockets.TcpClient client = await listener.AcceptTcpClientAsync();
            await using SslStream tls = new(client.GetStream());
            try
            {
                await tls.AuthenticateAsServerAsync(certificate);
                byte[] buffer = new byte[8192];
                await tls.ReadAsync(buffer);
                await tls.WriteAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray());
            }
            catch (IOException)
            {
                // The sender does not trust the certificate.
            }
        }
    }
}
