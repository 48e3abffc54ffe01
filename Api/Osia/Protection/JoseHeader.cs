using System.Buffers.Text;
using System.Text.Json.Nodes;
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

    private readonly JsonObject members;

    private JoseHeader(JsonObject members) => this.members = members;

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

        return MembersOf(token.AsSpan(0, end)) is not { } members
            ? Wrong(path, "its header is no JSON object with each name once, in base64url")
            : Refused(members) is { } refused ? Wrong(path, refused)
            : new JoseHeader(members);
    }

    /// <summary>A text of the header; null where there is none.</summary>
    public string? Text(string name) => EncryptionBlock.TextOf(members, name);

    /// <summary>The curve of the ephemeral key; null where there is none.</summary>
    public string? EphemeralCurve =>
        members["epk"] is JsonObject key ? EncryptionBlock.TextOf(key, "crv") : null;

    /// <summary>The one of the algorithms that a member names.</summary>
    public Parsed<T> OneOf<T>(string name, IReadOnlyDictionary<string, T> taken, string path) =>
        Text(name) is { } said && taken.TryGetValue(said, out T? value) ? value
            : Wrong(path, $"{name}: found {Shown(Text(name))}, wanted one of {string.Join(", ", taken.Keys)}");

    /// <summary>What is wrong with a protection, or with the keys that it names.</summary>
    public static Failure Wrong(string path, string reason) =>
        new(FailureCode.ProtectionMalformed, $"{path}: {reason}");

    public static string Shown(string? text) => text is null ? "nothing" : $"'{Failure.Shown(text)}'";

    private static JsonObject? MembersOf(ReadOnlySpan<char> encoded)
    {
        try
        {
            return PlainJson.Parse(Base64Url.DecodeFromChars(encoded), new ValueCount()).Value as JsonObject;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string? Refused(JsonObject members) =>
        members.ContainsKey("zip") ? "zip: found compressed content, wanted it as it is"
        : members.ContainsKey("crit") ? "crit: found extensions, and none are known here"
        : members.ContainsKey("b64") ? "b64: found an extension, and none are known here"
        : members.ContainsKey("kid") && EncryptionBlock.TextOf(members, "kid") is null
            ? "kid: wanted a text"
        : null;
}
