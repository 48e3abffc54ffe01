using System.Buffers.Binary;
using System.Security.Cryptography;
using MatchCluster.Matching.Keys;

namespace MatchCluster.Matching.Packs;

/// <summary>
/// The chunks of a pack: AES-256-GCM under a key that is used for this pack alone. The nonce is the number of the chunk
/// (8 bytes, little-endian), three zeros, and 1 in the last chunk: none can be taken out, exchanged or cut off. The
/// header is bound to each.
/// </summary>
/// <remarks>
/// The key: HKDF-SHA256 of the ECDH secret of an ephemeral key of P-256 and the recipient's, with the SHA-256 of the
/// header, which has the ephemeral public key in it, as salt (as ECDH-ES of RFC 7518 does with its own derivation).
/// </remarks>
internal sealed class PackCipher : IDisposable
{
    /// <summary>Plain bytes of a chunk at most.</summary>
    public const int ChunkBytes = 1 << 20;

    private static readonly byte[] Purpose = "matchcluster pack key 1"u8.ToArray();

    private readonly byte[] key;
    private readonly byte[] bound;
    private long number;

    private PackCipher(byte[] key, byte[] bound) => (this.key, this.bound) = (key, bound);

    /// <param name="own">The ephemeral key that made the pack, or the recipient's that opens it.</param>
    /// <param name="other">The public key of the other side.</param>
    /// <param name="header">The header, with its beginning.</param>
    public static PackCipher Of(ECDiffieHellman own, ECDiffieHellman other, ReadOnlySpan<byte> header)
    {
        byte[] hash = SHA256.HashData(header);
        byte[] secret = own.DeriveRawSecretAgreement(other.PublicKey);
        byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, hash, Purpose);
        CryptographicOperations.ZeroMemory(secret);
        return new PackCipher(key, hash);
    }

    public byte[] Seal(ReadOnlySpan<byte> plain, bool isLast)
    {
        byte[] into = new byte[plain.Length + Gcm.TagBytes];
        Span<byte> nonce = stackalloc byte[Gcm.NonceBytes];
        Next(nonce, isLast);
        Gcm.Seal(key, nonce, plain, into, bound);
        return into;
    }

    /// <summary>Opens the next chunk; null where it is not that.</summary>
    public byte[]? Open(ReadOnlySpan<byte> chunk, bool isLast)
    {
        if (chunk.Length < Gcm.TagBytes)
        {
            return null;
        }

        byte[] into = new byte[chunk.Length - Gcm.TagBytes];
        Span<byte> nonce = stackalloc byte[Gcm.NonceBytes];
        Next(nonce, isLast);
        return Gcm.TryOpen(key, nonce, chunk, into, bound) ? into : null;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(key);

    private void Next(Span<byte> nonce, bool isLast)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(nonce, number++);
        nonce[^1] = isLast ? (byte)1 : (byte)0;
    }
}
