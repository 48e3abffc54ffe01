using System.Numerics;
using System.Security.Cryptography;

namespace MatchCluster.Matching.Cases;

/// <summary>Names of cases: they say nothing, and nobody finds one by guessing.</summary>
internal static class CaseIds
{
    public const string Start = "C-";

    private const int Bytes = 16;

    /// <summary>Crockford's base 32: no I, L, O, U, which are taken for others when they are read aloud.</summary>
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private const int Digits = 26;

    public static string New() => Of(RandomNumberGenerator.GetBytes(Bytes));

    public static string Of(ReadOnlySpan<byte> bits)
    {
        BigInteger rest = new(bits, isUnsigned: true, isBigEndian: true);
        Span<char> digits = stackalloc char[Digits];
        for (int i = Digits - 1; i >= 0; i--)
        {
            digits[i] = Alphabet[(int)(rest % Alphabet.Length)];
            rest /= Alphabet.Length;
        }

        return Start + digits.ToString();
    }
}
