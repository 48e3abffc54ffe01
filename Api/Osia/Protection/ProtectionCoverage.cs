using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>
/// What of a body was encrypted and what is signed. A partner that must protect its data could otherwise be taken for
/// one that does not, by leaving the protections out, or by signing something else. A signature over a JWE is none over
/// what is in it: whoever came by the JWE of somebody else could make it.
/// </summary>
internal sealed class ProtectionCoverage
{
    /// <summary>What decides who an item finds, and so must be signed.</summary>
    private static readonly string[] Deciding =
        ["biometricType", "biometricSubType", "image", "imageRef", "template", "templateFormat", "missing"];

    private static readonly string[] Buffers = ["image", "template"];

    private readonly HashSet<JsonNode> opened = new(ReferenceEqualityComparer.Instance);
    private readonly List<IntegrityBlock> blocks = [];

    /// <summary>Whether there were hashes or signatures.</summary>
    public bool HasIntegrity => blocks.Count > 0;

    /// <summary>Notes what stands in the place of a JWE now.</summary>
    public void Opened(JsonNode content) => opened.Add(content);

    /// <summary>Notes blocks whose hashes and signatures hold.</summary>
    public void Add(IEnumerable<IntegrityBlock> held) => blocks.AddRange(held);

    /// <summary>The failure of the first item that lacks what it must have, or null.</summary>
    public Failure? Missing(Protections required, IReadOnlyList<(string Path, JsonObject Item)> items)
    {
        SignedNodes signed = required.HasFlag(Protections.Signature) ? new(blocks, opened) : new([], opened);
        foreach ((string path, JsonObject item) in items)
        {
            if (required.HasFlag(Protections.Encryption) && FirstOther(item, Buffers, node => IsIn(opened, node)) is { } clear)
            {
                return new Failure(
                    FailureCode.ProtectionMissing,
                    $"{path}.{clear}: found it in clear, wanted it encrypted (JWE), as is agreed with this partner");
            }

            if (required.HasFlag(Protections.Signature) && FirstOther(item, Deciding, signed.Has) is { } unsigned)
            {
                return new Failure(
                    FailureCode.ProtectionMissing,
                    $"{path}.{unsigned}: found no signature over it, wanted one (JWS), as is agreed with this partner");
            }
        }

        return null;
    }

    private static string? FirstOther(JsonObject item, string[] names, Func<JsonNode, bool> holds) =>
        names.FirstOrDefault(name => item[name] is { } node && !holds(node));

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
    private sealed class SignedNodes
    {
        private readonly HashSet<JsonNode> clear = new(ReferenceEqualityComparer.Instance);
        private readonly HashSet<JsonNode> sent = new(ReferenceEqualityComparer.Instance);
        private readonly HashSet<JsonNode> opened;

        public SignedNodes(List<IntegrityBlock> blocks, HashSet<JsonNode> opened)
        {
            this.opened = opened;
            List<IntegrityBlock> left = [.. blocks];
            bool isMore = true;
            while (isMore)
            {
                isMore = left.RemoveAll(block => (block.IsSigned || Has(block.HashNode)) && Add(block)) > 0;
            }
        }

        public bool Has(JsonNode node) => IsIn(clear, node) || (IsIn(sent, node) && !IsIn(opened, node));

        private bool Add(IntegrityBlock block)
        {
            (block.IsOfEncrypted ? sent : clear).UnionWith(block.Selected);
            return true;
        }
    }
}
