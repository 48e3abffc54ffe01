using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MatchCluster.Matching.Packs;

/// <summary>The parts of a pack out of its chunks, one chunk and one part in memory at a time.</summary>
internal sealed class PackParts : IAsyncDisposable
{
    private readonly FileStream file;
    private readonly long end;
    private readonly PackCipher cipher;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly long chunksAt;
    private byte[] chunk = [];
    private int at;
    private bool isLast;
    private bool hasBegun;

    public PackParts(FileStream file, long chunksAt, long end, PackCipher cipher)
    {
        this.file = file;
        this.chunksAt = chunksAt;
        this.end = end;
        this.cipher = cipher;
    }

    /// <summary>The next part; null where there is none.</summary>
    public async ValueTask<(byte Type, byte[] Bytes)?> NextAsync(CancellationToken cancel)
    {
        await BeginAsync(cancel);
        if (at == chunk.Length && (isLast || !await ChunkAsync(cancel)))
        {
            return null;
        }

        byte[] head = await TakeAsync(5, cancel);
        int length = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(1));
        return length is < 0 or > PackFormat.MostPartBytes
            ? throw new PackException($"a part of {length} bytes, wanted 0 to {PackFormat.MostPartBytes}")
            : (head[0], await TakeAsync(length, cancel));
    }

    /// <summary>Nothing may be left, and all that was read must be what was verified.</summary>
    public ValueTask EndAsync(byte[] verified, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return !isLast || at != chunk.Length || file.Position != end
            ? throw new PackException("the pack has more after its end")
            : !hash.GetHashAndReset().AsSpan().SequenceEqual(verified)
                ? throw new PackException("the file was changed while it was read")
                : default;
    }

    public ValueTask DisposeAsync()
    {
        hash.Dispose();
        CryptographicOperations.ZeroMemory(chunk);
        return default;
    }

    private async ValueTask BeginAsync(CancellationToken cancel)
    {
        if (!hasBegun)
        {
            hasBegun = true;
            file.Position = 0;
            await ReadAsync((int)chunksAt, cancel);
        }
    }

    private async ValueTask<byte[]> TakeAsync(int count, CancellationToken cancel)
    {
        byte[] taken = new byte[count];
        int filled = 0;
        while (filled < count)
        {
            if (at == chunk.Length && (isLast || !await ChunkAsync(cancel)))
            {
                throw new PackException("the pack ends in the middle of a part");
            }

            int some = Math.Min(count - filled, chunk.Length - at);
            chunk.AsSpan(at, some).CopyTo(taken.AsSpan(filled));
            filled += some;
            at += some;
        }

        return taken;
    }

    private async ValueTask<bool> ChunkAsync(CancellationToken cancel)
    {
        if (file.Position + 4 > end)
        {
            throw new PackException("the pack ends without its last chunk");
        }

        uint stated = BinaryPrimitives.ReadUInt32LittleEndian(await ReadAsync(4, cancel));
        isLast = (stated & PackFormat.LastChunk) != 0;
        long length = stated & ~PackFormat.LastChunk;
        if (length > PackCipher.ChunkBytes + 16 || file.Position + length > end)
        {
            throw new PackException($"a chunk of {length} bytes, wanted at most {PackCipher.ChunkBytes + 16}");
        }

        CryptographicOperations.ZeroMemory(chunk);
        chunk = cipher.Open(await ReadAsync((int)length, cancel), isLast)
            ?? throw new PackException("a chunk of the pack cannot be opened: it was changed, or is for another key");
        at = 0;
        return chunk.Length > 0 || (!isLast && await ChunkAsync(cancel));
    }

    private async ValueTask<byte[]> ReadAsync(int count, CancellationToken cancel)
    {
        byte[] bytes = new byte[count];
        await file.ReadExactlyAsync(bytes, cancel);
        hash.AppendData(bytes);
        return bytes;
    }
}
