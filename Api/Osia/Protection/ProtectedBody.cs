using System.Text.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>
/// Opens one body: first the object itself, then the biometric items in it, each in the order of OSIA's integrity
/// before and after encryption. What is left is the plain body, without the protections.
/// </summary>
/// <param name="own">Our keys.</param>
/// <param name="partner">Whose signatures are taken, and what its data must have.</param>
/// <param name="values">Counts the values of the body, and of what is opened in it.</param>
internal sealed class ProtectedBody(OwnKeys own, PayloadPartner partner, ValueCount? values = null)
{
    /// <summary>Blocks of integrity of one object at most.</summary>
    private const int MostBlocks = 8;

    /// <summary>JWEs, and signatures, of one body at most: each takes up to some milliseconds.</summary>
    private const int MostOfOne = 192;

    private static readonly string[] ItemLists = ["biometricData", "biometricData1", "biometricData2"];

    private readonly ScopeWork work = new();
    private readonly HashWork bytes = new(4L * ApiLimits.BodyBytes);
    private readonly ValueCount values = values ?? new ValueCount();
    private readonly ProtectionCoverage coverage = new();
    private readonly List<(string Path, JsonObject Item)> items = [];
    private int start;
    private int tokens;
    private int signatures;

    /// <summary>Whether there were hashes or signatures; known after the body was opened.</summary>
    public bool HasIntegrity => coverage.HasIntegrity;

    /// <summary>Whether an object, or one of its biometric items, has a protection.</summary>
    public static bool IsProtected(JsonObject body) =>
        HasProtection(body) || ItemLists.Any(list => body[list] is JsonArray items
            && items.Any(item => item is JsonObject members && HasProtection(members)));

    /// <summary>Opens the object in place; the failure of it, or null.</summary>
    /// <exception cref="FailureException">It would be too much work.</exception>
    public Failure? Open(JsonObject body)
    {
        start = body.GetPath().Length;
        if (OpenHolder(body, "", ItemLists) is { } failure)
        {
            return failure;
        }

        if (coverage.Missing(partner.Requires, items) is { } missing)
        {
            return missing;
        }

        foreach (JsonObject holder in items.Select(item => item.Item).Prepend(body))
        {
            holder.Remove(EncryptionBlock.Name);
            holder.Remove(IntegrityBlock.Name);
        }

        return null;
    }

    private Failure? OpenHolder(JsonObject holder, string path, string[] lists)
    {
        Parsed<List<IntegrityBlock>> read = BlocksOf(holder, path);
        if (read.IsFailed)
        {
            return read.Failure;
        }

        Failure? failure = Check(holder, read.Value.FindAll(block => block.IsOfEncrypted))
            ?? Decrypt(holder, path)
            ?? OpenItems(holder, path, lists)
            ?? Check(holder, read.Value.FindAll(block => !block.IsOfEncrypted));
        coverage.Add(read.Value);
        return failure;
    }

    private Failure? OpenItems(JsonObject holder, string path, string[] lists)
    {
        foreach (string list in lists)
        {
            if (holder[list] is not JsonArray found)
            {
                continue;
            }

            for (int i = 0; i < found.Count; i++)
            {
                string place = $"{Below(path, list)}[{i}]";
                if (found[i] is JsonObject item)
                {
                    items.Add((place, item));
                    if (OpenHolder(item, place, []) is { } failure)
                    {
                        return failure;
                    }
                }
            }
        }

        return null;
    }

    private Failure? Check(JsonObject holder, List<IntegrityBlock> checkedNow)
    {
        foreach (IntegrityBlock block in checkedNow)
        {
            if ((block.CheckHash(holder, work, bytes) ?? block.CheckSignature(partner)) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private Parsed<List<IntegrityBlock>> BlocksOf(JsonObject holder, string path)
    {
        string place = Below(path, IntegrityBlock.Name);
        if (holder[IntegrityBlock.Name] is not { } said)
        {
            return new List<IntegrityBlock>();
        }

        if (said is not JsonArray list || list.Count > MostBlocks)
        {
            return JoseHeader.Wrong(place, $"wanted a list of at most {MostBlocks}");
        }

        List<IntegrityBlock> read = [];
        for (int i = 0; i < list.Count; i++)
        {
            Parsed<IntegrityBlock> block = IntegrityBlock.Read(list[i], $"{place}[{i}]");
            if (block.IsFailed)
            {
                return block.Failure;
            }

            signatures += block.Value.IsSigned ? 1 : 0;
            read.Add(block.Value);
        }

        return signatures <= MostOfOne ? read
            : JoseHeader.Wrong(place, $"found more than {MostOfOne} signatures up to here, wanted fewer");
    }

    private Failure? Decrypt(JsonObject holder, string path)
    {
        string place = Below(path, EncryptionBlock.Name);
        if (holder[EncryptionBlock.Name] is not { } said)
        {
            return null;
        }

        Parsed<EncryptionBlock> block = EncryptionBlock.Read(said, place);
        if (block.IsFailed)
        {
            return block.Failure;
        }

        List<(JsonNode Node, string Name)> selected = [];
        ScopePath.Limit(holder, block.Value.Paths, work, (node, name) => selected.Add((node, name)));
        if (selected.Count == 0)
        {
            return JoseHeader.Wrong($"{place}.scope", "found nothing of what it names");
        }

        tokens += selected.Count;
        if (tokens > MostOfOne)
        {
            return JoseHeader.Wrong(place, $"found {tokens} encrypted nodes up to here, wanted at most {MostOfOne}");
        }

        foreach ((JsonNode node, string name) in selected)
        {
            if (Replace(node, name) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private Failure? Replace(JsonNode node, string name)
    {
        string place = Failure.Shown(node.GetPath()[start..].TrimStart('.'));
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.String)
        {
            return JoseHeader.Wrong(place, "found a value in clear, wanted a JWE in its compact form");
        }

        Parsed<OpenedJwe> jwe = Jwe.Open(value.GetValue<string>(), own, place);
        if (jwe.IsFailed)
        {
            return jwe.Failure;
        }

        Parsed<JsonNode> content = OpenedContent.Read(jwe.Value, name, place, values);
        if (content.IsFailed)
        {
            return content.Failure;
        }

        node.ReplaceWith(content.Value);
        coverage.Opened(content.Value);
        return null;
    }

    private static bool HasProtection(JsonObject members) =>
        members.ContainsKey(EncryptionBlock.Name) || members.ContainsKey(IntegrityBlock.Name);

    private static string Below(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
