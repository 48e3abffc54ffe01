using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace MatchCluster.Api.Http.Outgoing;

/// <summary>What a network address is of: this machine, its link, a private network, or anything else.</summary>
internal static class AddressRanges
{
    private const int V4Bytes = 4;

    private static readonly IPNetwork Teredo = IPNetwork.Parse("2001::/32");

    /// <summary>An interface that ISATAP (RFC 5214) makes of an IPv4 address, in whatever network.</summary>
    private static readonly byte[] Isatap = [0x00, 0x00, 0x5e, 0xfe];

    /// <summary>
    /// Networks whose addresses have an IPv4 address in them, and which of their bytes it is: IPv4-compatible, NAT64
    /// (RFC 6052; of the local one (RFC 8215) nobody knows which of the places is used), IPv4-translated (RFC 2765),
    /// 6to4, Teredo (its server; its client is said below).
    /// </summary>
    private static readonly (IPNetwork Network, int[] Bytes)[] Embedding =
    [
        (IPNetwork.Parse("::/96"), [12, 13, 14, 15]),
        (IPNetwork.Parse("64:ff9b::/96"), [12, 13, 14, 15]),
        (IPNetwork.Parse("64:ff9b:1::/48"), [6, 7, 9, 10]),
        (IPNetwork.Parse("64:ff9b:1::/48"), [7, 9, 10, 11]),
        (IPNetwork.Parse("64:ff9b:1::/48"), [9, 10, 11, 12]),
        (IPNetwork.Parse("64:ff9b:1::/48"), [12, 13, 14, 15]),
        (IPNetwork.Parse("::ffff:0:0:0/96"), [12, 13, 14, 15]),
        (IPNetwork.Parse("2002::/16"), [2, 3, 4, 5]),
        (Teredo, [4, 5, 6, 7]),
    ];

    /// <summary>
    /// Private networks (RFC 1918, RFC 4193), shared ones of carriers (RFC 6598), and ranges of the registries of
    /// special addresses (RFC 6890, as of 2026) that no receiver on the internet has. Those of the
    /// registries that are reachable from everywhere (AS112, AMT) are not here.
    /// </summary>
    private static readonly IPNetwork[] Private =
    [
        .. new[]
        {
            "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "fc00::/7", "fec0::/10",
            "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>
    /// Neither this machine, by any of its addresses, nor a link-local, multicast or unspecified address, in either
    /// family.
    /// </summary>
    public static bool IsElsewhere(IPAddress address)
    {
        IPAddress plain = Plain(address);
        byte[] bytes = plain.GetAddressBytes();
        return !IPAddress.IsLoopback(plain) && !plain.IsIPv6LinkLocal && !plain.IsIPv6Multicast
            && !plain.Equals(IPAddress.IPv6Any)
            && !(bytes.Length == V4Bytes
                && (bytes[0] is 0 or 127 or >= 224 || (bytes[0] == 169 && bytes[1] == 254)))
            && EmbeddedIn(plain).All(IsElsewhere)
            && !NetworkInterface.GetAllNetworkInterfaces().Any(card =>
                card.GetIPProperties().UnicastAddresses.Any(own => own.Address.Equals(plain)));
    }

    /// <summary>Whether it is of a private or shared network, or of another range that is not the internet's.</summary>
    public static bool IsPrivate(IPAddress address)
    {
        IPAddress plain = Plain(address);
        return Private.Any(network => network.Contains(plain))
            || EmbeddedIn(plain).Any(IsPrivate);
    }

    private static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>The IPv4 addresses that a gateway or tunnel would make of an IPv6 address.</summary>
    private static IPAddress[] EmbeddedIn(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return [];
        }

        byte[] bytes = address.GetAddressBytes();
        List<byte[]> found =
        [
            .. Embedding.Where(one => one.Network.Contains(address))
                .Select(one => Array.ConvertAll(one.Bytes, at => bytes[at])),
        ];
        if (Teredo.Contains(address))
        {
            found.Add([.. bytes[^V4Bytes..].Select(one => (byte)~one)]);
        }

        // The second bit from the right of the first byte says that the IPv4 address is unique in the world.
        if ((bytes[8] & ~2) == Isatap[0] && bytes.AsSpan(9, 3).SequenceEqual(Isatap.AsSpan(1)))
        {
            found.Add(bytes[^V4Bytes..]);
        }

        // Of several places the empty ones are not used, unless all are empty.
        byte[][] used = [.. found.Where(one => one.Any(value => value != 0))];
        return [.. (used.Length > 0 ? used : [.. found]).Select(one => new IPAddress(one))];
    }
}
