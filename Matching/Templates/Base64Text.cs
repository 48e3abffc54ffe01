using System.Buffers.Text;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// Base64 as it comes: of either alphabet of RFC 4648 (the one of URLs is what JSON Web Tokens and those who grew up
/// with them send), with or without its padding, in one line or in several. A text of both alphabets is neither.
/// </summary>
public static class Base64Text
{
    /// <summary>A text of hexadecimal digits that is at least so long is no base64 by chance: 1 in 10^9 is.</summary>
    private const int LeastHexDigits = 20;

    /// <summary>The bytes of a text, or null where it is not base64.</summary>
    public static byte[]? Decode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.AsSpan().ContainsAny('+', '/'))
        {
            return Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
        }

        byte[] whole = new byte[(text.Length / 4 * 3) + 3];
        if (Convert.TryFromBase64String(text, whole, out int length))
        {
            return whole[..length];
        }

        string letters = string.Concat(text.Where(letter => letter is not (' ' or '\t' or '\r' or '\n')));
        string padded = letters.PadRight((letters.Length + 3) / 4 * 4, '=');
        byte[] bytes = new byte[padded.Length / 4 * 3];
        return Convert.TryFromBase64String(padded, bytes, out int written) ? bytes[..written] : null;
    }

    /// <summary>
    /// Whether bytes that were read from base64 were hexadecimal digits there: hexadecimal text is base64 too,
    /// of other bytes than were meant, and no template afterwards.
    /// </summary>
    public static bool WasHex(ReadOnlySpan<byte> bytes)
    {
        return IsHex(Convert.ToBase64String(bytes[..(bytes.Length / 3 * 3)]));
    }

    /// <summary>Whether a text is hexadecimal digits.</summary>
    public static bool IsHex(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length >= LeastHexDigits && text.All(char.IsAsciiHexDigit);
    }
}
