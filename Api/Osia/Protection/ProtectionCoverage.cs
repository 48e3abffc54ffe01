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
        bool encrypts = required.HasFlag(Protections.Encryption);
        bool signs = required.HasFlag(Protections.Signature);
        SignedNodes signed = new(signs ? blocks : [], opened);
        foreach ((string path, JsonObject item) in items)
        {
            if (encrypts && FirstOther(item, Buffers, node => IsIn(opened, node)) is { } clear)
            {
                return new Failure(
                    FailureCode.ProtectionMissing,
                    $"{path}.{clear}: found it in clear, wanted it encrypted (JWE), as is agreed with this partner");
            }

            if (signs && FirstOther(item, Deciding, signed.Has) is { } unsigned)
            {
                return Unsigned($"{path}.{unsigned}");
            }
        }

        JsonNode? other = signs ? opened.Select(signed.FirstOther).FirstOrDefault(node => node is not null) : null;
        return other is null ? null : Unsigned(Failure.Shown(other.GetPath().TrimStart('$', '.')));
    }

    private static Failure Unsigned(string place) => new(
        FailureCode.ProtectionMissing,
        $"{place}: found no signature over it, wanted one (JWS), as is agreed with this partner");

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

        /// <summary>The first part of something that was opened, by depth, which no signature is over.</summary>
        public JsonNode? FirstOther(JsonNode node) =>
            Has(node) ? null
            : node switch
            {
                JsonObject members => members.Where(member => member.Key is not (
                        EncryptionBlock.Name or IntegrityBlock.Name) && member.Value is not null)
                    .Select(member => FirstOther(member.Value!)).FirstOrDefault(found => found is not null),
                JsonArray items => items.Where(item => item is not null)
                    .Select(item => FirstOther(item!)).FirstOrDefault(found => found is not null),
                _ => node,
            };

        private bool Add(IntegrityBlock block)
        {
            (block.IsOfEncrypted ? sent : clear).UnionWith(block.Selected);
            return true;
        }
    }
}
