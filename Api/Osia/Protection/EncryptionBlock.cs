using System.Text.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>OSIA's Encryption: which nodes of its object are JWEs.</summary>
/// <param name="Paths">The nodes.</param>
internal sealed record EncryptionBlock(IReadOnlyList<ScopePath> Paths)
{
    public const string Name = "encryption";

    private static readonly string[] Members = ["type", "scope"];

    /// <param name="node">The value of the member; not null.</param>
    /// <param name="path">Its place in the body.</param>
    public static Parsed<EncryptionBlock> Read(JsonNode node, string path)
    {
        if (node is not JsonObject members)
        {
            return JoseHeader.Wrong(path, "wanted an object with type and scope");
        }

        if (members.FirstOrDefault(member => !Members.Contains(member.Key)) is { Key: { } unknown })
        {
            return JoseHeader.Wrong(path, $"found {JoseHeader.Shown(unknown)}, wanted type and scope");
        }

        if (TextOf(members, "type") is not "JWE" and var type)
        {
            return type == "PKCS7" ? NotTaken($"{path}.type: found 'PKCS7', wanted JWE")
                : JoseHeader.Wrong($"{path}.type", $"found {JoseHeader.Shown(type)}, wanted JWE");
        }

        if (TextOf(members, "scope") is not { } scope)
        {
            return JoseHeader.Wrong($"{path}.scope", "found nothing, wanted paths with blanks between");
        }

        Parsed<IReadOnlyList<ScopePath>> paths = ScopePath.ReadAll(scope, $"{path}.scope");
        return paths.IsFailed ? paths.Failure
            : paths.Value.FirstOrDefault(one => one.LastName.EndsWith("Ref", StringComparison.Ordinal)) is { } reference
            ? NotTaken($"{path}.scope: found '{reference.LastName}': what is encrypted elsewhere is not fetched")
            : new EncryptionBlock(paths.Value);
    }

    /// <summary>A text of an object; null where it has none of the name.</summary>
    public static string? TextOf(JsonObject members, string name) =>
        members.TryGetPropertyValue(name, out JsonNode? value) && value is JsonValue said
            && said.GetValueKind() == JsonValueKind.String ? said.GetValue<string>() : null;

    public static Failure NotTaken(string reason) => new(FailureCode.UnsupportedBiometricData, reason);
}
