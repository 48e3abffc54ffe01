namespace MatchCluster.Matching.Images.Wsq;

/// <summary>
/// Huffman codes of at most 16 bits for symbols by how often they occur (ISO/IEC 10918-1, annex K.2). No code
/// is all ones: that is what the last byte of a block is filled up with.
/// </summary>
internal sealed class WsqCodes
{
    private const int Symbols = 256;

    private WsqCodes(byte[] counts, byte[] symbols) => (Counts, SymbolsByLength) = (counts, symbols);

    /// <summary>Codes of 1..16 bits.</summary>
    public byte[] Counts { get; }

    public byte[] SymbolsByLength { get; }

    public (ushort Code, byte Length)[] Codes { get; } = new (ushort, byte)[Symbols];

    public static WsqCodes Of(IReadOnlyList<long> frequencies)
    {
        int[] perLength = Lengths(frequencies, out int[] lengths);
        Limit(perLength);
        byte[] symbols =
        [
            .. Enumerable.Range(0, Symbols).Where(symbol => lengths[symbol] > 0)
                .OrderBy(symbol => lengths[symbol]).ThenBy(symbol => symbol).Select(symbol => (byte)symbol),
        ];
        WsqCodes codes = new([.. perLength[1..(WsqHuffman.LongestCode + 1)].Select(n => (byte)n)], symbols);
        int code = 0;
        int next = 0;
        for (int length = 1; length <= WsqHuffman.LongestCode; length++, code <<= 1)
        {
            for (int i = 0; i < perLength[length]; i++)
            {
                codes.Codes[symbols[next++]] = ((ushort)code++, (byte)length);
            }
        }

        return codes;
    }

    /// <summary>Huffman's merging, with one more symbol that takes the code of ones.</summary>
    private static int[] Lengths(IReadOnlyList<long> frequencies, out int[] lengths)
    {
        int[] depth = new int[Symbols + 1];
        PriorityQueue<List<int>, (long, int)> trees = new();
        for (int symbol = 0; symbol <= Symbols; symbol++)
        {
            long count = symbol == Symbols ? 1 : frequencies[symbol];
            if (count > 0)
            {
                // Among equals the symbol that is added here goes deepest.
                trees.Enqueue([symbol], (count, -symbol));
            }
        }

        int merged = 1;
        while (trees.Count > 1)
        {
            trees.TryDequeue(out List<int>? one, out (long Count, int) first);
            trees.TryDequeue(out List<int>? other, out (long Count, int) second);
            one!.AddRange(other!);
            one.ForEach(symbol => depth[symbol]++);
            trees.Enqueue(one, (first.Count + second.Count, merged++));
        }

        int[] perLength = new int[Symbols + 2];
        foreach (int length in depth)
        {
            perLength[length]++;
        }

        perLength[0] = 0;
        lengths = depth[..Symbols];
        return perLength;
    }

    /// <summary>Moves codes that are too long up in pairs and takes out the code of ones.</summary>
    private static void Limit(int[] perLength)
    {
        for (int length = perLength.Length - 1; length > WsqHuffman.LongestCode; length--)
        {
            while (perLength[length] > 0)
            {
                int shorter = length - 2;
                while (perLength[shorter] == 0)
                {
                    shorter--;
                }

                perLength[length] -= 2;
                perLength[length - 1]++;
                perLength[shorter + 1] += 2;
                perLength[shorter]--;
            }
        }

        int longest = WsqHuffman.LongestCode;
        while (longest > 0 && perLength[longest] == 0)
        {
            longest--;
        }

        if (longest > 0)
        {
            perLength[longest]--;
        }
    }
}
