using System.Security.Cryptography;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Cases;

/// <summary>
/// Tells a probe that is sent again without keeping anything of it: HMAC-SHA-256 with a key of this case alone, so that
/// the marks of one probe in two cases are not alike.
/// </summary>
/// <param name="Key">32 random bytes.</param>
/// <param name="Hash">The hash of the samples, whatever their order.</param>
public sealed record ProbeMark(byte[] Key, byte[] Hash)
{
    private const int KeyBytes = 32;

    public static ProbeMark Of(IReadOnlyList<Sample> samples)
    {
        byte[] key = RandomNumberGenerator.GetBytes(KeyBytes);
        return new ProbeMark(key, HashOf(key, samples));
    }

    /// <summary>Whether these are the samples of the search.</summary>
    public bool IsOf(IReadOnlyList<Sample> samples) =>
        CryptographicOperations.FixedTimeEquals(Hash, HashOf(Key, samples));

    private static byte[] HashOf(byte[] key, IReadOnlyList<Sample> samples)
    {
        byte[][] each = [.. samples
            .Select(sample => HMACSHA256.HashData(
                key, (byte[])[sample.Position.Code, (byte)sample.Format, .. sample.Template.Span]))
            .OrderBy(Convert.ToHexString, StringComparer.Ordinal)];
        return HMACSHA256.HashData(key, (byte[])[.. each.SelectMany(one => one)]);
    }
}
