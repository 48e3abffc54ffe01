using System.CommandLine;
using MatchCluster.Api.Options;
using MatchCluster.Matching.Cases;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Tests;

/// <summary>The commands that work with the keys of a data directory, and the options of the server.</summary>
public sealed class KeysCommandTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;

    private string Data => Path.Combine(directory, "data");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task A_plain_directory_is_encrypted_its_keys_listed_and_rotated()
    {
        string one = KeyFile("one", 1);
        string two = KeyFile("two", 2);
        await using (RunningServer server = await RunningServer.StartAsync(
            await SqliteGalleryStore.OpenAsync(Data, 2, 2, default), data: Data))
        {
            await server.PostAsync("persons/P/encounters/E", Bodies.Encounter("A", [Bodies.Finger(1, 2)])).OkAsync();
        }

        byte[] template = Convert.FromBase64String((string)Bodies.Finger(1, 2)["template"]!);
        Sample probe = new()
        {
            Position = BiometricPosition.OfFinger(2),
            Format = TemplateFormat.Iso19794v2005,
            Template = template,
        };
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        await using (SqliteCaseSamples probes = SqliteCaseSamples.Open(Data))
        {
            await probes.PutAsync("C-1", "A", [probe], now.AddDays(1), default);
        }

        string cases = Path.Combine(Data, SqliteCaseSamples.Name);
        Assert.True((await File.ReadAllBytesAsync(cases)).AsSpan().IndexOf(template) >= 0);
        Assert.NotEmpty(Directory.EnumerateFiles(Data, "rows-*.image"));
        Assert.Equal(
            (0, "1 records, 1 encrypted now"), await RunAsync("encrypt", "--data", Data, "--master-key", one));
        Assert.True((await File.ReadAllBytesAsync(cases)).AsSpan().IndexOf(template) < 0);
        Assert.Empty(Directory.EnumerateFiles(Data, "rows-*.image"));
        (int code, string list) = await RunAsync("list", "--data", Data, "--master-key", one);
        Assert.Equal(0, code);
        Assert.Contains("A\tkey 1\t", list, StringComparison.Ordinal);
        (code, string rotated) = await RunAsync(
            "rotate", "--data", Data, "--master-key", one, "--gallery", "A");
        Assert.Equal((0, "gallery A has key 2; 1 records, 1 encrypted now"), (code, rotated));
        (code, rotated) = await RunAsync(
            "rotate", "--data", Data, "--master-key", one, "--new-master-key", two);
        Assert.Equal(0, code);
        Assert.StartsWith("2 keys are wrapped with master key ", rotated, StringComparison.Ordinal);

        Assert.Contains("does not open", (await RunAsync("list", "--data", Data, "--master-key", one)).Said,
            StringComparison.Ordinal);
        await using RunningServer again = await RunningServer.StartAsync(
            await SqliteGalleryStore.OpenAsync(Data, null, 2, default, MasterKeySource.OfFile(two)), data: Data);
        await again.GetAsync("persons/P/encounters/E").OkAsync();
    }

    [Fact]
    public async Task What_cannot_be_done_is_one_line()
    {
        string key = KeyFile("one", 1);
        Assert.Equal(
            (CommandLine.CannotStart, $"matchcluster: {Data}: found no gallery, wanted a data directory that exists"),
            await RunAsync("list", "--data", Data, "--master-key", key));
        Assert.False(Directory.Exists(Data));
        await using (await SqliteGalleryStore.OpenAsync(Data, 1, 1, default))
        {
        }

        Assert.Contains(
            "--gallery: found none", (await RunAsync(
                "rotate", "--data", Data, "--master-key", key, "--gallery", "none")).Said, StringComparison.Ordinal);
        Assert.Contains(
            "--new-master-key: found nothing", (await RunAsync("rotate", "--data", Data, "--master-key", key)).Said,
            StringComparison.Ordinal);
        Assert.Contains(
            "found several sources", (await RunAsync(
                "list", "--data", Data, "--master-key", key, "--master-key-env", "X")).Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--master-key: found several sources of the key", "--master-key", "a", "--master-key-env", "B")]
    [InlineData("--data is for a gallery of this process", "--cluster", "--master-key", "a", "--data", "d")]
    public void Options_that_do_not_go_together_are_named(string problem, params string[] said)
    {
        ServerArguments arguments = new();
        arguments.Command.SetAction(_ => 0);
        Assert.StartsWith(problem, arguments.ProblemOf(arguments.Command.Parse(said)), StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Said)> RunAsync(params string[] said)
    {
        using StringWriter output = new();
        int code = await new KeysCommand().Command.Parse(said).InvokeAsync(
            new InvocationConfiguration { Output = output, Error = output });
        return (code, output.ToString().Trim());
    }

    private string KeyFile(string name, byte value)
    {
        string path = Path.Combine(directory, name);
        File.WriteAllBytes(path, [.. Enumerable.Repeat(value, MasterKey.Bytes)]);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead);
        }

        return path;
    }
}
