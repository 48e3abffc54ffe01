using System.Security.Cryptography;

namespace MatchCluster.Matching.Keys;

/// <summary>AES-256-GCM (NIST SP 800-38D) with the tag after the ciphertext.</summary>
internal static class Gcm
{
    public const int NonceBytes = 12;
    public const int TagBytes = 16;

    /// <param name="into">As long as the plain bytes and a tag.</param>
    public static void Seal(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> into,
        ReadOnlySpan<byte> bound)
    {
        using AesGcm cipher = new(key, TagBytes);
        cipher.Encrypt(nonce, plain, into[..plain.Length], into.Slice(plain.Length, TagBytes), bound);
    }

    /// <param name="into">As long as the sealed bytes without their tag; zeros where it answers false.</param>
    /// <returns>Whether these bytes were sealed with this key, nonce and bound bytes.</returns>
    public static bool TryOpen(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> bytes, Span<byte> into,
        ReadOnlySpan<byte> bound)
    {
        if (bytes.Length != into.Length + TagBytes)
        {
            into.Clear();
            return false;
        }

        try
        {
            using AesGcm cipher = new(key, TagBytes);
            cipher.Decrypt(nonce, bytes[..into.Length], bytes[into.Length..], into, bound);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            into.Clear();
            return false;
        }
    }
}
