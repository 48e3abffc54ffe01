using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Storage;

/// <summary>What every store asks of its callers; breaking it is a bug of the caller.</summary>
internal static class StoreArguments
{
    /// <summary>UTF-8 of an identifier or name.</summary>
    /// <exception cref="ArgumentException">It is not well-formed text of 1..128 bytes.</exception>
    public static byte[] Key(string id) =>
        StrictUtf8.TryEncode(id) is { Length: > 0 and <= Limits.IdBytes } bytes
            ? bytes
            : throw new ArgumentException($"an identifier is no UTF-8 of 1 to {Limits.IdBytes} bytes");

    /// <exception cref="ArgumentOutOfRangeException">The store has no such partition.</exception>
    public static void CheckPartition(PartitionId partition, int count)
    {
        if (partition.Number < 0 || partition.Number >= count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(partition), partition.Number, $"wanted a partition 0 to {count - 1}");
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">The count is not 1..4096.</exception>
    public static void CheckPartitionCount(int partitions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partitions, Limits.Partitions);
    }

    /// <exception cref="ArgumentException">The value is larger than a blob may be.</exception>
    public static void CheckBlob(ReadOnlyMemory<byte> value)
    {
        if (value.Length > Limits.BlobBytes)
        {
            throw new ArgumentException($"a blob of {value.Length} bytes, wanted at most {Limits.BlobBytes}");
        }
    }
}
