using System.Security.Cryptography.X509Certificates;

namespace MatchCluster.Api.Http.Access;

/// <summary>
/// Certificates that are taken no more: a text file with a serial number or a SHA-256 thumbprint in each line,
/// hexadecimal, with or without colons; '#' begins a comment. No server is asked: it works where none can be reached.
/// </summary>
internal sealed class RevocationList
{
    /// <summary>RFC 5280: serial numbers have at most 20 octets.</summary>
    private const int SerialDigits = 40;

    private const int ThumbprintDigits = 64;

    private readonly HashSet<string> numbers;

    private RevocationList(HashSet<string> numbers) => this.numbers = numbers;

    /// <exception cref="InvalidDataException">A line is neither; the message names it.</exception>
    public static RevocationList Read(string text)
    {
        HashSet<string> numbers = new(StringComparer.OrdinalIgnoreCase);
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string number = lines[i].Split('#')[0].Replace(":", "", StringComparison.Ordinal).Trim();
            if (number.Length == 0)
            {
                continue;
            }

            if (!number.All(char.IsAsciiHexDigit) || number.Length is > SerialDigits and not ThumbprintDigits)
            {
                throw new InvalidDataException(
                    $"line {i + 1}: wanted a serial number (at most {SerialDigits} hexadecimal digits) or a SHA-256 "
                        + $"thumbprint ({ThumbprintDigits})");
            }

            numbers.Add(number.Length == ThumbprintDigits ? number : Plain(number));
        }

        return new RevocationList(numbers);
    }

    public bool Has(string thumbprint, X509Certificate2 certificate) =>
        numbers.Contains(thumbprint) || numbers.Contains(Plain(certificate.SerialNumber));

    /// <summary>Programs print a serial number with and without zeros before it.</summary>
    private static string Plain(string serial) => serial.TrimStart('0') is { Length: > 0 } digits ? digits : "0";
}
