using System.Net;
using System.Text;
using MatchCluster.Api.Deliveries;
using MatchCluster.Api.Http.Outgoing;

namespace MatchCluster.Api.Tests.Deliveries;

/// <summary>Receivers that hang, lie, drip and send without end cost a fixed time and a few kilobytes.</summary>
public sealed class HostileReceiverTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";
    private const string Closing = Ok + "Connection: close\r\nContent-Length: 0\r\n\r\n";

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(250);

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200")]
    [InlineData(Ok + "X-One: 1\r\n")]
    public async Task One_that_hangs_costs_the_time_of_an_attempt(string beginning)
    {
        await using RawReceiver receiver = new(async (_, stream, cancel) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(beginning), cancel);
            await Task.Delay(Timeout.Infinite, cancel);
        });
        await AssertLateAsync(receiver);
    }

    [Theory]
    [InlineData(Ok + "X-One: ", "1")]
    [InlineData("", "HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("", "HTTP/1.1 103 Early Hints\r\n\r\n")]
    public async Task One_that_drips_its_headers_costs_the_time_of_an_attempt(string beginning, string drop)
    {
        await using RawReceiver receiver = new(async (_, stream, cancel) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(beginning), cancel);
            while (true)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(drop), cancel);
                await Task.Delay(1, cancel);
            }
        });
        await AssertLateAsync(receiver);
    }

    [Theory]
    [InlineData(Ok + "Content-Length: 10000000000\r\n\r\n")]
    [InlineData(Ok + "Transfer-Encoding: chunked\r\n\r\n40000000\r\n")]
    [InlineData(Ok + "\r\n")]
    public async Task Ten_gigabytes_of_an_answer_are_not_read(string head)
    {
        long written = 0;
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RawReceiver receiver = new(async (_, stream, cancel) =>
        {
            try
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(head), cancel);
                byte[] block = new byte[4096];
                while (true)
                {
                    await stream.WriteAsync(block, cancel);
                    written += block.Length;
                }
            }
            finally
            {
                ended.SetResult();
            }
        });
        DeliveryResult result = await SendAsync(receiver, Timeout.InfiniteTimeSpan);
        Assert.Equal(DeliveryOutcome.Delivered, result.Outcome);

        // What the kernels of both ends hold is more than what is read here, and nothing beside ten gigabytes.
        await ended.Task;
        Assert.InRange(written, 0, 8 * 1024 * 1024);
    }

    [Theory]
    [InlineData(Ok + "Transfer-Encoding: chunked\r\n\r\nZZ\r\nnot a chunk", DeliveryOutcomes.Delivered)]
    [InlineData(Ok + "Content-Length: 100\r\n\r\nshort", DeliveryOutcomes.Delivered)]
    [InlineData(Ok + "Content-Length: -1\r\n\r\n", DeliveryOutcomes.Delivered)]
    [InlineData(Ok + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", DeliveryOutcomes.Delivered)]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n", DeliveryOutcomes.TryAgain)]
    [InlineData("HTTP/1.1 999999 Many\r\n\r\n", DeliveryOutcomes.TryAgain)]
    [InlineData("HTTP/2.0 200 OK\r\nno header\r\n\r\n", DeliveryOutcomes.TryAgain)]
    [InlineData("\0\0\0\0\0\0\0\0", DeliveryOutcomes.TryAgain)]
    public async Task Lies_about_the_answer_change_nothing_but_the_outcome(string answer, int outcome)
    {
        await using RawReceiver receiver = new(answer);
        Assert.Equal(outcome, (int)(await SendAsync(receiver, TimeSpan.FromSeconds(10))).Outcome);
    }

    [Fact]
    public async Task Headers_without_end_are_not_read_to_the_end()
    {
        await using RawReceiver receiver = new(async (_, stream, cancel) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(Ok), cancel);
            byte[] header = Encoding.ASCII.GetBytes($"X-Bomb: {new string('x', 1000)}\r\n");
            while (true)
            {
                await stream.WriteAsync(header, cancel);
            }
        });
        DeliveryResult result = await SendAsync(receiver, Timeout.InfiniteTimeSpan);
        Assert.Equal(
            (DeliveryOutcome.TryAgain, "its server answers what is no HTTP, or too many headers"),
            (result.Outcome, result.Reason));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("fd00::1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("2002:7f00:1::")]
    [InlineData("::ffff:0:127.0.0.1")]
    [InlineData("::ffff:0:169.254.169.254")]
    [InlineData("::ffff:0:10.1.2.3")]
    [InlineData("64:ff9b:1::127.0.0.1")]
    [InlineData("64:ff9b:1:7f00:0:100::")]
    [InlineData("2001:0:808:808::80ff:fffe")]
    [InlineData("2600::5efe:127.0.0.1")]
    [InlineData("2600::200:5efe:10.1.2.3")]
    [InlineData("3fff::1")]
    [InlineData("5f00::1")]
    [InlineData("100:0:0:1::1")]
    [InlineData("192.88.99.1")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    public async Task A_name_that_leads_inside_is_never_connected_to(string address)
    {
        await using RawReceiver receiver = new(Ok + "\r\n");
        using HttpDeliverer deliverer = NamedDeliverer(receiver, isPrivate: false, IPAddress.Parse(address));
        DeliveryResult result = await deliverer.DeliverAsync(ToName(receiver), CancellationToken.None);
        Assert.Equal(
            (DeliveryOutcome.TryAgain, "its server's name leads to this machine, its link or a private network"),
            (result.Outcome, result.Reason));
        Assert.Equal(RetryPlan.MostRefusals, result.MostAttempts);
        Assert.Equal(0, receiver.Connections);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:0:127.0.0.1")]
    [InlineData("64:ff9b:1::127.0.0.1")]
    [InlineData("64:ff9b:1:7f00:0:100::")]
    [InlineData("64:ff9b:1:0:7f:0:100::")]
    [InlineData("64:ff9b:1:ff7f:0:1::")]
    [InlineData("2001:0:808:808::80ff:fffe")]
    [InlineData("2001:0:7f00:1::f7f7:f7f7")]
    [InlineData("2600::5efe:169.254.169.254")]
    public async Task Not_even_where_private_networks_are_allowed(string address)
    {
        await using RawReceiver receiver = new(Ok + "\r\n");
        using HttpDeliverer deliverer = NamedDeliverer(receiver, isPrivate: true, IPAddress.Parse(address));
        DeliveryResult result = await deliverer.DeliverAsync(ToName(receiver), CancellationToken.None);
        Assert.Contains("leads to this machine", result.Reason, StringComparison.Ordinal);
        Assert.Equal(0, receiver.Connections);
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("100.127.255.255", true)]
    [InlineData("100.128.0.0", false)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.0", false)]
    [InlineData("fdff::1", true)]
    [InlineData("64:ff9b::a01:203", true)]
    [InlineData("8.8.8.8", false)]
    [InlineData("2600::1", false)]
    [InlineData("2600::5efe:8.8.8.8", false)]
    [InlineData("::ffff:0:8.8.8.8", false)]
    [InlineData("192.31.196.1", false)]
    [InlineData("3ffe::1", false)]
    [InlineData("::ffff:192.168.0.1", true)]
    public void Private_networks_are_told_apart(string address, bool isPrivate) =>
        Assert.Equal(isPrivate, AddressRanges.IsPrivate(IPAddress.Parse(address)));

    [Fact]
    public async Task A_name_is_looked_up_for_each_connection_and_may_not_change_its_mind()
    {
        // The first answer is an address that nobody answers at, the second one this machine: what was allowed once
        // is not allowed for ever.
        await using RawReceiver receiver = new(Ok + "\r\n");
        Queue<IPAddress> answers = new([IPAddress.Parse("192.0.2.1"), IPAddress.Loopback]);
        using HttpDeliverer deliverer = DelivererTests.Deliverer(
            $"http://receiver.example:{receiver.Port}",
            settings => settings with
            {
                AllowsPrivate = true,
                Patience = Short,
                Resolve = (_, _) => Task.FromResult<IPAddress[]>([answers.Dequeue()]),
            });
        DeliveryResult first = await deliverer.DeliverAsync(ToName(receiver), CancellationToken.None);
        DeliveryResult second = await deliverer.DeliverAsync(ToName(receiver), CancellationToken.None);
        Assert.Null(first.MostAttempts);
        Assert.Contains("leads to this machine", second.Reason, StringComparison.Ordinal);
        Assert.Empty(answers);
        Assert.Equal(0, receiver.Connections);
    }

    [Fact]
    public async Task One_that_hangs_holds_up_no_other_and_gets_one_at_a_time_until_it_answers()
    {
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool hangs = true;
        await using RawReceiver hanging = new(async (_, stream, cancel) =>
        {
            if (hangs)
            {
                await Task.Delay(Timeout.Infinite, cancel);
            }

            await release.Task;
            await stream.WriteAsync(Encoding.ASCII.GetBytes(Closing), cancel);
        });
        await using RawReceiver healthy = new(Closing);
        using HttpDeliverer deliverer = DelivererTests.Deliverer(
            $"{hanging.Origin};{healthy.Origin}", settings => settings with { Patience = TimeSpan.FromSeconds(5) });
        using CancellationTokenSource cancel = new();
        Task<DeliveryResult>[] all = [.. Enumerable.Range(0, 4).Select(_ => ToAsync(hanging, cancel.Token))];
        DeliveryResult fifth = await ToAsync(hanging, CancellationToken.None);
        Assert.Equal((DeliveryOutcome.TryAgain, false), (fifth.Outcome, fifth.IsAttempt));
        Assert.Equal(DeliveryOutcome.Delivered, (await ToAsync(healthy, CancellationToken.None)).Outcome);
        Assert.All(await Task.WhenAll(all), result => Assert.Equal(DeliveryOutcome.TryAgain, result.Outcome));

        // It failed last: one is let through to see.
        hangs = false;
        Task<DeliveryResult> next = ToAsync(hanging, CancellationToken.None);
        Assert.False((await ToAsync(hanging, CancellationToken.None)).IsAttempt);
        release.SetResult();
        Assert.Equal(DeliveryOutcome.Delivered, (await next).Outcome);
        Assert.Equal(
            [true, true, true, true],
            (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ToAsync(hanging, CancellationToken.None))))
                .Select(result => result.IsAttempt));

        Task<DeliveryResult> ToAsync(RawReceiver receiver, CancellationToken token) =>
            deliverer.DeliverAsync(DelivererTests.DeliveryTo($"{receiver.Origin}/x"), token);
    }

    [Fact]
    public async Task Who_cancels_is_told_so_and_leaves_the_place()
    {
        await using RawReceiver receiver = new((_, _, cancel) => Task.Delay(Timeout.Infinite, cancel));
        using HttpDeliverer deliverer = DelivererTests.Deliverer(receiver.Origin);
        for (int i = 0; i < 5; i++)
        {
            using CancellationTokenSource cancel = new();
            Task<DeliveryResult> sending = deliverer.DeliverAsync(
                DelivererTests.DeliveryTo(receiver.Origin), cancel.Token);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        }
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("86400", 86400)]
    [InlineData("soon", null)]
    [InlineData("-5", null)]
    [InlineData("Fri, 31 Dec 1999 23:59:59 GMT", null)]
    public async Task Retry_After_is_passed_on(string header, int? seconds)
    {
        await using RawReceiver receiver = new(
            $"HTTP/1.1 503 Busy\r\nRetry-After: {header}\r\nContent-Length: 0\r\n\r\n");
        DeliveryResult result = await SendAsync(receiver, TimeSpan.FromSeconds(10));
        Assert.Equal(seconds, (int?)result.After?.TotalSeconds);
    }

    private static async Task AssertLateAsync(RawReceiver receiver)
    {
        DeliveryResult result = await SendAsync(receiver, Short);
        Assert.Equal(
            (DeliveryOutcome.TryAgain, "its server did not answer in time"), (result.Outcome, result.Reason));
    }

    private static async Task<DeliveryResult> SendAsync(RawReceiver receiver, TimeSpan patience)
    {
        using HttpDeliverer deliverer = DelivererTests.Deliverer(
            receiver.Origin, settings => settings with { Patience = patience });
        return await deliverer.DeliverAsync(DelivererTests.DeliveryTo(receiver.Origin), CancellationToken.None);
    }

    private static HttpDeliverer NamedDeliverer(RawReceiver receiver, bool isPrivate, IPAddress address) =>
        DelivererTests.Deliverer(
            $"http://receiver.example:{receiver.Port}",
            settings => settings with
            {
                AllowsPrivate = isPrivate,
                Resolve = (_, _) => Task.FromResult<IPAddress[]>([address]),
            });

    private static Delivery ToName(RawReceiver receiver) =>
        DelivererTests.DeliveryTo($"http://receiver.example:{receiver.Port}/x");

    /// <summary>The outcomes as numbers, which an attribute of a public method can have.</summary>
    private static class DeliveryOutcomes
    {
        public const int Delivered = (int)DeliveryOutcome.Delivered;
        public const int TryAgain = (int)DeliveryOutcome.TryAgain;
    }
}
