using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Wsq;

/// <summary>Quantised coefficients in the order of the stream, zero where none was coded.</summary>
internal sealed class WsqCoefficients(int most)
{
    private const int LastRun = 100;
    private const int PositiveByte = 101;
    private const int NegativeByte = 102;
    private const int PositiveWord = 103;
    private const int NegativeWord = 104;
    private const int RunByte = 105;
    private const int RunWord = 106;
    private const int NotUsed = 255;

    /// <summary>A symbol from 107 to 254 is a coefficient of -73..74.</summary>
    private const int ZeroSymbol = 180;

    private readonly short[] values = new short[most];

    public ReadOnlySpan<short> Values => this.values;

    /// <summary>
    /// Coefficients read, zero runs counted in full; one more than there are where the last is too many.
    /// </summary>
    public int Count { get; private set; }

    /// <summary>Reads one block.</summary>
    /// <param name="bits">Stands at the first bit; afterwards after the marker that ended the block.</param>
    /// <param name="table">Codes of its symbols.</param>
    /// <returns>What is wrong, or null.</returns>
    public Rejection? Read(ref WsqBits bits, WsqHuffman table)
    {
        while (true)
        {
            int next = bits.Peek();
            (int length, byte symbol) = table.Find(next);
            if (length > bits.Available || (length == 0 && bits.Available < WsqHuffman.LongestCode))
            {
                // Less than a code is left: what fills the last byte up.
                return WsqMarker.IsRestart(bits.Marker) || bits.Marker > 0 ? null
                    : Fault(bits, "the end of the data in a block", "a marker after the last block");
            }

            if (length == 0)
            {
                return Fault(bits, "bits that are no Huffman code", "a code of the block's table");
            }

            bits.Skip(length);
            if (Apply(ref bits, symbol) is { } fault)
            {
                return fault;
            }
        }
    }

    private Rejection? Apply(ref WsqBits bits, byte symbol)
    {
        int bitsOfValue = symbol switch
        {
            PositiveByte or NegativeByte or RunByte => 8,
            PositiveWord or NegativeWord or RunWord => 16,
            _ => 0,
        };
        if (Count > this.values.Length)
        {
            return TooMany(bits);
        }

        int value = bitsOfValue == 0 ? 0 : bits.Read(bitsOfValue);
        if (value < 0)
        {
            return Fault(bits, "the end of a block inside a value", $"{bitsOfValue} bits");
        }

        return symbol switch
        {
            0 or NotUsed => Fault(bits, $"symbol {symbol}", "a run, an escape or a coefficient"),
            <= LastRun => Run(bits, symbol),
            PositiveByte or PositiveWord => One(bits, (short)value),
            NegativeByte or NegativeWord => One(bits, (short)-value),
            RunByte or RunWord => Run(bits, value),
            _ => One(bits, (short)(symbol - ZeroSymbol)),
        };
    }

    private Rejection? One(in WsqBits bits, short value)
    {
        // Some encoders write a last coefficient that belongs to no subband; a second one is a fault.
        if (Count < this.values.Length)
        {
            this.values[Count] = value;
        }

        Count++;
        return null;
    }

    private Rejection? Run(in WsqBits bits, int length)
    {
        if (length > this.values.Length - Count)
        {
            return TooMany(bits);
        }

        Count += length;
        return null;
    }

    private Rejection TooMany(in WsqBits bits) => Fault(
        bits, "more coefficients than the picture has", $"{this.values.Length}, as many as its subbands hold");

    private static Rejection Fault(in WsqBits bits, string found, string wanted) => new(bits.Offset, found, wanted);
}
