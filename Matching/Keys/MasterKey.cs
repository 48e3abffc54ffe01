using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MatchCluster.Matching.Keys;

/// <summary>
/// The key that every gallery's key is wrapped with: 256 bits that are kept elsewhere than the data.
/// </summary>
public sealed class MasterKey : IDisposable
{
    public const int Bytes = 32;

    private readonly byte[] key;

    private MasterKey(byte[] key)
    {
        this.key = key;
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, "MatchCluster master key"u8, mac);
        Id = Convert.ToHexStringLower(mac[..IdBytes]);
    }

    /// <summary>
    /// Sixteen hexadecimal digits that tell master keys apart and say nothing of the key itself.
    /// </summary>
    public string Id { get; }

    internal const int IdBytes = 8;

    internal ReadOnlySpan<byte> Key => key;

    /// <summary>
    /// Reads 32 bytes as they are, or base64 or base64url of them with or without padding and white space round it.
    /// </summary>
    /// <param name="content">What a file, variable or command holds.</param>
    /// <param name="source">Where that is, for the message.</param>
    /// <exception cref="KeyException">It is no key.</exception>
    public static MasterKey Read(ReadOnlySpan<byte> content, string source)
    {
        if (content.Length == Bytes)
        {
            return new MasterKey(content.ToArray());
        }

        byte[] text = Encoding.ASCII.GetBytes(
            Encoding.Latin1.GetString(content).Trim().TrimEnd('=').Replace('+', '-').Replace('/', '_'));
        Span<byte> decoded = stackalloc byte[Bytes + 1];
        return Base64Url.IsValid(text, out int length) && length == Bytes
            && Base64Url.TryDecodeFromUtf8(text, decoded, out int written) && written == Bytes
            ? new MasterKey(decoded[..Bytes].ToArray())
            : throw new KeyException(
                $"{source}: found {content.Length} bytes that are no key, wanted {Bytes} bytes, or base64 of {Bytes} "
                + $"bytes (openssl rand -base64 {Bytes})");
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(key);
}
