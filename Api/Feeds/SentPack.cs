namespace MatchCluster.Api.Feeds;

/// <summary>
/// A pack on its way: its file and its place are there until the reader has all of it, and no longer than a time. A
/// reader that takes nothing is cut off by the server's own minimum rate; one that takes a little now and then
/// ends here.
/// </summary>
internal sealed class SentPack(Stream file, IDisposable place, TimeProvider clock, TimeSpan most) : Stream
{
    private readonly long started = clock.GetTimestamp();

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => file.Position = value;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        Check();
        return file.Read(buffer, offset, count);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Check();
        return file.ReadAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void Flush()
    {
        // Nothing is written.
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
            place.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Check()
    {
        if (clock.GetElapsedTime(started) > most)
        {
            throw new IOException("the reader of a pack is too slow");
        }
    }
}
