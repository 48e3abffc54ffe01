using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Irises;

/// <summary>Iris codes a test asks for: of any shape, with the masks that break careless counters.</summary>
internal static class TestIrises
{
    /// <summary>
    /// The profiles, and shapes whose words fill no vector, one vector, or an odd number of them.
    /// </summary>
    public static IReadOnlyList<IrisShape> Shapes { get; } =
    [
        IrisShape.D2048,
        IrisShape.OpenIris12800,
        IrisShape.W16384,
        new(1, 64, 1, 1),
        new(8, 8, 1, 1),
        new(4, 16, 1, 2),
        new(3, 64, 1, 1),
        new(7, 64, 3, 1),
        new(5, 128, 1, 1),
        new(6, 256, 1, 1),
        new(1, 512, 1, 1),
        new(64, 8, 4, 2),
        new(20, 240, 1, 2),
        new(64, 125, 1, 2),
    ];

    public static IrisCode Of(IrisShape shape, ReadOnlySpan<ulong> code, ReadOnlySpan<ulong> mask) => new()
    {
        Position = BiometricPosition.RightEye,
        Shape = shape,
        Code = code.ToArray(),
        Mask = mask.ToArray(),
    };

    public static ulong[] Random(Random random, int words)
    {
        ulong[] bits = new ulong[words];
        foreach (ref ulong word in bits.AsSpan())
        {
            word = (ulong)random.NextInt64() ^ ((ulong)random.NextInt64() << 1);
        }

        return bits;
    }

    public static ulong[] Filled(int words, ulong with)
    {
        ulong[] bits = new ulong[words];
        Array.Fill(bits, with);
        return bits;
    }

    /// <summary>A mask with exactly so many bits, at random places.</summary>
    public static ulong[] MaskOf(Random random, IrisShape shape, int bits)
    {
        ulong[] mask = new ulong[shape.Words];
        int[] places = [.. Enumerable.Range(0, shape.Bits)];
        random.Shuffle(places);
        foreach (int place in places.AsSpan(0, bits))
        {
            mask[place / 64] |= 1UL << (place % 64);
        }

        return mask;
    }

    /// <summary>A mask with one arc of columns closed, as a lid does.</summary>
    public static ulong[] MaskWithLid(Random random, IrisShape shape)
    {
        ulong[] mask = Filled(shape.Words, ulong.MaxValue);
        int first = random.Next(shape.Bits);
        for (int i = 0; i < shape.Bits / 4; i++)
        {
            int place = (first + i) % shape.Bits;
            mask[place / 64] &= ~(1UL << (place % 64));
        }

        return mask;
    }

    /// <summary>The code turned by columns, bit by bit, and a share of its bits flipped.</summary>
    public static IrisCode Turned(IrisCode code, int columns, double flipped, Random random)
    {
        ulong[] bits = new ulong[code.Shape.Words];
        ulong[] mask = new ulong[code.Shape.Words];
        int shift = columns * code.Shape.BitsPerColumn;
        for (int i = 0; i < code.Shape.Bits; i++)
        {
            int to = (((i + shift) % code.Shape.Bits) + code.Shape.Bits) % code.Shape.Bits;
            ulong bit = (code.Code.Span[i / 64] >> (i % 64)) & 1;
            bit ^= random.NextDouble() < flipped ? 1UL : 0;
            bits[to / 64] |= bit << (to % 64);
            mask[to / 64] |= ((code.Mask.Span[i / 64] >> (i % 64)) & 1) << (to % 64);
        }

        return Of(code.Shape, bits, mask);
    }

    public static byte[] RowOf(IrisCode code)
    {
        byte[] row = new byte[IrisRow.BytesOf(code)];
        IrisRow.Write(code, row);
        return row;
    }

    /// <summary>The techniques this process has, narrowest first.</summary>
    public static IEnumerable<BitCounting> Countings =>
        Enum.GetValues<BitCounting>().Where(c => c <= BitCountings.Widest);

    /// <summary>The widths by which this process slices across eyes, narrowest first.</summary>
    public static IEnumerable<BitCounting> LaneWidths =>
        Enum.GetValues<BitCounting>().Where(c => c <= BitCountings.WidestLanes);
}
