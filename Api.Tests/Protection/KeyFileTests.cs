using System.CommandLine;
using System.Text.Json.Nodes;
using MatchCluster.Api.Options;
using MatchCluster.Api.Osia.Protection;

namespace MatchCluster.Api.Tests.Protection;

/// <summary>The files of keys: what is taken, and what is refused at the start with a reason.</summary>
public sealed class KeyFileTests : IDisposable
{
    private readonly TestKeys keys = new();
    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;

    public void Dispose()
    {
        keys.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_private_file_is_its_owner_s_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(keys.OwnFile, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Contains(
            "wanted mode 600", await ProblemAsync("--payload-keys", keys.OwnFile), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_cannot_be_used_are_refused_with_the_reason()
    {
        JsonObject Own(Action<JsonObject> change)
        {
            JsonObject key = keys.ServerEc.Private.DeepClone().AsObject();
            change(key);
            return TestKeys.SetOf([key]);
        }

        using TestKey small = TestKey.Rsa("small", "enc", 1024);
        using TestKey other = TestKey.Curve("other", "enc");
        foreach ((JsonObject set, string expected) in ((JsonObject, string)[])
            [
                (new JsonObject(), "found 0 keys"),
                (TestKeys.SetOf([keys.ServerEc.Private, keys.ServerEc.Private]), "two keys of one kid"),
                (TestKeys.SetOf([small.Private]), "found 1024 bits, wanted 2048..4096"),
                (TestKeys.SetOf([keys.ServerEc.Public]), "found no private part"),
                (Own(key => key.Remove("kid")), "without kid"),
                (Own(key => key["kid"] = "a b"), "without blanks"),
                (Own(key => key.Remove("use")), "use: wanted enc or sig"),
                (Own(key => key["kty"] = "oct"), "kty: wanted RSA or EC"),
                (Own(key => key["crv"] = "secp256k1"), "crv: wanted P-256"),
                (Own(key => key["alg"] = "RSA1_5"), "alg: wanted none, or one that is taken"),
                (Own(key => key["x"] = key["y"]!.DeepClone()), "no key of its kind"),
                (Own(key => key["d"] = other.Private["d"]!.DeepClone()), "no key of its kind"),
                (Own(key => key["d"] = "!"), "no key of its kind"),
            ])
        {
            Assert.Contains(expected, Assert.Throws<InvalidDataException>(
                () => OwnKeys.Read(set.ToJsonString())).Message, StringComparison.Ordinal);
        }

        Assert.Contains("array keys", Assert.Throws<InvalidDataException>(() => OwnKeys.Read("[")).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"partners":[{"id":"a b"}]}""", "partners[0]: id")]
    [InlineData("""{"partners":[{"id":"a"},{"id":"a"}]}""", "partners[1]: id: found one that an earlier partner has")]
    [InlineData("""{"partners":[{"id":"a","requires":["signature"]}]}""", "found signature, but no key with use sig")]
    [InlineData("""{"partners":[{"id":"a","answers":["encryption"]}]}""", "found encryption, but no key with use enc")]
    [InlineData("""{"partners":[{"id":"a","requires":["secrecy"]}]}""", "requires: wanted some of encryption")]
    [InlineData("""{"partners":[{"id":"a","keys":[7]}]}""", "no JWK")]
    [InlineData("""{"partners":[{"id":"a","keys":[{}]}]}""", "without kid")]
    [InlineData("""{"partners":[null]}""", "partners[0]: id")]
    [InlineData("""{"partners":[{"id":"a","scopes":[]}]}""", "unknown property 'scopes'")]
    [InlineData("""{}""", "found null")]
    public void A_list_of_partners_is_read_strictly(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => PartnerKeys.Read(text)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_private_key_among_those_of_partners_is_refused()
    {
        JsonObject file = new()
        {
            ["partners"] = new JsonArray(new JsonObject
            {
                ["id"] = "a",
                ["keys"] = new JsonArray(keys.PartnerSigns.Private.DeepClone()),
            }),
        };
        Assert.Contains("found a private key", Assert.Throws<InvalidDataException>(
            () => PartnerKeys.Read(file.ToJsonString())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Partners_need_the_server_s_keys_and_callers()
    {
        Assert.Contains("wanted --payload-keys too", await ProblemAsync("--payload-partners", keys.PartnersFile),
            StringComparison.Ordinal);
        Assert.Contains("without credentials",
            await ProblemAsync("--payload-partners", keys.PartnersFile, "--payload-keys", keys.OwnFile),
            StringComparison.Ordinal);
        Assert.Null(await ProblemAsync("--payload-keys", keys.OwnFile));
        Assert.Contains("--payload-keys: ", await ProblemAsync("--payload-keys", Path.Combine(directory, "none")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void New_keys_are_put_before_the_old_ones()
    {
        string file = Path.Combine(directory, "own.json");
        string first = NewKeys.AddTo(file);
        Assert.Equal(first, File.ReadAllText(file + NewKeys.PublicSuffix).TrimEnd());
        Assert.DoesNotContain("\"d\"", first, StringComparison.Ordinal);
        OwnKeys before = OwnKeys.Read(File.ReadAllText(file));
        NewKeys.AddTo(file);
        OwnKeys after = OwnKeys.Watch(file).Value;
        Assert.Equal(2, after.Opening.Count);
        Assert.Equal(before.Opening[0].Kid, after.Opening[1].Kid);
        Assert.NotEqual(before.Signing!.Kid, after.Signing!.Kid);
        string sealedText = Jwe.Seal([1, 2], before.Opening[0], null);
        Assert.Equal([1, 2], Jwe.Open(sealedText, after, "x").Value!.Content);
        Assert.Equal(4, JsonNode.Parse(File.ReadAllText(file + NewKeys.PublicSuffix))!["keys"]!.AsArray().Count);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public void The_command_refuses_a_file_that_is_none()
    {
        string file = Path.Combine(directory, "text");
        File.WriteAllText(file, "text");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        using StringWriter errors = new();
        int code = PayloadKeysCommand.Make().Parse(["--file", file])
            .Invoke(new InvocationConfiguration { Error = errors });
        Assert.Equal(CommandLine.CannotStart, code);
        Assert.Contains("array keys", errors.ToString(), StringComparison.Ordinal);
        Assert.Equal("text", File.ReadAllText(file));
    }

    /// <summary>What is wrong with some arguments; null where a server would start.</summary>
    private static async Task<string?> ProblemAsync(params string[] args)
    {
        using StringWriter errors = new();
        int code = await CommandLine.RunAsync(args, errors, (_, _) => Task.FromResult(0));
        return code == 0 ? null : errors.ToString();
    }
}
