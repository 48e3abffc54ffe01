namespace MatchCluster.Api.Audit;

/// <summary>
/// The body of an answer, of which nothing leaves before what it answers is in the audit log. Once a row could not be
/// written it lets nothing more through: what was prepared stays here.
/// </summary>
/// <param name="inner">Where the answer goes.</param>
/// <param name="record">Writes what is not recorded yet; throws where that fails.</param>
internal sealed class AuditGate(Stream inner, Func<Task> record) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await record();
        await inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await record();
        await inner.FlushAsync(cancellationToken);
    }

    public override void Flush() => throw new NotSupportedException("an answer is written asynchronously");

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("an answer is written asynchronously");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
