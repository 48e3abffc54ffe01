using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Requests;

namespace MatchCluster.Api.Streams;

/// <summary>
/// One line of a stream; bytes are null where it is longer than the limit and was passed over.
/// </summary>
/// <param name="Number">The line's number, counted from 1; empty lines count.</param>
/// <param name="Bytes">The line without its line feed.</param>
internal readonly record struct NdjsonLine(long Number, byte[]? Bytes)
{
    public static Failure TooLong() => new(
        FailureCode.BodyTooLarge, $"the line is longer than {ApiLimits.LineBytes} bytes");
}

/// <summary>Lines of a request body of any length in bounded memory. Empty lines are passed over.</summary>
internal static class NdjsonReader
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>
    /// The lines of a body. What is no line goes back to the budget of bodies here, each line where it is settled.
    /// </summary>
    public static IAsyncEnumerable<NdjsonLine> ReadAsync(MeteredBody body, CancellationToken cancel) =>
        ReadAsync(
            PipeReader.Create(body, new StreamPipeReaderOptions(ClearedPool.Shared, BufferBytes)), body.Return, cancel);

    private static async IAsyncEnumerable<NdjsonLine> ReadAsync(
        PipeReader reader, Action<long> passedOver, [EnumeratorCancellation] CancellationToken cancel)
    {
        long number = 0;
        bool skipping = false;
        using PipeEnd end = new(reader);
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancel);
            ReadOnlySequence<byte> rest = read.Buffer;
            long kept = 0;
            while (TryTakeLine(ref rest, read.IsCompleted, out ReadOnlySequence<byte> line))
            {
                number++;
                line = number == 1 ? WithoutByteOrderMark(line) : line;
                bool tooLong = skipping || line.Length > ApiLimits.LineBytes;
                skipping = false;
                if (tooLong || !IsBlank(line))
                {
                    kept += tooLong ? 0 : line.Length;
                    yield return new NdjsonLine(number, tooLong ? null : line.ToArray());
                }
            }

            // Too long already: what is held is dropped, the rest of the line is passed over as it comes.
            if (rest.Length > ApiLimits.LineBytes)
            {
                skipping = true;
                rest = rest.Slice(rest.End);
            }

            passedOver(read.Buffer.Length - rest.Length - kept);
            reader.AdvanceTo(rest.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                if (skipping)
                {
                    yield return new NdjsonLine(number + 1, null);
                }

                yield break;
            }
        }
    }

    /// <summary>Gives the memory of what was read back, wherever the reading ends.</summary>
    private readonly struct PipeEnd(PipeReader reader) : IDisposable
    {
        public void Dispose() => reader.Complete();
    }

    private static bool TryTakeLine(
        ref ReadOnlySequence<byte> rest, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return true;
        }

        line = rest;
        if (!isLast || rest.IsEmpty)
        {
            return false;
        }

        rest = rest.Slice(rest.End);
        return true;
    }

    private static ReadOnlySequence<byte> WithoutByteOrderMark(in ReadOnlySequence<byte> line)
    {
        SequenceReader<byte> reader = new(line);
        return reader.IsNext([0xEF, 0xBB, 0xBF], advancePast: true) ? reader.UnreadSequence : line;
    }

    private static bool IsBlank(in ReadOnlySequence<byte> line)
    {
        foreach (ReadOnlyMemory<byte> part in line)
        {
            if (part.Span.ContainsAnyExcept((byte)' ', (byte)'\t', (byte)'\r'))
            {
                return false;
            }
        }

        return true;
    }
}
