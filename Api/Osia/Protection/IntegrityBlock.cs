using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Audit;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>
/// One of OSIA's Integrity: the hash of some nodes of its object, and who signed it. The hash is that of the object
/// limited to these nodes, in its canonical form (RFC 8785).
/// </summary>
internal sealed class IntegrityBlock
{
    public const string Name = "integrity";

    /// <summary>Name of the hash algorithm that is written.</summary>
    public const string Sha256 = "SHA256";

    private static readonly string[] Members =
        ["id", "type", "scope", "alg", "encrypted", "followRef", "hash", "signature", "signatureRef"];

    private static readonly string[] Required = ["scope", "alg", "hash"];

    private readonly HashAlgorithmName algorithm;
    private readonly string hash;
    private readonly string? signature;
    private readonly string path;
    private readonly List<JsonNode> selected = [];
    private byte[] digest = [];

    private IntegrityBlock(
        JsonObject node, IReadOnlyList<ScopePath> paths, HashAlgorithmName algorithm, string path)
    {
        Paths = paths;
        HashNode = node["hash"]!;
        IsOfEncrypted = node["encrypted"] is JsonValue said && said.GetValueKind() == JsonValueKind.True;
        this.algorithm = algorithm;
        this.path = path;
        hash = EncryptionBlock.TextOf(node, "hash")!;
        signature = EncryptionBlock.TextOf(node, "signature");
    }

    public IReadOnlyList<ScopePath> Paths { get; }

    /// <summary>The hash as it stands in the body: another block may be over it.</summary>
    public JsonNode HashNode { get; }

    /// <summary>The hash is of what was sent, before it is opened.</summary>
    public bool IsOfEncrypted { get; }

    public bool IsSigned => signature is not null;

    /// <summary>What the hash is of.</summary>
    public IReadOnlyList<JsonNode> Selected => selected;

    /// <param name="node">One of the list.</param>
    /// <param name="path">Its place in the body.</param>
    public static Parsed<IntegrityBlock> Read(JsonNode? node, string path)
    {
        if (node is not JsonObject members)
        {
            return JoseHeader.Wrong(path, "wanted an object with scope, alg and hash");
        }

        if (ShapeProblem(members, path) is { } problem)
        {
            return problem;
        }

        HashAlgorithmName? algorithm = AlgorithmOf(EncryptionBlock.TextOf(members, "alg"));
        if (algorithm is null)
        {
            return JoseHeader.Wrong(
                $"{path}.alg", $"found {JoseHeader.Shown(EncryptionBlock.TextOf(members, "alg"))}, "
                    + "wanted SHA256, SHA384 or SHA512");
        }

        Parsed<IReadOnlyList<ScopePath>> paths = ScopePath.ReadAll(
            EncryptionBlock.TextOf(members, "scope")!, $"{path}.scope");
        return paths.IsFailed ? paths.Failure
            : new IntegrityBlock(members, paths.Value, algorithm.Value, path);
    }

    /// <summary>The hash of the nodes of an object, as it is now, in hexadecimal digits.</summary>
    public static string HashOf(JsonObject holder, IReadOnlyList<ScopePath> paths) =>
        Convert.ToHexStringLower(SHA256.HashData(
            CanonicalJson.Encode(ScopePath.Limit(holder, paths, new ScopeWork(), (_, _) => { }) ?? new JsonObject())));

    /// <summary>The failure of the hash, or null where it is that of the object as it is now.</summary>
    public Failure? CheckHash(JsonObject holder, ScopeWork work, HashWork bytes)
    {
        byte[] text;
        try
        {
            JsonNode? limited = ScopePath.Limit(holder, Paths, work, (node, _) => selected.Add(node));
            text = CanonicalJson.Encode(limited ?? new JsonObject());
        }
        catch (Exception wrong) when (wrong is ArgumentException or InvalidOperationException or FormatException)
        {
            return JoseHeader.Wrong(path, "what its scope names has no canonical form (RFC 8785)");
        }

        bytes.Take(text.Length);
        digest = CryptographicOperations.HashData(algorithm, text);
        return IsHash(digest) ? null
            : new Failure(
                FailureCode.SignatureRefused,
                $"{path}.hash: it is not the hash of what its scope names: that was changed, or hashed otherwise");
    }

