namespace MatchCluster.Matching.Images.Wsq;

/// <summary>
/// A Huffman table: counts of codes of 1..16 bits and their symbols, shortest first. Codes are assigned in
/// rising order (ISO/IEC 10918-1, annex C). Codes of up to ten bits are found by one look; longer ones by
/// their length.
/// </summary>
internal sealed class WsqHuffman
{
    public const int LongestCode = 16;
    public const int MostSymbols = 256;
    private const int QuickBits = 10;

    private readonly byte[] symbols;
    private readonly int[] offsets = new int[LongestCode + 1];
    private readonly int[] limits = new int[LongestCode + 1];
    private readonly ushort[] quick = new ushort[1 << QuickBits];

    private WsqHuffman(byte[] symbols) => this.symbols = symbols;

    /// <summary>The table, or null where the counts ask for more codes than there are.</summary>
    public static WsqHuffman? Of(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        WsqHuffman table = new(symbols.ToArray());
        int code = 0;
        int index = 0;
        for (int length = 1; length <= LongestCode; length++)
        {
            code <<= 1;
            int count = counts[length - 1];
            if (code + count > 1 << length)
            {
                return null;
            }

            table.offsets[length] = index - code;
            for (int i = 0; i < count && length <= QuickBits; i++)
            {
                int first = (code + i) << (QuickBits - length);
                ushort entry = (ushort)((length << 8) | symbols[index + i]);
                table.quick.AsSpan(first, 1 << (QuickBits - length)).Fill(entry);
            }

            code += count;
            index += count;
            table.limits[length] = code << (LongestCode - length);
        }

        return table;
    }

    /// <summary>
    /// Length and symbol of the code that 16 bits begin with; a length of 0 where none does.
    /// </summary>
    /// <param name="bits">The next 16 bits, the first one highest; past the end zeros.</param>
    public (int Length, byte Symbol) Find(int bits)
    {
        int entry = this.quick[bits >> (LongestCode - QuickBits)];
        if (entry != 0)
        {
            return (entry >> 8, (byte)entry);
        }

        for (int length = QuickBits + 1; length <= LongestCode; length++)
        {
            if (bits < this.limits[length])
            {
                return (length, this.symbols[this.offsets[length] + (bits >> (LongestCode - length))]);
            }
        }

        return (0, 0);
    }
}
