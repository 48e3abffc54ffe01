using System.Globalization;
using System.Text.RegularExpressions;

namespace MatchCluster.Api.Http;

/// <summary>
/// The one form of numbers and truth values in queries and headers, whatever the culture of the machine: ASCII
/// digits, '.' before a fraction, nothing around them; <c>true</c> and <c>false</c>. Signs, exponents, leading zeros,
/// group separators and words such as NaN are refused: a reader that guesses reads a thousand for a one.
/// </summary>
internal static partial class Numerals
{
    /// <summary>Longer numbers mean nothing here.</summary>
    private const int MostDigits = 32;

    public static bool TryReadWhole(string? text, out int value)
    {
        value = 0;
        return text is { Length: <= MostDigits } && Whole().IsMatch(text)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <inheritdoc cref="TryReadWhole(string?, out int)"/>
    public static bool TryReadWhole(string? text, out long value)
    {
        value = 0;
        return text is { Length: <= MostDigits } && Whole().IsMatch(text)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    public static bool IsNumber(string text) => text.Length <= MostDigits && Fraction().IsMatch(text);

    public static bool IsTruth(string text) => text is "true" or "false";

    [GeneratedRegex(@"^(0|[1-9][0-9]*)\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^(0|[1-9][0-9]*)(\.[0-9]+)?\z")]
    private static partial Regex Fraction();
}
