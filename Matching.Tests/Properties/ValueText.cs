using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Irises;

namespace MatchCluster.Matching.Tests.Properties;

/// <summary>
/// A value as text with everything that its public properties hold: two values are the same where their texts are.
/// Records compare their lists and memories by reference, which is of no use to a round trip.
/// </summary>
internal static class ValueText
{
    public static string Of<T>(T value)
    {
        StringBuilder text = new();
        Add(text, value);
        return text.ToString();
    }

    private static void Add(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case string letters:
                text.Append('"').Append(letters).Append('"');
                break;
            case ReadOnlyMemory<byte> bytes:
                text.Append(Convert.ToHexString(bytes.Span));
                break;
            case ReadOnlyMemory<ulong> words:
                AddWords(text, words.Span);
                break;
            case DateTimeOffset instant:
                text.Append(instant.ToString("O", CultureInfo.InvariantCulture));
                break;
            case double number:
                text.Append(BitConverter.DoubleToUInt64Bits(number).ToString("X16", CultureInfo.InvariantCulture));
                break;
            case FingerTemplate finger:
                text.Append(Convert.ToHexString(finger.Row));
                break;
            case IrisProbe iris:
                text.Append(iris.Position).Append(iris.Shape).Append(iris.Rotations);
                AddWords(text, iris.Code);
                AddWords(text, iris.Mask);
                break;
            case IEnumerable list:
                AddAll(text, list);
                break;
            case ITuple tuple:
                AddAll(text, Enumerable.Range(0, tuple.Length).Select(i => tuple[i]));
                break;
            case IFormattable plain when value.GetType().IsPrimitive || value is Enum or Guid or TimeSpan:
                text.Append(plain.ToString(null, CultureInfo.InvariantCulture));
                break;
            default:
                AddProperties(text, value);
                break;
        }
    }

    private static void AddWords(StringBuilder text, ReadOnlySpan<ulong> words)
    {
        foreach (ulong word in words)
        {
            text.Append(word.ToString("X16", CultureInfo.InvariantCulture));
        }
    }

    private static void AddAll(StringBuilder text, IEnumerable list)
    {
        text.Append('[');
        foreach (object? one in list)
        {
            Add(text, one);
            text.Append(", ");
        }

        text.Append(']');
    }

    private static void AddProperties(StringBuilder text, object value)
    {
        text.Append(value.GetType().Name).Append('{');
        foreach (PropertyInfo property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            // A position's other hand has another hand, and so on for ever.
            if (property.PropertyType != value.GetType())
            {
                text.Append(property.Name).Append('=');
                Add(text, property.GetValue(value));
                text.Append("; ");
            }
        }

        text.Append('}');
    }
}
