using MatchCluster.Api.Http.Failures;
using Microsoft.AspNetCore.Http.Features;

namespace MatchCluster.Api.Http.Requests;

/// <summary>
/// A request body whose bytes are taken from the <see cref="BodyBudget"/> as they arrive and given back when the
/// request ends, or before that when a stream has settled its lines. A server that stops reads no further.
/// </summary>
internal sealed class MeteredBody(Stream inner, BodyBudget budget, CancellationToken stopping) : Stream
{
    private long held;

    /// <summary>Half of the budget is taken by all callers together.</summary>
    public bool IsTight => budget.IsTight;

    /// <summary>Bytes that were read and not given back.</summary>
    public long Held => Interlocked.Read(ref held);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The middleware: every body of a request is read through one.</summary>
    public static async Task MeterAsync(
        HttpContext http, RequestDelegate next, BodyBudget budget, CancellationToken stopping)
    {
        // A stream that is empty is a stream too: its door reads it.
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true }
            && !HttpMethods.IsPost(http.Request.Method))
        {
            await next(http);
            return;
        }

        MeteredBody body = new(new ClearedBody(http.Request.BodyReader), budget, stopping);
        ClearedBody.Pipe pipe = new(body);
        http.Request.Body = body;
        http.Features.Set<IRequestBodyPipeFeature>(pipe);
        try
        {
            await next(http);
        }
        catch (FailureException cut) when (stopping.IsCancellationRequested)
        {
            if (!http.Response.HasStarted)
            {
                http.Response.Clear();
                await HttpAnswers.WriteAsync(http, cut.Failure);
                await http.Response.CompleteAsync();
            }

            // The web server would wait for the rest of the body as long as it waits for anything at its end.
            http.Abort();
        }
        finally
        {
            pipe.Complete();
            body.Return(body.Held);
        }
    }

    /// <summary>Gives back what is not in memory any more.</summary>
    public void Return(long bytes)
    {
        long left = Interlocked.Add(ref held, -bytes);
        budget.Return(bytes);
        if (left < 0)
        {
            throw new InvalidOperationException($"{-left} bytes were given back that nobody took");
        }
    }

    /// <inheritdoc/>
    /// <exception cref="FailureException">All callers together hold too much, or the server stops.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource ending =
            CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        int read;
        try
        {
            read = await inner.ReadAsync(buffer, ending.Token);
        }
        catch (OperationCanceledException) when (
            stopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new FailureException(
                new Failure(FailureCode.Unavailable, "the server stops and reads no further", TimeSpan.FromSeconds(1)));
        }

        if (!budget.TryTake(read))
        {
            throw new FailureException(budget.Refusal);
        }

        Interlocked.Add(ref held, read);
        return read;
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
}
