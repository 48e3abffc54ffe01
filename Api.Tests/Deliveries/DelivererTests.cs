using System.Net;
using System.Net.Sockets;
using System.Text;
using MatchCluster.Api.Deliveries;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Tests.Deliveries;

/// <summary>What a sender of results does with receivers of every kind, at real sockets.</summary>
public sealed class DelivererTests
{
    private const string Empty = "HTTP/1.1 204 No Content\r\n\r\n";

    [Fact]
    public async Task A_result_is_posted_with_transaction_and_task_in_the_address()
    {
        string? request = null;
        await using RawReceiver receiver = new(async (text, stream, cancel) =>
        {
            request = text;
            await stream.WriteAsync(Encoding.ASCII.GetBytes(Empty), cancel);
        });
        DeliveryResult result = await SendAsync(receiver.Origin, "/results?from=abis");
        Assert.Equal(DeliveryOutcome.Delivered, result.Outcome);
        string[] parts = request!.Split("\r\n\r\n");
        Assert.StartsWith("POST /results?from=abis&transactionId=T%201&taskId=t-1 HTTP/1.1\r\n", parts[0]);
        Assert.Contains("\r\nContent-Type: application/json", parts[0], StringComparison.Ordinal);
        Assert.DoesNotContain("traceparent", parts[0], StringComparison.OrdinalIgnoreCase);
        Assert.Equal("""{"personId":"P"}""", parts[1]);
    }

    [Theory]
    [InlineData("200 OK", nameof(DeliveryOutcome.Delivered), null)]
    [InlineData("202 Accepted", nameof(DeliveryOutcome.Delivered), null)]
    [InlineData("302 Found", nameof(DeliveryOutcome.TryAgain), RetryPlan.MostRefusals)]
    [InlineData("400 Bad Request", nameof(DeliveryOutcome.TryAgain), RetryPlan.MostRefusals)]
    [InlineData("403 Forbidden", nameof(DeliveryOutcome.TryAgain), RetryPlan.MostRefusals)]
    [InlineData("408 Request Timeout", nameof(DeliveryOutcome.TryAgain), null)]
    [InlineData("410 Gone", nameof(DeliveryOutcome.Refused), null)]
    [InlineData("425 Too Early", nameof(DeliveryOutcome.TryAgain), null)]
    [InlineData("429 Too Many Requests", nameof(DeliveryOutcome.TryAgain), null)]
    [InlineData("500 Internal Server Error", nameof(DeliveryOutcome.TryAgain), null)]
    [InlineData("503 Service Unavailable", nameof(DeliveryOutcome.TryAgain), null)]
    public async Task The_status_says_what_became_of_it(string status, string outcome, int? most)
    {
        await using RawReceiver receiver = new($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        DeliveryResult result = await SendAsync(receiver.Origin);
        Assert.Equal(
            (outcome, most, $"its server answers {status[..3]}"),
            ($"{result.Outcome}", result.MostAttempts, result.Reason));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using RawReceiver other = new(Empty);
        await using RawReceiver receiver = new(
            $"HTTP/1.1 307 Temporary Redirect\r\nLocation: {other.Origin}/\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(DeliveryOutcome.TryAgain, (await SendAsync(receiver.Origin)).Outcome);
        Assert.Equal((1, 0), (receiver.Connections, other.Connections));
    }

    [Fact]
    public async Task A_closed_port_is_tried_again()
    {
        int port;
        using (TcpListener closed = new(IPAddress.Loopback, 0))
        {
            closed.Start();
            port = ((IPEndPoint)closed.LocalEndpoint).Port;
        }

        DeliveryResult result = await SendAsync($"http://127.0.0.1:{port}");
        Assert.Equal((DeliveryOutcome.TryAgain, "its server cannot be reached"), (result.Outcome, result.Reason));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/x", nameof(FailureCode.CallbackRefused))]
    [InlineData("https://receiver.example/x", nameof(FailureCode.CallbackRefused))]
    [InlineData("http://receiver.example:81/x", nameof(FailureCode.CallbackRefused))]
    [InlineData("http://receiver.example.org/x", nameof(FailureCode.CallbackRefused))]
    [InlineData("http://other.example/x", nameof(FailureCode.CallbackRefused))]
    [InlineData("http://user@receiver.example/x", nameof(FailureCode.InvalidParameter))]
    [InlineData("http://receiver.example/x#part", nameof(FailureCode.InvalidParameter))]
    [InlineData("http://receiver.example/x?taskId=1", nameof(FailureCode.InvalidParameter))]
    [InlineData("http://receiver.example/x?transaction%49d=1", nameof(FailureCode.InvalidParameter))]
    [InlineData("http://receiver.example/ x", nameof(FailureCode.InvalidParameter))]
    [InlineData("file:///etc/passwd", nameof(FailureCode.InvalidParameter))]
    [InlineData("/x", nameof(FailureCode.InvalidParameter))]
    [InlineData("", nameof(FailureCode.InvalidParameter))]
    public void Any_other_address_is_refused(string address, string code)
    {
        using HttpDeliverer deliverer = Deliverer("http://receiver.example;b=http://other.example");
        Assert.Null(deliverer.Check("http://receiver.example/x", "a"));
        Assert.Null(deliverer.Check("http://RECEIVER.example:80/y?z=1", ""));
        Assert.Null(deliverer.Check("http://other.example/x", "b"));
        Assert.Equal(code, $"{deliverer.Check(address, "a")?.Code}");
    }

    internal static async Task<DeliveryResult> SendAsync(string origin, string path = "/results")
    {
        using HttpDeliverer deliverer = Deliverer(origin);
        return await deliverer.DeliverAsync(DeliveryTo(origin + path), CancellationToken.None);
    }

    internal static HttpDeliverer Deliverer(string servers, Func<CallbackSettings, CallbackSettings>? change = null)
    {
        CallbackSettings settings = new() { Servers = CallbackSettings.Read(servers)! };
        return new HttpDeliverer(change?.Invoke(settings) ?? settings, signer: null, TimeProvider.System);
    }

    internal static Delivery DeliveryTo(string address) => new(
        new Uri(address), "", "application/json", Encoding.UTF8.GetBytes("""{"personId":"P"}"""), "t-1", "T 1");
}
