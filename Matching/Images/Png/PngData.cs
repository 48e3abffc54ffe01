namespace MatchCluster.Matching.Images.Png;

/// <summary>The compressed picture of a file, its parts one after the other.</summary>
internal sealed class PngData(ReadOnlyMemory<byte> file, IReadOnlyList<(int At, int Length)> parts) : Stream
{
    private int part;
    private int used;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        while (this.part < parts.Count)
        {
            (int at, int length) = parts[this.part];
            int count = Math.Min(length - this.used, buffer.Length);
            if (count > 0 || buffer.IsEmpty)
            {
                file.Span.Slice(at + this.used, count).CopyTo(buffer);
                this.used += count;
                return count;
            }

            this.part++;
            this.used = 0;
        }

        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
