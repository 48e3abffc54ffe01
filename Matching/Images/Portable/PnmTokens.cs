using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Portable;

/// <summary>Numbers of a Netpbm file, with blanks and comments between them, and rows of its samples.</summary>
internal ref struct PnmTokens(ReadOnlySpan<byte> bytes)
{
    /// <summary>Numbers of more digits are no size and no sample.</summary>
    private const int MostDigits = 9;

    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>Offset of the next byte; the kind is passed over.</summary>
    public int At { get; private set; } = 2;

    public Rejection? Rejection { get; private set; }

    /// <summary>The next number, or 0 with a rejection.</summary>
    public int Number(string field)
    {
        int start = SkipBlanks();
        int value = 0;
        while (At < this.bytes.Length && char.IsAsciiDigit((char)this.bytes[At]) && At - start < MostDigits)
        {
            value = (value * 10) + this.bytes[At++] - '0';
        }

        if (At == start)
        {
            Rejection ??= new Rejection(At, "no digits", $"the {field} of a Netpbm picture");
        }

        return value;
    }

    /// <summary>One blank ends the header of a binary file; text may go on with any number of them.</summary>
    public void EndHeader(bool isText)
    {
        if (!isText && At < this.bytes.Length)
        {
            At++;
        }
    }

    public bool TextRow(Span<ushort> row, bool isBitmap)
    {
        for (int i = 0; i < row.Length; i++)
        {
            if (isBitmap)
            {
                SkipBlanks();
                if (At >= this.bytes.Length || this.bytes[At] is not ((byte)'0' or (byte)'1'))
                {
                    return false;
                }

                row[i] = (ushort)(this.bytes[At++] - '0');
                continue;
            }

            row[i] = (ushort)Math.Min(Number("sample"), ushort.MaxValue);
            if (Rejection is not null)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A row of samples of 1 bit (the row filled up to a byte), 8 or 16 bits.</summary>
    public bool BinaryRow(Span<ushort> row, int bits)
    {
        int length = ((row.Length * bits) + 7) / 8;
        if (length > this.bytes.Length - At)
        {
            return false;
        }

        ReadOnlySpan<byte> samples = this.bytes.Slice(At, length);
        At += length;
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = bits switch
            {
                1 => (ushort)((samples[i / 8] >> (7 - (i % 8))) & 1),
                8 => samples[i],
                _ => (ushort)((samples[2 * i] << 8) | samples[(2 * i) + 1]),
            };
        }

        return true;
    }

    private int SkipBlanks()
    {
        while (At < this.bytes.Length
            && this.bytes[At] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'#')
        {
            if (this.bytes[At] == '#')
            {
                int end = this.bytes[At..].IndexOf((byte)'\n');
                At = end < 0 ? this.bytes.Length : At + end;
            }
            else
            {
                At++;
            }
        }

        return At;
    }
}
