using System.Buffers.Binary;

namespace MatchCluster.Matching.Images.Tiff;

/// <summary>A TIFF that is being written, in one of the two byte orders.</summary>
internal sealed class TiffBytes
{
    private readonly bool isBigEndian;

    public TiffBytes(int length, bool isBigEndian)
    {
        this.isBigEndian = isBigEndian;
        Bytes = new byte[length];
        Bytes.AsSpan(0, 2).Fill(isBigEndian ? (byte)'M' : (byte)'I');
    }

    public byte[] Bytes { get; }

    public void Word(int at, int value)
    {
        if (this.isBigEndian)
        {
            BinaryPrimitives.WriteUInt16BigEndian(Bytes.AsSpan(at), (ushort)value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(Bytes.AsSpan(at), (ushort)value);
        }
    }

    public void Int(int at, long value)
    {
        if (this.isBigEndian)
        {
            BinaryPrimitives.WriteUInt32BigEndian(Bytes.AsSpan(at), (uint)value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(Bytes.AsSpan(at), (uint)value);
        }
    }
}
