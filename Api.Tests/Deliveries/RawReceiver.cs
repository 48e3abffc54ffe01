using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MatchCluster.Api.Tests.Deliveries;

/// <summary>
/// A receiver that says byte by byte what it is told to say, at a real socket: what no web server would say too.
/// </summary>
internal sealed class RawReceiver : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly Task accepting;
    private int connections;

    /// <param name="answer">Given the request and the stream, answers; the connection is closed after it.</param>
    public RawReceiver(Func<string, Stream, CancellationToken, Task> answer)
    {
        listener.Start();
        accepting = AcceptAsync(answer);
    }

    /// <summary>A receiver that answers every request with the same text.</summary>
    public RawReceiver(string answer)
        : this((_, stream, cancel) => stream.WriteAsync(Encoding.ASCII.GetBytes(answer), cancel).AsTask())
    {
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public string Origin => $"http://127.0.0.1:{Port}";

    /// <summary>Connections that were made.</summary>
    public int Connections => Volatile.Read(ref connections);

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Dispose();
        await accepting;
        ending.Dispose();
    }

    private async Task AcceptAsync(Func<string, Stream, CancellationToken, Task> answer)
    {
        List<Task> running = [];
        try
        {
            while (true)
            {
                Socket socket = await listener.AcceptSocketAsync(ending.Token);
                Interlocked.Increment(ref connections);
                running.Add(ServeAsync(socket, answer));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task ServeAsync(Socket socket, Func<string, Stream, CancellationToken, Task> answer)
    {
        await using NetworkStream stream = new(socket, ownsSocket: true);
        try
        {
            await answer(await ReadAsync(stream), stream, ending.Token);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // The sender had enough.
        }
    }

    /// <summary>One request with its body, which states its length.</summary>
    private async Task<string> ReadAsync(NetworkStream stream)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[4096];
        while (await stream.ReadAsync(buffer, ending.Token) is var read and > 0)
        {
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            string all = text.ToString();
            int end = all.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0 && all.Length - end - 4 >= LengthOf(all[..end]))
            {
                break;
            }
        }

        return text.ToString();
    }

    private static int LengthOf(string head)
    {
        const string Name = "content-length:";
        string? line = head.Split("\r\n").FirstOrDefault(
            each => each.StartsWith(Name, StringComparison.OrdinalIgnoreCase));
        return line is null ? 0
            : int.Parse(line.AsSpan(Name.Length), System.Globalization.CultureInfo.InvariantCulture);
    }
}
