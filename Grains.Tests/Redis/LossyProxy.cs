using System.Net;
using System.Net.Sockets;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>What a <see cref="LossyProxy"/> does to the request that holds its mark.</summary>
internal enum Loss
{
    /// <summary>It never arrives.</summary>
    Request,

    /// <summary>It arrives and is answered; the answer never arrives.</summary>
    Answer,

    /// <summary>As <see cref="Request"/>, and no connection is made any more.</summary>
    RequestAndLine,

    /// <summary>As <see cref="Answer"/>, and no connection is made any more.</summary>
    AnswerAndLine,
}

/// <summary>A connection to a server that breaks in the middle of one request.</summary>
internal sealed class LossyProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly int target;
    private readonly Task accepting;
    private readonly TaskCompletionSource cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[]? mark;
    private Loss loss;
    private volatile bool isDown;

    public LossyProxy(int target)
    {
        this.target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Ends once the connection was cut.</summary>
    public Task Cut => cut.Task;

    /// <summary>Arms it for the next request that holds these bytes.</summary>
    public void CutAt(byte[] bytes, Loss how)
    {
        loss = how;
        Volatile.Write(ref mark, bytes);
    }

    /// <summary>The line is mended.</summary>
    public void Restore() => isDown = false;

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        await accepting;
        end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await listener.AcceptTcpClientAsync(end.Token);
                _ = CarryAsync(client);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using (client)
        {
            if (isDown)
            {
                return;
            }

            using TcpClient server = new();
            await server.ConnectAsync(IPAddress.Loopback, target, end.Token);
            client.NoDelay = server.NoDelay = true;
            TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
            bool mute = false;

            Task requests = CopyAsync(client, server, async bytes =>
            {
                if (Volatile.Read(ref mark) is not { } wanted || bytes.Span.IndexOf(wanted) < 0)
                {
                    return true;
                }

                mark = null;
                if (loss is Loss.Answer or Loss.AnswerAndLine)
                {
                    Volatile.Write(ref mute, true);
                    await server.GetStream().WriteAsync(bytes, end.Token);
                    await answered.Task;
                }

                isDown = loss is Loss.RequestAndLine or Loss.AnswerAndLine;
                cut.TrySetResult();
                return false;
            });
            Task answers = CopyAsync(server, client, _ =>
            {
                if (Volatile.Read(ref mute))
                {
                    answered.TrySetResult();
                    return ValueTask.FromResult(false);
                }

                return ValueTask.FromResult(true);
            });

            // Where the answer is held back, the requests' side decides when the line breaks.
            await requests;
            client.Close();
            server.Close();
            await answers;
        }
    }

    private async Task CopyAsync(
        TcpClient from, TcpClient to, Func<ReadOnlyMemory<byte>, ValueTask<bool>> passes)
    {
        byte[] buffer = new byte[1024 * 1024];
        try
        {
            int count;
            while ((count = await from.GetStream().ReadAsync(buffer, end.Token)) > 0)
            {
                ReadOnlyMemory<byte> bytes = buffer.AsMemory(0, count);
                if (!await passes(bytes))
                {
                    return;
                }

                await to.GetStream().WriteAsync(bytes, end.Token);
            }
        }
        catch (Exception ended) when (
            ended is IOException or ObjectDisposedException or OperationCanceledException
                or InvalidOperationException)
        {
            // One side has gone; the other follows.
        }
    }
}
