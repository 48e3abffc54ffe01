using System.Collections.Concurrent;
using System.Text;
using MatchCluster.Api.Tests.Deliveries;

namespace MatchCluster.Api.Tests.Tasks;

/// <summary>One result as it came.</summary>
internal sealed record Received(string TaskId, string TransactionId, string ContentType, string Body);

/// <summary>The receiver of a gateway: it keeps what comes, and answers what the test says.</summary>
internal sealed class CallbackReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly RawReceiver receiver;
    private readonly ConcurrentQueue<Received> all = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Received>> first = new();

    public CallbackReceiver() => receiver = new RawReceiver(TakeAsync);

    /// <summary>The status of the next answers.</summary>
    public int Status { get; set; } = 204;

    public string Origin => receiver.Origin;

    /// <summary>The address with something that tells one call from another.</summary>
    public string Address => Uri.EscapeDataString($"{Origin}/results?from=here");

    /// <summary>Everything that came and was accepted, in its order.</summary>
    public IReadOnlyList<Received> Accepted => [.. all];

    /// <summary>The result of a task, which comes once.</summary>
    public Task<Received> OfAsync(string taskId, TimeSpan? within = null) =>
        Of(taskId).Task.WaitAsync(within ?? Patience);

    public ValueTask DisposeAsync() => receiver.DisposeAsync();

    private TaskCompletionSource<Received> Of(string taskId) => first.GetOrAdd(
        taskId, _ => new TaskCompletionSource<Received>(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task TakeAsync(string request, Stream stream, CancellationToken cancel)
    {
        int status = Status;
        int end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        string[] head = end < 0 ? [] : request[..end].Split("\r\n");
        string? length = head.FirstOrDefault(
            line => line.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase));
        if (length is null || request.Length - end - 4 < int.Parse(
            length.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture))
        {
            return; // The sender was killed in the middle.
        }

        string target = head[0].Split(' ')[1];
        Dictionary<string, string> query = target[(target.IndexOf('?', StringComparison.Ordinal) + 1)..].Split('&')
            .Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
        Assert.Equal("here", query["from"]);
        string type = head.First(line => line.StartsWith("content-type:", StringComparison.OrdinalIgnoreCase));
        Received received = new(
            query["taskId"], query["transactionId"], type[(type.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim(),
            Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(request[(end + 4)..])));
        if (status == 204)
        {
            all.Enqueue(received);
            Of(received.TaskId).TrySetResult(received);
        }

        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), cancel);
    }
}
