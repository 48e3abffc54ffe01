using System.Text;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// Places persons on partitions by a hash that is frozen: it decides where stored encounters are looked for.
/// FNV-1a 64 over the UTF-8 bytes of the id, finished by the 64-bit mix of MurmurHash3 because FNV's low bits alone
/// spread consecutive ids unevenly, then modulo the partition count.
/// </summary>
public static class Placement
{
    public static PartitionId PartitionOf(string personId, int partitions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        return new PartitionId((int)(Hash(personId) % (ulong)partitions));
    }

    internal static ulong Hash(string personId) => Mix(Fnv1a(personId));

    /// <summary>
    /// FNV-1a 64 over UTF-8. The value is equal on every machine and in every version of .NET.
    /// </summary>
    internal static ulong Fnv1a(string text)
    {
        Span<byte> bytes = stackalloc byte[Math.Min(Encoding.UTF8.GetMaxByteCount(text.Length), 1024)];
        byte[]? large = null;
        if (!Encoding.UTF8.TryGetBytes(text, bytes, out int length))
        {
            large = Encoding.UTF8.GetBytes(text);
            length = large.Length;
        }

        ulong hash = 14695981039346656037;
        foreach (byte b in (large ?? bytes)[..length])
        {
            hash = (hash ^ b) * 1099511628211;
        }

        return hash;
    }

    /// <summary>The finaliser of MurmurHash3, which spreads every bit over all 64.</summary>
    internal static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
        return hash ^ (hash >> 33);
    }
}
