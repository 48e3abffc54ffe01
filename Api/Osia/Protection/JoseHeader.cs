using System.Buffers.Text;
using System.Text.Json;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>
/// The protected header of a JWE or JWS in its compact form, read strictly before anything is computed: what a second
/// reader might understand otherwise (a name twice, an extension) is refused.
/// </summary>
internal sealed class JoseHeader
{
    /// <summary>Characters of a header at most: names, an ephemeral key, some certificates.</summary>
    public const int MostCharacters = 8 * 1024;

    private const int MostDepth = 4;

    private readonly JsonElement members;

    private JoseHeader(JsonElement members) => this.members = members;

    /// <param name="token">The compact form.</param>
    /// <param name="parts">How many parts, with dots between, it has.</param>
    /// <param name="path">Its place in the body.</param>
    public static Parsed<JoseHeader> Read(string token, int parts, string path)
    {
        int end = token.IndexOf('.', StringComparison.Ordinal);
        int found = token.AsSpan().Count('.') + 1;
        if (found != parts)
        {
            return Wrong(path, $"found {found} parts with dots between, wanted {parts}");
        }

        if (end is 0 or > MostCharacters)
        {
            return Wrong(path, $"found a header of {end} characters, wanted 1..{MostCharacters}");
        }

        try
        {
            byte[] json = Base64Url.DecodeFromChars(token.AsSpan(0, end));
            using JsonDocument document = JsonDocument.Parse(
                json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = MostDepth });
            JsonElement members = document.RootElement.Clone();
            return members.ValueKind != JsonValueKind.Object
                ? Wrong(path, "its header is no JSON object")
                : Refused(members) is { } refused ? Wrong(path, refused)
                : new JoseHeader(members);
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException or InvalidOperationException)
        {
            return Wrong(path, "its header is no JSON object with each name once, in base64url");
        }
    }

    /// <summary>A text of the header; null where there is none.</summary>
    public string? Text(string name) =>
        members.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;

    /// <summary>The curve of the ephemeral key; null where there is none.</summary>
    public string? EphemeralCurve =>
        members.TryGetProperty("epk", out JsonElement key) && key.ValueKind == JsonValueKind.Object
            && key.TryGetProperty("crv", out JsonElement curve) && curve.ValueKind == JsonValueKind.String
            ? curve.GetString() : null;

    /// <summary>The one of the algorithms that a member names.</summary>
    public Parsed<T> OneOf<T>(string name, IReadOnlyDictionary<string, T> taken, string path) =>
        Text(name) is { } said && taken.TryGetValue(said, out T? value) ? value
            : Wrong(path, $"{name}: found {Shown(Text(name))}, wanted one of {string.Join(", ", taken.Keys)}");

    /// <summary>What is wrong with a protection, or with the keys that it names.</summary>
    public static Failure Wrong(string path, string reason) =>
        new(FailureCode.ProtectionMalformed, $"{path}: {reason}");

    public static string Shown(string? text) => text is null ? "nothing" : $"'{Failure.Shown(text)}'";

    private static string? Refused(JsonElement members) =>
        members.TryGetProperty("zip", out _) ? "zip: found compressed content, wanted it as it is"
        : members.TryGetProperty("crit", out _) ? "crit: found extensions, and none are known here"
        : members.TryGetProperty("b64", out _) ? "b64: found an extension, and none are known here"
        : members.TryGetProperty("kid", out JsonElement kid) && kid.ValueKind != JsonValueKind.String
            ? "kid: wanted a text"
        : null;
}
