using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Images;

namespace MatchCluster.Api.Http.Images;

/// <summary>
/// Fetches what imageRef names, from listed servers alone. It follows no redirects, uses no proxy, sends nothing of the
/// caller's, takes so many bytes and so long; a name that leads to this machine or to its neighbours' link-local
/// addresses (where clouds keep their secrets) is refused unless the list names that address itself.
/// </summary>
internal sealed class ImageFetcher : IDisposable
{
    /// <summary>A picture of the largest size at 20 Mbit/s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<Uri> origins;
    private readonly HttpClient http;

    public ImageFetcher(ImageSettings settings)
    {
        origins = settings.Origins;
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = ConnectAsync,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = ImageLimits.MostFileBytes,
        };
    }

    /// <summary>Whether the address is of a listed server.</summary>
    public bool MayFetch(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.UserInfo.Length == 0
        && origins.Any(origin => Uri.Compare(
            origin, uri, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0);

    /// <summary>The bytes, or why there are none; the message repeats no address.</summary>
    public async Task<Parsed<byte[]>> FetchAsync(string address, string path, TimeSpan budget, CancellationToken cancel)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        ending.CancelAfter(budget < Patience ? budget : Patience);
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(
                new Uri(address), HttpCompletionOption.ResponseHeadersRead, ending.Token);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                return NotFetched(path, $"its server answers {(int)answer.StatusCode}, wanted 200");
            }

            return answer.Content.Headers.ContentLength > ImageLimits.MostFileBytes ? TooLarge(path)
                : await ReadAsync(answer, path, ending.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return NotFetched(path, "its server did not answer in time");
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            return NotFetched(path, "its server cannot be reached");
        }
    }

    public void Dispose() => http.Dispose();

    private static async Task<Parsed<byte[]>> ReadAsync(
        HttpResponseMessage answer, string path, CancellationToken cancel)
    {
        await using Stream body = await answer.Content.ReadAsStreamAsync(cancel);
        using MemoryStream whole = new();
        byte[] buffer = new byte[64 * 1024];
        while (await body.ReadAsync(buffer, cancel) is var read and > 0)
        {
            if (whole.Length + read > ImageLimits.MostFileBytes)
            {
                return TooLarge(path);
            }

            whole.Write(buffer, 0, read);
        }

        return whole.ToArray();
    }

    private static Failure TooLarge(string path) =>
        NotFetched(path, $"it has more than {ImageLimits.MostFileBytes} bytes");

    private static Failure NotFetched(string path, string why) =>
        new(FailureCode.ImageNotFetched, $"{path}.imageRef: {why}");

    /// <summary>
    /// Connects to the first address that may be connected to. The address is checked here and not before, so that a
    /// name cannot mean another one a moment later.
    /// </summary>
    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        string host = context.DnsEndPoint.Host;
        bool isLiteral = IPAddress.TryParse(host, out _) || host == "localhost";
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(host, cancel);
        IPAddress? address = addresses.FirstOrDefault(each => isLiteral || IsElsewhere(each));
        if (address is null)
        {
            throw new HttpRequestException("an address of this machine");
        }

        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Neither this machine, by any of its addresses, nor a link-local or unspecified address, in either family.
    /// </summary>
    internal static bool IsElsewhere(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        byte[] bytes = plain.GetAddressBytes();
        return !IPAddress.IsLoopback(plain) && !plain.IsIPv6LinkLocal && !plain.IsIPv6Multicast
            && !plain.Equals(IPAddress.IPv6Any)
            && !(bytes.Length == 4 && (bytes[0] is 0 or 127 or >= 224 || (bytes[0] == 169 && bytes[1] == 254)))
            && !NetworkInterface.GetAllNetworkInterfaces().Any(card =>
                card.GetIPProperties().UnicastAddresses.Any(own => own.Address.Equals(plain)));
    }
}
