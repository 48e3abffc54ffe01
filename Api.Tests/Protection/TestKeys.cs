using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Jose;
using MatchCluster.Api.Osia.Protection;
using MatchCluster.Matching.Audit;

namespace MatchCluster.Api.Tests.Protection;

/// <summary>One key pair, with what a partner's program does with it: encrypt, sign, open.</summary>
internal sealed class TestKey : IDisposable
{
    private readonly AsymmetricAlgorithm key;

    private TestKey(string kid, string use, AsymmetricAlgorithm key, JsonObject numbers)
    {
        this.key = key;
        Kid = kid;
        Private = numbers;
        numbers["kid"] = kid;
        numbers["use"] = use;
    }

    public string Kid { get; }

    /// <summary>The private JWK.</summary>
    public JsonObject Private { get; }

    public JsonObject Public
    {
        get
        {
            JsonObject open = Private.DeepClone().AsObject();
            foreach (string name in (string[])["d", "p", "q", "dp", "dq", "qi"])
            {
                open.Remove(name);
            }

            return open;
        }
    }

    /// <summary>The key as the library takes it.</summary>
    public object Key => key;

    public static TestKey Rsa(string kid, string use, int bits = 2048)
    {
        RSA made = RSA.Create(bits);
        RSAParameters it = made.ExportParameters(true);
        return new TestKey(kid, use, made, new JsonObject
        {
            ["kty"] = "RSA",
            ["n"] = Text(it.Modulus),
            ["e"] = Text(it.Exponent),
            ["d"] = Text(it.D),
            ["p"] = Text(it.P),
            ["q"] = Text(it.Q),
            ["dp"] = Text(it.DP),
            ["dq"] = Text(it.DQ),
            ["qi"] = Text(it.InverseQ),
        });
    }

    public static TestKey Curve(string kid, string use, string curve = "P-256")
    {
        ECCurve named = curve switch
        {
            "P-256" => ECCurve.NamedCurves.nistP256,
            "P-384" => ECCurve.NamedCurves.nistP384,
            _ => ECCurve.NamedCurves.nistP521,
        };
        ECAlgorithm made = use == "enc" ? ECDiffieHellman.Create(named) : ECDsa.Create(named);
        ECParameters it = made.ExportParameters(true);
        return new TestKey(kid, use, made, new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = curve,
            ["x"] = Text(it.Q.X),
            ["y"] = Text(it.Q.Y),
            ["d"] = Text(it.D),
        });
    }

    /// <summary>A JWE for the owner of this key.</summary>
    public string Seal(
        byte[] content, JweAlgorithm? algorithm = null, JweEncryption encryption = JweEncryption.A256GCM,
        IDictionary<string, object>? header = null, JweCompression? zip = null) => JWT.EncodeBytes(
            content, key,
            algorithm ?? (key is RSA ? JweAlgorithm.RSA_OAEP_256 : JweAlgorithm.ECDH_ES_A256KW), encryption, zip,
            header ?? new Dictionary<string, object> { ["kid"] = Kid });

    public byte[] Open(string jwe) => JWT.DecodeBytes(jwe, key);

    /// <summary>A block of integrity over some nodes of an object, signed by this key.</summary>
    public JsonObject Sign(JsonObject holder, string scope, JwsAlgorithm algorithm = JwsAlgorithm.ES256)
    {
        JsonObject block = Hash(holder, scope);
        block["type"] = "JWS";
        block["signature"] = JWT.EncodeBytes(
            Encoding.ASCII.GetBytes((string)block["hash"]!), key, algorithm,
            new Dictionary<string, object> { ["kid"] = Kid }, options: new JwtOptions { DetachPayload = true });
        return block;
    }

    /// <summary>A block of integrity without a signature; the scope names members of the object alone.</summary>
    public static JsonObject Hash(JsonObject holder, string scope)
    {
        JsonObject limited = [];
        foreach (string name in scope.Split(' ').Where(holder.ContainsKey))
        {
            limited[name] = holder[name]!.DeepClone();
        }

        return new JsonObject
        {
            ["scope"] = scope,
            ["alg"] = "SHA256",
            ["hash"] = Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Encode(limited))),
        };
    }

    public void Dispose() => key.Dispose();

    private static string Text(byte[]? number) => Base64Url.Encode(number!);
}

/// <summary>Keys of a server and of two partners, in files that a server reads.</summary>
internal sealed class TestKeys : IDisposable
{
    /// <summary>The partner of <see cref="Access.TestIssuer"/>'s tokens.</summary>
    public const string Partner = "partner-a";

    public const string Other = "partner-b";

    private static readonly TestKey SharedRsa = TestKey.Rsa("server-rsa", "enc");

    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;

    public TestKeys() => Publish();

    public TestKey ServerEc { get; } = TestKey.Curve("server-ec", "enc");

    /// <summary>One for all tests: RSA keys take long to make.</summary>
    public TestKey ServerRsa { get; } = SharedRsa;

    public TestKey ServerSign { get; } = TestKey.Curve("server-sign", "sig");

    public TestKey PartnerOpens { get; } = TestKey.Curve("a-enc", "enc");

    public TestKey PartnerSigns { get; } = TestKey.Curve("a-sign", "sig");

    public TestKey OtherSigns { get; } = TestKey.Curve("b-sign", "sig");

    /// <summary>What the first partner's data must have, and what it is answered with.</summary>
    public JsonArray Requires { get; set; } = [];

    public JsonArray Answers { get; set; } = [];

    public string OwnFile => Path.Combine(directory, "server.jwks.json");

    public string PartnersFile => Path.Combine(directory, "partners.json");

    public PayloadSettings Settings() =>
        new(OwnKeys.Watch(OwnFile), new Api.Http.Access.WatchedFile<PartnerKeys>(PartnersFile, PartnerKeys.Read));

    /// <summary>Writes both files, as they are now.</summary>
    public void Publish(params TestKey[] own)
    {
        TestKey[] all = own.Length > 0 ? own : [ServerEc, ServerRsa, ServerSign];
        File.WriteAllText(OwnFile, SetOf(all.Select(key => key.Private)).ToJsonString());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(OwnFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.WriteAllText(PartnersFile, new JsonObject
        {
            ["partners"] = new JsonArray(
                new JsonObject
                {
                    ["id"] = Partner,
                    ["keys"] = new JsonArray(PartnerOpens.Public, PartnerSigns.Public),
                    ["requires"] = Requires.DeepClone(),
                    ["answers"] = Answers.DeepClone(),
                },
                new JsonObject { ["id"] = Other, ["keys"] = new JsonArray(OtherSigns.Public) }),
        }.ToJsonString());
    }

    public void Dispose()
    {
        foreach (TestKey key in (TestKey[])
            [ServerEc, ServerSign, PartnerOpens, PartnerSigns, OtherSigns])
        {
            key.Dispose();
        }

        Directory.Delete(directory, recursive: true);
    }

    public static JsonObject SetOf(IEnumerable<JsonObject> keys) =>
        new() { ["keys"] = new JsonArray([.. keys.Select(key => key.DeepClone())]) };

    /// <summary>Encrypts members of an object for a key, in place.</summary>
    public static JsonObject Encrypt(JsonObject holder, TestKey key, params string[] names)
    {
        foreach (string name in names)
        {
            holder[name] = key.Seal(name is "template" or "image"
                ? Convert.FromBase64String((string)holder[name]!)
                : Encoding.UTF8.GetBytes(holder[name]!.ToJsonString()));
        }

        holder["encryption"] = new JsonObject { ["type"] = "JWE", ["scope"] = string.Join(' ', names) };
        return holder;
    }
}
