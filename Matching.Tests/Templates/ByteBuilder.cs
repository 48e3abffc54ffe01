namespace MatchCluster.Matching.Tests.Templates;

/// <summary>
/// Lays records out by hand, field by field and apart from the product's writers, so that a decoder is not
/// only tested against its own encoder.
/// </summary>
public sealed class ByteBuilder
{
    private readonly List<byte> bytes = [];

    public ByteBuilder Text(string ascii)
    {
        this.bytes.AddRange(ascii.Select(c => (byte)c));
        return this;
    }

    public ByteBuilder U8(params int[] values)
    {
        this.bytes.AddRange(values.Select(value => checked((byte)value)));
        return this;
    }

    public ByteBuilder U16(params int[] values)
    {
        foreach (int value in values)
        {
            U8(value >> 8, value & 255);
        }

        return this;
    }

    public ByteBuilder U32(long value) => U16((int)(value >> 16), (int)(value & 0xffff));

    public ByteBuilder Raw(byte[] bytes)
    {
        this.bytes.AddRange(bytes);
        return this;
    }

    public byte[] ToArray() => [.. this.bytes];
}
