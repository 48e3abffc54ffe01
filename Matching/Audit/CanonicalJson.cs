using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MatchCluster.Matching.Audit;

/// <summary>
/// The one form of a JSON value that a hash is taken of: RFC 8785 (JSON Canonicalization Scheme). Members stand in the
/// order of their names' UTF-16 code units, without white space; texts escape only what they must; numbers are
/// doubles as ECMAScript writes them.
/// </summary>
public static class CanonicalJson
{
    /// <summary>Above it a double no longer holds every integer.</summary>
    private const long MostExact = 1L << 53;

    /// <summary>UTF-8 of a value in its canonical form.</summary>
    /// <exception cref="ArgumentException">A number that no double holds, or a text with half a surrogate.</exception>
    public static byte[] Encode(JsonNode? value)
    {
        StringBuilder text = new();
        Write(text, value);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(text.ToString());
    }

    private static void Write(StringBuilder text, JsonNode? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject members:
                WriteObject(text, members);
                break;
            case JsonArray items:
                WriteArray(text, items);
                break;
            default:
                WriteValue(text, value);
                break;
        }
    }

    private static void WriteObject(StringBuilder text, JsonObject members)
    {
        char before = '{';
        foreach ((string name, JsonNode? value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
        {
            text.Append(before);
            WriteText(text, name);
            text.Append(':');
            Write(text, value);
            before = ',';
        }

        text.Append(members.Count == 0 ? "{}" : "}");
    }

    private static void WriteArray(StringBuilder text, JsonArray items)
    {
        text.Append('[');
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0)
            {
                text.Append(',');
            }

            Write(text, items[i]);
        }

        text.Append(']');
    }

    private static void WriteValue(StringBuilder text, JsonNode value)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                WriteText(text, value.GetValue<string>());
                break;
            case JsonValueKind.True:
                text.Append("true");
                break;
            case JsonValueKind.False:
                text.Append("false");
                break;
            default:
                text.Append(NumberOf(value.AsValue()));
                break;
        }
    }

    private static string NumberOf(JsonValue value)
    {
        if (value.TryGetValue(out long whole) || (value.TryGetValue(out int small) && (whole = small) == small))
        {
            return whole is >= -MostExact and <= MostExact ? whole.ToString(CultureInfo.InvariantCulture)
                : throw new ArgumentException($"found the number {whole}, wanted one that a double holds exactly");
        }

        return Number(value.GetValue<double>());
    }

    /// <summary>A double as ECMAScript's Number.prototype.toString writes it (ECMA-262, 6.1.6.1.20).</summary>
    /// <exception cref="ArgumentException">It is infinite or no number.</exception>
    internal static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentException($"found {value}, wanted a finite number");
        }

        if (value == 0)
        {
            return "0";
        }

        // The shortest digits that read back as the same double; what differs between the two is the layout alone.
        string[] shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture).Split('E');
        string[] mantissa = shortest[0].Split('.');
        string digits = string.Concat(mantissa);
        int exponent = shortest.Length == 1 ? 0 : int.Parse(shortest[1], CultureInfo.InvariantCulture);
        int zeros = digits.Length - digits.TrimStart('0').Length;
        return (value < 0 ? "-" : "") + Layout(digits.Trim('0'), mantissa[0].Length - zeros + exponent);
    }

    /// <param name="digits">The digits, without zeros at either end.</param>
    /// <param name="point">Where the decimal point stands, counted from before the first digit.</param>
    private static string Layout(string digits, int point) => point switch
    {
        > 21 or <= -6 => digits[..1] + (digits.Length > 1 ? "." + digits[1..] : "") + "e" + (point > 0 ? "+" : "-")
            + Math.Abs(point - 1).ToString(CultureInfo.InvariantCulture),
        <= 0 => "0." + new string('0', -point) + digits,
        _ when digits.Length <= point => digits.PadRight(point, '0'),
        _ => digits[..point] + "." + digits[point..],
    };

    private static void WriteText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            string? escaped = c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\t' => "\\t",
                '\n' => "\\n",
                '\f' => "\\f",
                '\r' => "\\r",
                < ' ' => $"\\u{(int)c:x4}",
                _ => null,
            };
            if (escaped is null)
            {
                text.Append(c);
            }
            else
            {
                text.Append(escaped);
            }
        }

        text.Append('"');
    }
}
