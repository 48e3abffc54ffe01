using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MatchCluster.ServiceDefaults.Hosting;

/// <summary>
/// Where a server may listen: on addresses of this machine, and beyond it as far as a <see cref="ListenRule"/> allows.
/// </summary>
/// <remarks>
/// An address is read once, here, and exactly the IP address that was read is bound: two readers of one text (ours and
/// the web server's) may differ on user names, queries, odd digits or escapes, and what the second does not understand
/// as an IP address it takes for every address.
/// </remarks>
public sealed partial class ListenAddresses
{
    private const int DefaultPort = 80;
    private const int DefaultSecurePort = 443;

    private readonly IReadOnlyList<Place> places;
    private readonly ListenRule rule;

    private ListenAddresses(IReadOnlyList<Place> places, ListenRule rule)
    {
        this.places = places;
        this.rule = rule;
    }

    /// <summary>The reason these addresses are refused, or null.</summary>
    public static string? RefusalOf(string urls, ListenRule rule = default) =>
        TryRead(urls, rule, out _, out string? refusal) ? null : refusal;

    /// <summary>The addresses of a text that was checked.</summary>
    /// <exception cref="ArgumentException">It is refused; the message says why.</exception>
    public static ListenAddresses Read(string urls, ListenRule rule = default) =>
        TryRead(urls, rule, out ListenAddresses? read, out string? refusal)
            ? read! : throw new ArgumentException(refusal);

    /// <summary>The addresses beyond this machine that are no wildcard: a caller may name them as Host.</summary>
    public IEnumerable<IPAddress> Named => places.Select(place => place.Address)
        .OfType<IPAddress>().Where(address => !IPAddress.IsLoopback(address) && !IsAny(address));

    /// <summary>Whether every address of this machine is listened on, so that its names must be told.</summary>
    public bool HasWildcard => places.Any(place => place.Address is { } address && IsAny(address));

    /// <summary>Makes the server listen there and nowhere else.</summary>
    /// <param name="kestrel">The web server.</param>
    /// <param name="secure">What makes an https address one.</param>
    public void Bind(KestrelServerOptions kestrel, Action<ListenOptions>? secure = null)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        foreach (Place place in places)
        {
            Action<ListenOptions> configure = place.IsSecure
                ? secure ?? throw new InvalidOperationException("an https address without a certificate")
                : _ => { };
            if (place.Address is { } address)
            {
                kestrel.Listen(address, place.Port, configure);
            }
            else
            {
                kestrel.ListenLocalhost(place.Port, configure);
            }
        }
    }

    /// <summary>
    /// After the start: what the server says it listens on is allowed, one for each that was asked for.
    /// </summary>
    /// <exception cref="IOException">It is not; the caller must stop it.</exception>
    public void Check(IEnumerable<string> listened)
    {
        string[] found = [.. listened];
        if (found.Length != places.Count || found.Any(url => RefusalOf(url, rule) is not null))
        {
            string kind = rule.HasCredentials ? "allowed" : "loopback";
            throw new IOException(
                $"listening on {string.Join(", ", found)}, wanted {places.Count} {kind} addresses; the server stops");
        }
    }

    private static bool TryRead(string urls, ListenRule rule, out ListenAddresses? read, out string? refusal)
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

            if (Problem(place, rule) is { } problem)
            {
                refusal = $"--urls: '{Printable(url)}' {problem}";
                return false;
            }

            places.Add(place);
        }

        refusal = null;
        read = new ListenAddresses(places, rule);
        return true;
    }

    private static string? Problem(Place place, ListenRule rule)
    {
        bool isBeyond = place.Address is { } address && !IPAddress.IsLoopback(address);
        return isBeyond && !rule.HasCredentials
            ? "is not a loopback address; without credentials to check the server listens to its own machine only "
                + "(127.0.0.1, [::1], localhost)"
            : place.IsSecure && !rule.HasCertificate
            ? "is https, which needs a certificate of the server"
            : isBeyond && !place.IsSecure && !rule.AllowsInsecure
            ? "would carry tokens and templates in the clear; use https, or say --insecure-http true where a proxy in "
                + "front of it ends TLS"
            : null;
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static Place? Of(string url)
    {
        if (Form().Match(url) is not { Success: true } form)
        {
            return null;
        }

        bool isSecure = form.Groups["secure"].Success;
        int port = isSecure ? DefaultSecurePort : DefaultPort;
        if (form.Groups["port"] is { Success: true } digits
            && (!int.TryParse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out port)
                || port > IPEndPoint.MaxPort))
        {
            return null;
        }

        if (form.Groups["name"].Success)
        {
            // A free port can be taken on one address only.
            return new Place(port == 0 ? IPAddress.Loopback : null, port, isSecure);
        }

        bool isVersion6 = form.Groups["v6"].Success;
        return IPAddress.TryParse(form.Groups[isVersion6 ? "v6" : "v4"].ValueSpan, out IPAddress? address)
            && (isVersion6
                ? address.AddressFamily == AddressFamily.InterNetworkV6
                : address.ToString() == form.Groups["v4"].Value)
            ? new Place(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port, isSecure) : null;
    }

    private static string Printable(string url) =>
        string.Concat(url.Select(c => c is > ' ' and <= '~' ? c.ToString() : $"\\u{(int)c:x4}"));

    [GeneratedRegex(
        @"\A(?i:http)(?<secure>(?i:s))?://"
        + @"((?<name>(?i:localhost))|(?<v4>[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+)|\[(?<v6>[0-9A-Fa-f:.]+)\])"
        + @"(:(?<port>[0-9]{1,5}))?/?\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    /// <param name="Address">Null stands for localhost: the loopback addresses of both families.</param>
    /// <param name="Port">0 takes a free one.</param>
    /// <param name="IsSecure">Whether it is https.</param>
    private readonly record struct Place(IPAddress? Address, int Port, bool IsSecure);
}

/// <summary>What allows a server to listen beyond its own machine; the default allows nothing.</summary>
/// <param name="HasCredentials">It checks who calls.</param>
/// <param name="HasCertificate">It can speak https.</param>
/// <param name="AllowsInsecure">A proxy in front of it ends TLS, as whoever started it says.</param>
public readonly record struct ListenRule(bool HasCredentials, bool HasCertificate, bool AllowsInsecure);
