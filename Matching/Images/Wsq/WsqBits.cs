namespace MatchCluster.Matching.Images.Wsq;

/// <summary>
/// Bits of a block, the highest of a byte first. After a byte of ones a byte of zeros is passed over;
/// anything else there is a marker and ends the block.
/// </summary>
internal ref struct WsqBits(ReadOnlySpan<byte> bytes, int offset)
{
    private const int Word = 64;

    private readonly ReadOnlySpan<byte> bytes = bytes;
    private ulong buffer;

    /// <summary>Bits that can be read now without a refill.</summary>
    public int Available { get; private set; }

    /// <summary>The offset after the marker that ended the block, or the end of the bytes.</summary>
    public int Offset { get; private set; } = offset;

    /// <summary>
    /// The marker that ended the block; 0 where none was met yet, -1 where the bytes ended first.
    /// </summary>
    public int Marker { get; private set; }

    /// <summary>The next 16 bits; zeros where there are fewer.</summary>
    public int Peek()
    {
        if (Available < 16)
        {
            Refill();
        }

        return (int)(this.buffer >> (Word - 16));
    }

    public void Skip(int bits)
    {
        this.buffer <<= bits;
        Available -= bits;
    }

    /// <summary>The next bits as a number, or -1 where the block ends before them.</summary>
    /// <param name="count">8 or 16.</param>
    public int Read(int count)
    {
        if (Available < count)
        {
            Refill();
            if (Available < count)
            {
                return -1;
            }
        }

        int value = (int)(this.buffer >> (Word - count));
        Skip(count);
        return value;
    }

    private void Refill()
    {
        while (Available <= Word - 8 && Marker == 0)
        {
            if (Offset >= this.bytes.Length)
            {
                Marker = -1;
                return;
            }

            byte next = this.bytes[Offset++];
            if (next == 0xFF)
            {
                if (Offset >= this.bytes.Length)
                {
                    Marker = -1;
                    return;
                }

                byte after = this.bytes[Offset++];
                if (after != 0)
                {
                    Marker = 0xFF00 | after;
                    return;
                }
            }

            this.buffer |= (ulong)next << (Word - 8 - Available);
            Available += 8;
        }
    }
}
