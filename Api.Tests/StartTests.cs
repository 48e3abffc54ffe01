using System.Net;
using System.Net.Sockets;
using MatchCluster.Api.Hosting;
using MatchCluster.Api.Options;

namespace MatchCluster.Api.Tests;

/// <summary>A start that cannot work as asked: one line, exit code 2, no stack trace.</summary>
public sealed class StartTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData("--urls http://0.0.0.0:0", "not a loopback address")]
    [InlineData("--urls http://*:0", "loopback")]
    [InlineData("--urls http://127.0.0.1:0;http://192.0.2.1:0", "not a loopback address")]
    [InlineData("--urls nonsense", "--urls")]
    [InlineData("--partitions 0", "--partitions")]
    [InlineData("--partitions 5000", "--partitions")]
    [InlineData("--threads -1", "--threads")]
    [InlineData("--memory 15", "--memory: wanted 16..16777216 MiB")]
    [InlineData("--memory much", "--memory")]
    [InlineData("--calibration-margin 3.5", "--calibration-margin: found '3.5', wanted 0 to 3 standard errors")]
    [InlineData("--calibration-margin -1", "--calibration-margin")]
    [InlineData("--calibration-margin NaN", "--calibration-margin")]
    [InlineData("--calibration no-such-file.json", "--calibration: found no file no-such-file.json")]
    [InlineData("--cluster --calibration no-such-file.json", "--calibration: found no file no-such-file.json")]
    [InlineData("--demo 3", "--demo")]
    [InlineData("--demo many", "--demo")]
    [InlineData("--demo --data x", "--data")]
    [InlineData("--colour red", "--colour")]
    [InlineData("--demo 20 --insecure-http true", "--demo is for this machine")]
    [InlineData("--urls https://127.0.0.1:0", "certificate")]
    [InlineData("--jwks keys.json", "--jwt-issuer: found nothing")]
    [InlineData("--jwt-issuer a --jwt-audience b", "--jwks: found nothing")]
    [InlineData("--jwt-issuer a --jwt-audience b --jwks no-such-file.json", "--jwks: no-such-file.json")]
    [InlineData("--jwt-issuer a --jwt-audience b --jwks http://issuer.example/k", "--jwks: found a key set over http")]
    [InlineData("--jwt-issuer a --jwt-audience b --jwks c --development-key d", "--development-key stands in place")]
    [InlineData("--development-key /no/such/directory/key", "--development-key: ")]
    [InlineData("--tls-cert a.pem", "--tls-cert and --tls-key")]
    [InlineData("--tls-cert no-such.pem --tls-key no-such.pem", "--tls-cert: ")]
    [InlineData("--partners a.json", "--partners: wanted --tls-cert")]
    [InlineData("--client-ca a.pem", "--partners")]
    [InlineData("--urls http://0.0.0.0:0 --insecure-http true", "without credentials")]
    public async Task Wrong_options_are_named(string arguments, string expected)
    {
        (int code, string error) = await RunAsync(arguments.Split(' '));
        Assert.Equal(CommandLine.CannotStart, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_data_directory_has_one_server_and_one_count_of_partitions()
    {
        ServerOptions options = new() { Data = directory, Partitions = 2, Urls = "http://127.0.0.1:0" };
        await using (await Server.StartAsync(
            options, Microsoft.Extensions.Logging.LogLevel.Warning, CancellationToken.None))
        {
            (int busy, string busyError) = await RunAsync("--data", directory, "--urls", "http://127.0.0.1:0");
            Assert.Equal(CommandLine.CannotStart, busy);
            Assert.Contains("use", busyError, StringComparison.Ordinal);
        }

        (int code, string error) =
            await RunAsync("--data", directory, "--partitions", "3", "--urls", "http://127.0.0.1:0");
        Assert.Equal(CommandLine.CannotStart, code);
        Assert.Contains("2", error, StringComparison.Ordinal);
        Assert.Contains("3", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_one_is_named()
    {
        string file = Path.Combine(directory, "file");
        await File.WriteAllTextAsync(file, "not a directory");
        (int code, string error) = await RunAsync("--data", file, "--urls", "http://127.0.0.1:0");
        Assert.Equal(CommandLine.CannotStart, code);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Contains(file, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_in_use_is_named()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        (int code, string error) = await RunAsync("--data", directory, "--urls", $"http://127.0.0.1:{port}");
        Assert.Equal(CommandLine.CannotStart, code);
        Assert.Contains("in use", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Error)> RunAsync(params string[] args)
    {
        using StringWriter errors = new();
        int code = await CommandLine.RunAsync(
            args, errors, (options, cancel) => Server.RunAsync(options, errors, cancel));
        return (code, errors.ToString());
    }
}
