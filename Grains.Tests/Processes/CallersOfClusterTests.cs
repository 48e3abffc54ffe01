using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using MatchCluster.Grains.Tests.Redis;

namespace MatchCluster.Grains.Tests.Processes;

/// <summary>The front end of a cluster asks who calls, with the options of any server.</summary>
public sealed class CallersOfClusterTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [SkippableFact]
    public async Task A_token_of_the_development_key_opens_what_its_scope_names()
    {
        string key = Path.Combine(directory, "key.pem");
        await using RedisServer redis = await RedisServer.StartAsync();
        await using MemberProcess silo = MemberProcess.Start("silo-1", "Silo", redis.Port, "--partitions", "2");
        await using MemberProcess api = MemberProcess.Start(
            "api-1", "Api", redis.Port, "--cluster", "--development-key", key);
        using HttpClient http = new() { BaseAddress = await api.AddressAsync() };
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, "/v1/galleries?transactionId=T"));

        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(key));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/v1/galleries?transactionId=T"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, "/mc/v1/stats"));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path)
    {
        using HttpResponseMessage answer = await http.GetAsync(path);
        return answer.StatusCode;
    }

    private static async Task<string> TokenAsync(string key)
    {
        using Process command = Process.Start(new ProcessStartInfo(
            MemberProcess.DotNet,
            [
                "exec", Path.Combine(AppContext.BaseDirectory, "MatchCluster.Api.dll"), "token", "--key", key,
                "--partner", "border-a", "--scopes", "abis.gallery.read",
            ])
        {
            RedirectStandardOutput = true,
        })!;
        string token = await command.StandardOutput.ReadToEndAsync();
        await command.WaitForExitAsync();
        Assert.Equal(0, command.ExitCode);
        return token.Trim();
    }
}
