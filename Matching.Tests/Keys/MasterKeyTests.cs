using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Tests.Storage;

namespace MatchCluster.Matching.Tests.Keys;

public sealed class MasterKeyTests : IDisposable
{
    private static readonly byte[] Raw = [.. Enumerable.Range(100, MasterKey.Bytes).Select(i => (byte)i)];

    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Raw_bytes_and_every_base64_of_them_are_one_key()
    {
        string text = Convert.ToBase64String(Raw);
        string[] forms = [text, text.TrimEnd('='), text.Replace('+', '-').Replace('/', '_'), $" {text}\r\n"];
        string id = MasterKey.Read(Raw, "raw").Id;
        foreach (string form in forms)
        {
            Assert.Equal(id, MasterKey.Read(System.Text.Encoding.ASCII.GetBytes(form), "text").Id);
        }

        Assert.Equal(16, id.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA*")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_no_key_is_refused_without_being_repeated(string text)
    {
        KeyException refused = Assert.Throws<KeyException>(
            () => MasterKey.Read(System.Text.Encoding.ASCII.GetBytes(text), "the file"));
        Assert.StartsWith($"the file: found {text.Length} bytes", refused.Message, StringComparison.Ordinal);
        Assert.True(text.Length == 0 || !refused.Message.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_is_taken_only_where_its_owner_alone_can_read_it()
    {
        string path = directory.File("master.key");
        Assert.Contains("cannot be read", Refusal(MasterKeySource.OfFile(path)), StringComparison.Ordinal);
        File.WriteAllBytes(path, Raw);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Contains("others may read", Refusal(MasterKeySource.OfFile(path)), StringComparison.Ordinal);
        File.SetUnixFileMode(path, UnixFileMode.UserRead);
        Assert.Equal(MasterKey.Read(Raw, "").Id, MasterKeySource.OfFile(path).Read().Id);
    }

    [Fact]
    public void A_variable_and_the_output_of_a_command_are_keys_too()
    {
        string text = Convert.ToBase64String(Raw);
        string id = MasterKey.Read(Raw, "").Id;
        string name = $"MATCHCLUSTER_TEST_{Guid.NewGuid():N}";
        Assert.Contains("found nothing", Refusal(MasterKeySource.OfVariable(name)), StringComparison.Ordinal);
        Environment.SetEnvironmentVariable(name, text);
        Assert.Equal(id, MasterKeySource.OfVariable(name).Read().Id);
        Environment.SetEnvironmentVariable(name, null);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Assert.Equal(id, MasterKeySource.OfCommand($"echo {text}").Read().Id);
        Assert.Contains("ended with 3", Refusal(MasterKeySource.OfCommand($"echo {text}; exit 3")),
            StringComparison.Ordinal);
        Assert.Contains("no key", Refusal(MasterKeySource.OfCommand("echo nothing")), StringComparison.Ordinal);
    }

    private static string Refusal(MasterKeySource source) => Assert.Throws<KeyException>(() => source.Read()).Message;
}
