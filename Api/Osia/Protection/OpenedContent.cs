using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>The value that stands in the place of a JWE after it was opened.</summary>
/// <remarks>
/// OSIA does not say whether a buffer is encrypted as its bytes or as its base64. Both are read: no record and no
/// picture is base64 from end to end. The content type (<c>cty</c>) of the JWE decides where it is there.
/// </remarks>
internal static class OpenedContent
{
    public const string Json = "json";
    public const string Bytes = "octet-stream";

    private const string Application = "application/";

    private static readonly SearchValues<byte> Base64Characters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n"u8);

    /// <param name="jwe">What was opened.</param>
    /// <param name="name">The name of the member that it is the value of.</param>
    /// <param name="path">Its place in the body.</param>
    /// <param name="values">Counts the values of the body.</param>
    public static Parsed<JsonNode> Read(OpenedJwe jwe, string name, string path, ValueCount values)
    {
        string? type = jwe.ContentType?.Replace(Application, "", StringComparison.OrdinalIgnoreCase).ToLowerInvariant();
        return type == Json || (type != Bytes && IsJson(jwe.Content) && !IsBuffer(name))
            ? Parse(jwe.Content, path, values)
            : type == Bytes || (IsBuffer(name) && jwe.Content.AsSpan().ContainsAnyExcept(Base64Characters))
                ? JsonValue.Create(Convert.ToBase64String(jwe.Content))
            : TextOf(jwe.Content, path);
    }

    private static bool IsBuffer(string name) => name is "image" or "template";

    /// <summary>Whether it begins as an object, a list or a text of JSON.</summary>
    private static bool IsJson(ReadOnlySpan<byte> content) =>
        content.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[' or (byte)'"', ..];

    private static Parsed<JsonNode> Parse(byte[] content, string path, ValueCount values)
    {
        Parsed<JsonNode> parsed = PlainJson.Parse(content, values);
        return parsed.IsFailed ? JoseHeader.Wrong(path, "what was encrypted is no JSON value that is taken") : parsed;
    }

    private static Parsed<JsonNode> TextOf(byte[] content, string path)
    {
        try
        {
            return JsonValue.Create(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content));
        }
        catch (ArgumentException)
        {
            return JoseHeader.Wrong(path, "what was encrypted is no text in UTF-8; say cty octet-stream of bytes");
        }
    }
}
