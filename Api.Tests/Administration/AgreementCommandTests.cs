using System.Text.Json.Nodes;
using MatchCluster.Api.Options;

namespace MatchCluster.Api.Tests.Administration;

/// <summary>The commands of administrators, against a real server.</summary>
public sealed class AgreementCommandTests : IAsyncLifetime
{
    private readonly GovernedServer server = new();
    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;

    public async Task InitializeAsync()
    {
        await server.InitializeAsync();
        foreach (string person in (string[])["anna", "berta"])
        {
            await File.WriteAllTextAsync(In(person), server.TokenOf("operator", "mc.admin", person) + "\n");
        }

        await File.WriteAllTextAsync(In("program"), server.TokenOf("operator", "mc.admin"));
        await File.WriteAllTextAsync(In("border-a.json"), GovernedServer.Agreement("border-a").ToJsonString());
        await File.WriteAllTextAsync(In("own-a.json"), """{"id":"own-a","owner":"border-a"}""");
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_partner_is_set_up_suspended_and_let_go_on()
    {
        await DoneAsync("anna", "gallery-policies", "propose", In("own-a.json"));
        await DoneAsync("berta", "gallery-policies", "approve", "own-a", "1");
        await DoneAsync("anna", "agreements", "propose", In("border-a.json"));
        Assert.StartsWith("409 Conflict (1013): found the administrator who proposed it",
            await RefusedAsync("anna", "agreements", "approve", "border-a-2026", "1"));
        Assert.StartsWith("409 Conflict", await RefusedAsync(
            "berta", "agreements", "approve", "border-a-2026", "1", "--sha256", new string('0', 64)));
        await DoneAsync("berta", "agreements", "approve", "border-a-2026", "1");
        Assert.True(await IsSuspendedAsync() is false);

        await DoneAsync("anna", "agreements", "suspend", "border-a-2026", "--reason", "misuse is suspected");
        Assert.True(await IsSuspendedAsync());
        await DoneAsync("berta", "agreements", "resume", "border-a-2026", "--reason", "it was none");
        await DoneAsync("anna", "agreements", "approve-resume", "border-a-2026", "2");
        Assert.True(await IsSuspendedAsync() is false);
        await DoneAsync("program", "agreements", "list");
        await DoneAsync("program", "agreements", "show", "border-a-2026");
        await DoneAsync("program", "gallery-policies", "list");
    }

    [Fact]
    public async Task What_is_refused_is_said_and_ends_with_1()
    {
        Assert.StartsWith("403 PersonRequired (1113): found a program",
            await RefusedAsync("program", "agreements", "propose", In("border-a.json")));
        Assert.StartsWith("404 Unknown (1012)",
            await RefusedAsync("anna", "agreements", "approve", "border-a-2026", "1"));
        await File.WriteAllTextAsync(In("wrong.json"), """{"id":"a","owner":"b","partner":"c"}""");
        Assert.StartsWith("400 MalformedBody (1001)",
            await RefusedAsync("anna", "gallery-policies", "propose", In("wrong.json")));
    }

    [Theory]
    [InlineData("--server: wanted https://HOST", "agreements", "list", "--token", "x", "--server", "http://10.0.0.1")]
    [InlineData("--token", "agreements", "list")]
    [InlineData("--reason", "agreements", "suspend", "a", "--token", "x")]
    public async Task What_cannot_be_asked_is_said_before(string expected, params string[] arguments)
    {
        (int code, string said) = await RunAsync(arguments);
        Assert.Equal(CommandLine.CannotStart, code);
        Assert.Contains(expected, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_are_none_are_named()
    {
        await File.WriteAllTextAsync(In("list.json"), "[]");
        foreach (string file in (string[])[In("missing.json"), In("list.json")])
        {
            (int code, string said) = await RunAsync(
                "agreements", "propose", file, "--token", In("anna"), "--server", server.Url.ToString());
            Assert.Equal(CommandLine.CannotStart, code);
            Assert.Contains(Path.GetFileName(file), said, StringComparison.Ordinal);
        }
    }

    private string In(string file) => Path.Combine(directory, file);

    private async Task<bool> IsSuspendedAsync()
    {
        JsonNode state = (await server.Person("anna").GetAsync("/mc/v1/agreements").OkAsync())["agreements"]![0]!;
        return (bool?)state["suspension"]?["isSuspended"] ?? false;
    }

    private async Task DoneAsync(string who, params string[] arguments)
    {
        (int code, string said) = await RunAsync(
            [.. arguments, "--token", In(who), "--server", server.Url.ToString()]);
        Assert.Equal((0, ""), (code, said));
    }

    private async Task<string> RefusedAsync(string who, params string[] arguments)
    {
        (int code, string said) = await RunAsync(
            [.. arguments, "--token", In(who), "--server", server.Url.ToString()]);
        Assert.Equal(1, code);
        Assert.StartsWith("matchcluster: ", said, StringComparison.Ordinal);
        return said["matchcluster: ".Length..];
    }

    private static async Task<(int Code, string Said)> RunAsync(params string[] arguments)
    {
        using StringWriter errors = new();
        int code = await CommandLine.RunAsync(
            arguments, errors, (_, _) => throw new InvalidOperationException("no server"));
        return (code, errors.ToString());
    }
}
