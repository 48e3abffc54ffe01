using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Api.Osia.Contract;

/// <summary>The words of OSIA for the members of an enum: RightIndex is RIGHT_INDEX.</summary>
internal static class EnumWords<T>
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> ByWord =
        Enum.GetValues<T>().ToDictionary(Spell, StringComparer.Ordinal);

    private static readonly Dictionary<T, string> ByValue = ByWord.ToDictionary(pair => pair.Value, pair => pair.Key);

    public static IEnumerable<string> All => ByWord.Keys;

    public static string Of(T value) => ByValue[value];

    public static bool TryRead(string word, out T value) => ByWord.TryGetValue(word, out value);

    private static string Spell(T value)
    {
        var word = new StringBuilder();
        foreach (char c in value.ToString())
        {
            word.Append(char.IsAsciiLetterUpper(c) && word.Length > 0 ? "_" : "").Append(char.ToUpperInvariant(c));
        }

        return word.ToString();
    }
}

/// <summary>Reads and writes one word; a word that is not in the contract is named in the error.</summary>
internal sealed class WordConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    private const int WordsListed = 6;

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? word = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        if (word is not null && EnumWords<T>.TryRead(word, out T value))
        {
            return value;
        }

        string found = word is null ? reader.TokenType.ToString() : word.Length <= 64 ? $"'{word}'" : "a long text";
        string wanted = string.Join(", ", EnumWords<T>.All.Take(WordsListed));
        throw new JsonException(
            $"found {found}, wanted one of {wanted}{(EnumWords<T>.All.Count() > WordsListed ? ", ..." : "")}");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(EnumWords<T>.Of(value));
}

/// <summary>Base64 in a string, of either alphabet, padded or not; with an error that says so.</summary>
internal sealed class Base64Converter : JsonConverter<byte[]>
{
    public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType != JsonTokenType.String
            ? throw new JsonException($"found {reader.TokenType}, wanted a string in base64")
            : reader.TryGetBytesFromBase64(out byte[]? bytes) ? bytes
            : Base64Text.Decode(reader.GetString()!)
                ?? throw NotBase64(reader.GetString()!);

    private static JsonException NotBase64(string text) => new(
        "not base64 (RFC 4648, either alphabet, with or without padding)"
        + (Base64Text.IsHex(text) ? "; the text is hexadecimal" : ""));

    public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options) =>
        writer.WriteBase64StringValue(value);
}
