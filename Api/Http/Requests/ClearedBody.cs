using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http.Features;

namespace MatchCluster.Api.Http.Requests;

/// <summary>
/// The body of a request as the web server has it. What was read is cleared there: its buffers go from connection to
/// connection and would keep a probe until somebody else writes over it.
/// </summary>
internal sealed class ClearedBody(PipeReader body) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            ReadResult read = await body.ReadAsync(cancellationToken);
            if (read.IsCanceled)
            {
                throw new OperationCanceledException("the reading was cancelled");
            }

            ReadOnlySequence<byte> taken = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, buffer.Length));
            int length = (int)taken.Length;
            taken.CopyTo(buffer.Span);
            foreach (ReadOnlyMemory<byte> piece in taken)
            {
                MemoryMarshal.AsMemory(piece).Span.Clear();
            }

            body.AdvanceTo(taken.End);
            if (length > 0 || read.IsCompleted || buffer.IsEmpty)
            {
                return length;
            }
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    /// <summary>The reader of a body that parsers are given, over memory that is cleared too.</summary>
    internal sealed class Pipe(Stream body) : IRequestBodyPipeFeature
    {
        /// <summary>
        /// Items of usual size lie in one piece then: what lies in two is copied by parsers to where it is not cleared.
        /// </summary>
        private const int PieceBytes = 64 * 1024;

        private PipeReader? reader;

        public PipeReader Reader => reader ??= PipeReader.Create(
            body, new StreamPipeReaderOptions(ClearedPool.Shared, PieceBytes, leaveOpen: true));

        /// <summary>Gives the memory back, which clears it.</summary>
        public void Complete() => reader?.Complete();
    }
}
