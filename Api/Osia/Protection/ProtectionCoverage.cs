using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>
/// What of a body was encrypted and what is signed. A partner that must protect its data could otherwise be taken for
/// one that does not, by leaving the protections out, or by signing something else.
/// </summary>
internal sealed class ProtectionCoverage
{
    /// <summary>What decides who an item finds, and so must be signed.</summary>
    private static readonly string[] Deciding =
        ["biometricType", "biometricSubType", "image", "imageRef", "template", "templateFormat", "missing"];

    private static readonly string[] Buffers = ["image", "template"];

    private readonly HashSet<JsonNode> opened = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<JsonNode, JsonNode> replacedBy = new(ReferenceEqualityComparer.Instance);
    private readonly List<IntegrityBlock> blocks = [];

    /// <summary>Whether there were hashes or signatures.</summary>
    public bool HasIntegrity => blocks.Count > 0;

    /// <summary>Notes a node that was opened, and what stands in its place now.</summary>
    public void Replaced(JsonNode node, JsonNode content)
    {
        opened.Add(content);
        replacedBy[node] = content;
    }

    /// <summary>Notes blocks whose hashes and signatures hold.</summary>
    public void Add(IEnumerable<IntegrityBlock> held) => blocks.AddRange(held);

    /// <summary>The failure of the first item that lacks what it must have, or null.</summary>
    public Failure? Missing(Protections required, IReadOnlyList<(string Path, JsonObject Item)> items)
    {
        HashSet<JsonNode> signed = required.HasFlag(Protections.Signature) ? SignedNodes() : [];
        foreach ((string path, JsonObject item) in items)
        {
            if (required.HasFlag(Protections.Encryption) && FirstOutside(opened, item, Buffers) is { } clear)
            {
                return new Failure(
                    FailureCode.ProtectionMissing,
                    $"{path}.{clear}: found it in clear, wanted it encrypted (JWE), as is agreed with this partner");
            }

            if (required.HasFlag(Protections.Signature) && FirstOutside(signed, item, Deciding) is { } unsigned)
            {
                return new Failure(
                    FailureCode.ProtectionMissing,
                    $"{path}.{unsigned}: found no signature over it, wanted one (JWS), as is agreed with this partner");
            }
        }

        return null;
    }

    private static string? FirstOutside(HashSet<JsonNode> nodes, JsonObject item, string[] names) =>
        names.FirstOrDefault(name => item[name] is { } node && !IsIn(nodes, node));

    /// <summary>Whether a node, or one that it is a part of, is among some.</summary>
    private static bool IsIn(HashSet<JsonNode> nodes, JsonNode? node)
    {
        for (; node is not null; node = node.Parent)
        {
            if (nodes.Contains(node))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What the signed hashes are of, and what the hashes are of that are signed with them.</summary>
    private HashSet<JsonNode> SignedNodes()
    {
        HashSet<JsonNode> signed = new(ReferenceEqualityComparer.Instance);
        List<IntegrityBlock> left = [.. blocks];
        bool isMore = true;
        while (isMore)
        {
            isMore = left.RemoveAll(block => (block.IsSigned || IsIn(signed, block.HashNode)) && Sign(block)) > 0;
        }

        return signed;

        bool Sign(IntegrityBlock block)
        {
            foreach (JsonNode node in block.Selected)
            {
                signed.Add(node);
                signed.Add(replacedBy.GetValueOrDefault(node, node));
            }

            return true;
        }
    }
}
