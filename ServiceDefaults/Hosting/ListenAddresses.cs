using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MatchCluster.ServiceDefaults.Hosting;

/// <summary>
/// Where a server may listen. Nothing checks who calls yet, so that only processes of this machine may
/// call.
/// </summary>
/// <remarks>
/// An address is read once, here, and exactly the IP address that was read is bound: two readers of one text (ours and
/// the web server's) may differ on user names, queries, odd digits or escapes, and what the second does not understand
/// as an IP address it takes for every address.
/// </remarks>
public sealed partial class ListenAddresses
{
    private const int DefaultPort = 80;

    private readonly IReadOnlyList<Place> places;

    private ListenAddresses(IReadOnlyList<Place> places) => this.places = places;

    /// <summary>The reason these addresses are refused, or null.</summary>
    public static string? RefusalOf(string urls) => TryRead(urls, out _, out string? refusal) ? null : refusal;

    /// <summary>The addresses of a text that was checked.</summary>
    /// <exception cref="ArgumentException">It is refused; the message says why.</exception>
    public static ListenAddresses Read(string urls) =>
        TryRead(urls, out ListenAddresses? read, out string? refusal) ? read! : throw new ArgumentException(refusal);

    /// <summary>Makes the server listen there and nowhere else.</summary>
    public void Bind(KestrelServerOptions kestrel)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        foreach (Place place in places)
        {
            if (place.Address is { } address)
            {
                kestrel.Listen(address, place.Port);
            }
            else
            {
                kestrel.ListenLocalhost(place.Port);
            }
        }
    }

    /// <summary>
    /// After the start: what the server says it listens on is loopback, one for each that was asked for.
    /// </summary>
    /// <exception cref="IOException">It is not; the caller must stop it.</exception>
    public void Check(IEnumerable<string> listened)
    {
        string[] found = [.. listened];
        if (found.Length != places.Count || found.FirstOrDefault(url => RefusalOf(url) is not null) is not null)
        {
            throw new IOException(
                $"listening on {string.Join(", ", found)}, wanted {places.Count} loopback addresses; the server stops");
        }
    }

    private static bool TryRead(string urls, out ListenAddresses? read, out string? refusal)
    {
        ArgumentNullException.ThrowIfNull(urls);
        read = null;
        string[] each = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (each.Length == 0)
        {
            refusal = "--urls: found no address, wanted for example http://127.0.0.1:5080";
            return false;
        }

        List<Place> places = [];
        foreach (string url in each)
        {
            if (Of(url) is not { } place)
            {
                refusal = $"--urls: found '{Printable(url)}', wanted http://ADDRESS:PORT with a loopback address and "
                    + "nothing else (127.0.0.1, [::1], localhost)";
                return false;
            }

            if (place.Address is { } address && !IPAddress.IsLoopback(address))
            {
                refusal = $"--urls: '{Printable(url)}' is not a loopback address; this version has no credentials to "
                    + "check and listens to its own machine only (127.0.0.1, [::1], localhost)";
                return false;
            }

            places.Add(place);
        }

        refusal = null;
        read = new ListenAddresses(places);
        return true;
    }

    private static Place? Of(string url)
    {
        if (Form().Match(url) is not { Success: true } form)
        {
            return null;
        }

        int port = DefaultPort;
        if (form.Groups["port"] is { Success: true } digits
            && (!int.TryParse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out port)
                || port > IPEndPoint.MaxPort))
        {
            return null;
        }

        if (form.Groups["name"].Success)
        {
            // A free port can be taken on one address only.
            return new Place(port == 0 ? IPAddress.Loopback : null, port);
        }

        bool isVersion6 = form.Groups["v6"].Success;
        return IPAddress.TryParse(form.Groups[isVersion6 ? "v6" : "v4"].ValueSpan, out IPAddress? address)
            && (isVersion6
                ? address.AddressFamily == AddressFamily.InterNetworkV6
                : address.ToString() == form.Groups["v4"].Value)
            ? new Place(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port) : null;
    }

    private static string Printable(string url) =>
        string.Concat(url.Select(c => c is > ' ' and <= '~' ? c.ToString() : $"\\u{(int)c:x4}"));

    [GeneratedRegex(
        @"\A(?i:http)://((?<name>(?i:localhost))|(?<v4>[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+)|\[(?<v6>[0-9A-Fa-f:.]+)\])"
        + @"(:(?<port>[0-9]{1,5}))?/?\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    /// <param name="Address">Null stands for localhost: the loopback addresses of both families.</param>
    /// <param name="Port">0 takes a free one.</param>
    private readonly record struct Place(IPAddress? Address, int Port);
}
