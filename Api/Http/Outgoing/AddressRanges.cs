using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace MatchCluster.Api.Http.Outgoing;

/// <summary>What a network address is of: this machine, its link, a private network, or anything else.</summary>
internal static class AddressRanges
{
    private const int V4Bytes = 4;

    /// <summary>Networks whose last or middle bytes are an IPv4 address: NAT64, 6to4, IPv4-compatible.</summary>
    private static readonly (IPNetwork Network, int Offset)[] Embedding =
    [
        (IPNetwork.Parse("64:ff9b::/96"), 12),
        (IPNetwork.Parse("2002::/16"), 2),
        (IPNetwork.Parse("::/96"), 12),
    ];

    /// <summary>
    /// Private networks (RFC 1918, RFC 4193), shared ones of carriers (RFC 6598), and ranges of the registries of
    /// special addresses (RFC 6890) that no receiver on the internet has.
    /// </summary>
    private static readonly IPNetwork[] Private =
    [
        .. new[]
        {
            "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "fc00::/7", "fec0::/10", "64:ff9b:1::/48",
            "100::/64", "2001::/23", "2001:db8::/32",
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
            && (EmbeddedIn(plain) is not { } inner || IsElsewhere(inner))
            && !NetworkInterface.GetAllNetworkInterfaces().Any(card =>
                card.GetIPProperties().UnicastAddresses.Any(own => own.Address.Equals(plain)));
    }

    /// <summary>Whether it is of a private or shared network, or of another range that is not the internet's.</summary>
    public static bool IsPrivate(IPAddress address)
    {
        IPAddress plain = Plain(address);
        return Private.Any(network => network.Contains(plain))
            || (EmbeddedIn(plain) is { } inner && IsPrivate(inner));
    }

    private static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>The IPv4 address that a gateway would make of an IPv6 address; null where none would.</summary>
    private static IPAddress? EmbeddedIn(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return null;
        }

        foreach ((IPNetwork network, int offset) in Embedding)
        {
            if (network.Contains(address))
            {
                return new IPAddress(address.GetAddressBytes().AsSpan(offset, V4Bytes));
            }
        }

        return null;
    }
}
