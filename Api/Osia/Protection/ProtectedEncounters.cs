using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Matching.Audit;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>
/// Protects encounters that are answered, as OSIA shows it: each biometric item has a hash of itself that is signed,
/// and the encounter a signed hash of those and of what it says of itself, so that nothing can be exchanged inside.
/// Then the templates, the biographic data and the client's data are encrypted.
/// </summary>
internal static class ProtectedEncounters
{
    private const string Items = "biometricData";
    private const string BlockId = "matchcluster";
    private const string Hashes = $"{Items}[*].{IntegrityBlock.Name}[?@.id=='{BlockId}'].hash";
    private const string Template = "template";
    private const string ClientData = "clientData";

    private static readonly string[] OfEncounter =
    [
        "encounterId", "encounterType", "galleries", "status", "createdDate", "updatedDate", "biographicData",
        ClientData,
    ];

    private static readonly string[] Encrypted = ["biographicData", ClientData];

    /// <summary>The protected text of one encounter or several; null where the answer is something else.</summary>
    /// <param name="answer">What is answered.</param>
    /// <param name="plain">Its text.</param>
    /// <param name="keys">What it is protected with.</param>
    public static byte[]? TryProtect(object answer, byte[] plain, AnswerKeys keys)
    {
        if (answer is not (OsiaEncounter or IReadOnlyList<OsiaEncounter>))
        {
            return null;
        }

        JsonNode text = JsonNode.Parse(plain)!;
        foreach (JsonObject encounter in text is JsonArray several ? several.OfType<JsonObject>() : [text.AsObject()])
        {
            Protect(encounter, keys);
        }

        return PlainJson.Write(text);
    }

    private static void Protect(JsonObject encounter, AnswerKeys keys)
    {
        JsonObject[] items = [.. (encounter[Items] as JsonArray ?? []).OfType<JsonObject>()];
        if (keys.Signing is { } signing)
        {
            foreach (JsonObject item in items)
            {
                Sign(item, item.Select(member => member.Key), signing);
            }

            Sign(encounter, OfEncounter.Where(encounter.ContainsKey).Append(Hashes), signing);
        }

        if (keys.Encryption is { } encryption)
        {
            foreach (JsonObject item in items)
            {
                Encrypt(item, [Template], encryption);
            }

            Encrypt(encounter, Encrypted, encryption);
        }
    }

    private static void Sign(JsonObject holder, IEnumerable<string> scope, PayloadKey key)
    {
        string paths = string.Join(' ', scope);
        string hash = IntegrityBlock.HashOf(holder, ScopePath.ReadAll(paths, IntegrityBlock.Name).Value!);
        holder[IntegrityBlock.Name] = new JsonArray(new JsonObject
        {
            ["id"] = BlockId,
            ["type"] = "JWS",
            ["scope"] = paths,
            ["alg"] = IntegrityBlock.Sha256,
            ["hash"] = hash,
            ["signature"] = Jws.Sign(Encoding.ASCII.GetBytes(hash), key, isDetached: true, contentType: null),
        });
    }

    private static void Encrypt(JsonObject holder, string[] names, PayloadKey key)
    {
        string[] there = [.. names.Where(name => holder[name] is not null)];
        if (there.Length == 0)
        {
            return;
        }

        foreach (string name in there)
        {
            bool isBuffer = name is Template or ClientData;
            byte[] content = isBuffer ? Convert.FromBase64String(holder[name]!.GetValue<string>())
                : CanonicalJson.Encode(holder[name]);
            holder[name] = Jwe.Seal(content, key, isBuffer ? OpenedContent.Bytes : OpenedContent.Json);
        }

        holder[EncryptionBlock.Name] = new JsonObject { ["type"] = "JWE", ["scope"] = string.Join(' ', there) };
    }
}
