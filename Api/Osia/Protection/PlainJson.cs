using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>JSON that is read into memory as a tree: strictly, and not more than a body may have values.</summary>
internal static class PlainJson
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The value of a text; the failure says what is wrong in the text.</summary>
    /// <param name="text">UTF-8, with a mark before it or without.</param>
    /// <param name="values">Counts the values.</param>
    public static Parsed<JsonNode> Parse(ReadOnlySpan<byte> text, ValueCount values)
    {
        try
        {
            ReadOnlySpan<byte> plain = text.StartsWith(ByteOrderMark) ? text[ByteOrderMark.Length..] : text;
            Utf8JsonReader reader = new(plain);
            while (reader.Read())
            {
                // The parser passes over halves of UTF-16 pairs and bytes that are not UTF-8.
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                {
                    reader.GetString();
                }

                if (!values.TryAdd())
                {
                    return new Failure(
                        FailureCode.MalformedBody, $"found more than {ValueCount.Most} values, wanted fewer");
                }
            }

            return JsonNode.Parse(plain, null, Strict) is { } node ? node
                : new Failure(FailureCode.MalformedBody, "found null, wanted a value");
        }
        catch (JsonException malformed)
        {
            return JsonFailures.Of(malformed);
        }
        catch (InvalidOperationException)
        {
            return new Failure(
                FailureCode.MalformedBody, "found half of a UTF-16 pair or bytes that are not UTF-8, wanted text");
        }
    }

    /// <summary>The text of a value, with no more escapes than JSON must have.</summary>
    public static byte[] Write(JsonNode value)
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter writer = new(text, Relaxed))
        {
            value.WriteTo(writer);
        }

        return text.ToArray();
    }
}

/// <summary>How many values, names and brackets one body has, with what was encrypted in it.</summary>
internal sealed class ValueCount
{
    /// <summary>A node in memory takes some hundred bytes, and a value in a text two.</summary>
    public const int Most = 200_000;

    private int count;

    /// <summary>Counts one; false where it is one too many.</summary>
    public bool TryAdd() => ++count <= Most;
}
