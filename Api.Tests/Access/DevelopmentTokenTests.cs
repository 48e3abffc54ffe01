using System.Net.Http.Headers;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MatchCluster.Api.Tests.Access;

/// <summary>The issuer for development, and what the server makes of its tokens.</summary>
public sealed class DevelopmentTokenTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private string Key => Path.Combine(directory, "key.pem");

    [Fact]
    public void The_key_is_made_once_for_its_owner_alone()
    {
        using DevelopmentKey first = DevelopmentKey.Open(Key);
        using DevelopmentKey second = DevelopmentKey.Open(Key);
        Assert.Equal(first.PublicKeys, second.PublicKeys);
        Assert.Equal(first.PublicKeys, File.ReadAllText(Key + DevelopmentKey.PublicSuffix));
        Assert.DoesNotContain("\"d\"", first.PublicKeys, StringComparison.Ordinal);
        Assert.Single(SigningKeys.Read(first.PublicKeys));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Key));
            File.SetUnixFileMode(Key, UnixFileMode.UserRead | UnixFileMode.OtherRead);
            Assert.Contains("600", Assert.Throws<InvalidDataException>(() => DevelopmentKey.Open(Key)).Message);
        }
    }

    [Theory]
    [InlineData("", "no private key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "no private key")]
    public void A_file_that_is_no_key_is_refused(string text, string expected)
    {
        File.WriteAllText(Key, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Key, UnixFileMode.UserRead);
        }

        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => DevelopmentKey.Open(Key)).Message);
    }

    [Theory]
    [InlineData(null, "Client of border-a", "border-a")]
    [InlineData("officer-7", "Person of border-a", "officer-7")]
    [InlineData("border-a", "Client of border-a", "border-a")]
    public async Task The_caller_of_a_request_is_known(string? person, string expected, string subject)
    {
        using DevelopmentKey key = DevelopmentKey.Open(Key);
        await using RunningServer server = await RunningServer.StartAsync(new AccessSettings
        {
            Tokens = new TokenSettings(DevelopmentKey.Issuer, DevelopmentKey.Audience,
                KeySource.Of(Key + DevelopmentKey.PublicSuffix, TimeProvider.System)),
        });
        Caller? caller = null;
        ((IEndpointRouteBuilder)server.App).MapGet("/mc/v1/me", (HttpContext http) => caller = http.Caller())
            .Needs(Scopes.Stats);
        string token = key.Sign(
            new TokenClaims("border-a", "mc.stats mc.enrol", person, TimeSpan.FromMinutes(1)),
            TimeProvider.System.GetUtcNow());
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        await server.Http.GetAsync("/mc/v1/me").StatusAsync();
        Assert.Equal(expected, caller?.ToString());
        Assert.Equal(subject, caller!.Subject);
        Assert.Equal(["mc.enrol", "mc.stats"], caller.Scopes.Order());

        string metrics = await server.Http.GetStringAsync("/metrics");
        Assert.DoesNotContain("border-a", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("officer", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_prints_a_token_and_names_what_is_wrong()
    {
        Assert.Equal(0, await RunAsync("token --partner a --key", Key, "--scopes", "mc.stats abis.identify"));
        Assert.True(File.Exists(Key + DevelopmentKey.PublicSuffix));
        foreach ((string wrong, string name) in new[]
        {
            ("token --partner a --scopes mc.all --key x", "--scopes"),
            ("token --partner a --scopes mc.stats --minutes 0 --key x", "--minutes"),
            ("token --scopes mc.stats --key x", "--partner"),
            ($"token --partner a --scopes mc.stats --key {directory}", "--key"),
        })
        {
            using StringWriter errors = new();
            int code = await CommandLine.RunAsync(wrong.Split(' '), errors, (_, _) => Task.FromResult(0));
            Assert.Equal(CommandLine.CannotStart, code);
            Assert.Contains(name, errors.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_key_lies_where_the_command_is_run_unless_another_is_named()
    {
        string made = Path.GetFullPath("dev.pem");
        Assert.False(File.Exists(made));
        try
        {
            Assert.Equal(0, await RunAsync("token --partner a --scopes mc.stats"));
            Assert.True(File.Exists(made) && File.Exists(made + DevelopmentKey.PublicSuffix));
        }
        finally
        {
            File.Delete(made);
            File.Delete(made + DevelopmentKey.PublicSuffix);
        }
    }

    private static async Task<int> RunAsync(string start, params string[] rest)
    {
        using StringWriter errors = new();
        int code = await CommandLine.RunAsync(
            [.. start.Split(' '), .. rest], errors, (_, _) => throw new InvalidOperationException("no server"));
        Assert.Equal("", errors.ToString());
        return code;
    }
}
