using System.Net;
using System.Net.Sockets;

namespace MatchCluster.Api.Http.Outgoing;

/// <summary>
/// Connects to servers that a caller named. The address is checked where the connection is made and not before, so that
/// a name cannot mean another address a moment later.
/// </summary>
/// <param name="isAllowed">
/// Whether a name may lead to this address. A literal address, and localhost, is one that the list of servers has.
/// </param>
/// <param name="resolve">Addresses of a name; null asks the system.</param>
/// <param name="receiveBytes">
/// What the kernel may hold of an answer that nobody reads; null leaves it to the kernel.
/// </param>
internal sealed class GuardedConnect(
    Func<IPAddress, bool> isAllowed, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null,
    int? receiveBytes = null)
{
    /// <summary>Addresses of one name that are tried, one after the other.</summary>
    private const int MostTried = 4;

    private readonly Func<string, CancellationToken, Task<IPAddress[]>> resolve = resolve ?? Dns.GetHostAddressesAsync;

    /// <summary>
    /// A handler that connects in this way. It follows no redirects, uses no proxy and no cookies, decompresses nothing
    /// and tells nothing of the call that it serves.
    /// </summary>
    public SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectCallback = ConnectAsync,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        string host = context.DnsEndPoint.Host;
        bool isLiteral = IPAddress.TryParse(host, out IPAddress? literal);
        IPAddress[] addresses = isLiteral ? [literal!] : await resolve(host, cancel);
        bool isNamed = isLiteral || host == "localhost";
        IPAddress[] allowed = [.. addresses.Where(each => isNamed || isAllowed(each)).Take(MostTried)];
        if (allowed.Length == 0)
        {
            throw new AddressRefusedException();
        }

        for (int i = 0; ; i++)
        {
            try
            {
                return await ConnectAsync(allowed[i], context.DnsEndPoint.Port, cancel);
            }
            catch (SocketException) when (i + 1 < allowed.Length)
            {
                // The next address of the same name may be reached.
            }
        }
    }

    private async Task<Stream> ConnectAsync(IPAddress address, int port, CancellationToken cancel)
    {
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (receiveBytes is { } bytes)
            {
                socket.ReceiveBufferSize = bytes;
            }

            await socket.ConnectAsync(address, port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
