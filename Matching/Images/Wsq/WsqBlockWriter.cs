namespace MatchCluster.Matching.Images.Wsq;

/// <summary>
/// Turns quantised coefficients into symbols with the bits that follow them, and these into a block.
/// </summary>
internal sealed class WsqBlockWriter
{
    private const int Zero = 180;
    private readonly List<(byte Symbol, ushort Value, byte Bits)> items = [];

    /// <summary>Zeros that wait to be written as one run.</summary>
    private int zeros;

    /// <summary>How often each symbol occurs is added to these.</summary>
    public void CountInto(long[] frequencies)
    {
        EndRun();
        foreach ((byte symbol, _, _) in items)
        {
            frequencies[symbol]++;
        }
    }

    public void Add(int coefficient)
    {
        if (coefficient == 0)
        {
            zeros++;
            return;
        }

        EndRun();
        int size = Math.Min(Math.Abs(coefficient), ushort.MaxValue);
        items.Add(coefficient is >= -73 and <= 74 ? ((byte)(coefficient + Zero), (ushort)0, (byte)0)
            : size <= byte.MaxValue ? ((byte)(coefficient > 0 ? 101 : 102), (ushort)size, (byte)8)
            : ((byte)(coefficient > 0 ? 103 : 104), (ushort)size, (byte)16));
    }

    /// <summary>The bits of the block, filled up with ones; a zero follows each byte of ones.</summary>
    public void WriteTo(List<byte> bytes, WsqCodes codes)
    {
        EndRun();
        ulong buffer = 0;
        int filled = 0;
        void Write(int value, int bits)
        {
            buffer = (buffer << bits) | (uint)value;
            for (filled += bits; filled >= 8; filled -= 8)
            {
                byte next = (byte)(buffer >> (filled - 8));
                bytes.Add(next);
                if (next == 0xFF)
                {
                    bytes.Add(0);
                }
            }
        }

        foreach ((byte symbol, ushort value, byte bits) in items)
        {
            (ushort code, byte length) = codes.Codes[symbol];
            Write(code, length);
            if (bits > 0)
            {
                Write(value, bits);
            }
        }

        if (filled > 0)
        {
            int left = 8 - filled;
            Write((1 << left) - 1, left);
        }
    }

    private void EndRun()
    {
        while (zeros > 0)
        {
            int run = Math.Min(zeros, ushort.MaxValue);
            items.Add(run <= 100 ? ((byte)run, (ushort)0, (byte)0)
                : run <= byte.MaxValue ? ((byte)105, (ushort)run, (byte)8) : ((byte)106, (ushort)run, (byte)16));
            zeros -= run;
        }
    }
}