    /// <summary>The failure of the signature, or null where it is the partner's; after the hash was checked.</summary>
    public Failure? CheckSignature(PayloadPartner partner) =>
        signature is null ? null
        : partner.Signing.Count == 0
            ? new Failure(
                FailureCode.SignatureRefused, $"{path}.signature: no key is known that this caller signs with")
        : Jws.Check(signature, [Encoding.UTF8.GetBytes(hash), digest], partner.Signing, $"{path}.signature");

    private static Failure? ShapeProblem(JsonObject members, string path)
    {
        if (members.FirstOrDefault(member => !Members.Contains(member.Key)) is { Key: { } unknown })
        {
            return JoseHeader.Wrong(path, $"found {JoseHeader.Shown(unknown)}, wanted {string.Join(", ", Members)}");
        }

        if (members.FirstOrDefault(member => !IsOfItsType(member.Key, member.Value)) is { Key: { } wrong })
        {
            return JoseHeader.Wrong($"{path}.{wrong}", "a value of another type was wanted here");
        }

        if (Required.FirstOrDefault(name => !members.ContainsKey(name)) is { } missing)
        {
            return JoseHeader.Wrong($"{path}.{missing}", "found nothing, wanted a text");
        }

        string type = EncryptionBlock.TextOf(members, "type") ?? "NONE";
        bool isSigned = members.ContainsKey("signature");
        return type == "PKCS7" ? EncryptionBlock.NotTaken($"{path}.type: found 'PKCS7', wanted JWS or NONE")
            : members.ContainsKey("signatureRef")
                ? EncryptionBlock.NotTaken($"{path}.signatureRef: signatures are not fetched; send signature")
            : members["followRef"]?.GetValueKind() == JsonValueKind.True
                ? EncryptionBlock.NotTaken($"{path}.followRef: what is elsewhere is not fetched for a hash")
            : type is not ("NONE" or "JWS")
                ? JoseHeader.Wrong($"{path}.type", $"found {JoseHeader.Shown(type)}, wanted JWS or NONE")
            : isSigned != (type == "JWS")
                ? JoseHeader.Wrong(
                    $"{path}.signature", isSigned ? "found one, but type is not JWS" : "found none, but type is JWS")
            : null;
    }

    private static bool IsOfItsType(string name, JsonNode? value) =>
        value is JsonValue said && (name is "encrypted" or "followRef"
            ? said.GetValueKind() is JsonValueKind.True or JsonValueKind.False
            : said.GetValueKind() == JsonValueKind.String);

    private static HashAlgorithmName? AlgorithmOf(string? name) => name switch
    {
        Sha256 or "SHA-256" => HashAlgorithmName.SHA256,
        "SHA384" or "SHA-384" => HashAlgorithmName.SHA384,
        "SHA512" or "SHA-512" => HashAlgorithmName.SHA512,
        _ => null,
    };

    /// <summary>OSIA's examples have hexadecimal digits, and its text says nothing of it; base64 is read too.</summary>
    private bool IsHash(byte[] computed) =>
        hash.Equals(Convert.ToHexString(computed), StringComparison.OrdinalIgnoreCase)
        || hash == Convert.ToBase64String(computed)
        || hash == Base64Url.EncodeToString(computed);
}

/// <summary>How many bytes are hashed for one body.</summary>
internal sealed class HashWork(long most)
{
    private long taken;

    /// <exception cref="FailureException">It is too many.</exception>
    public void Take(long count)
    {
        taken += count;
        if (taken > most)
        {
            throw new FailureException(
                JoseHeader.Wrong(IntegrityBlock.Name, $"found more than {most} bytes to hash, wanted fewer"));
        }
    }
}
