using System.Net;

namespace MatchCluster.ServiceDefaults.Hosting;

/// <summary>
/// Where the server may listen. Nothing checks who calls yet, so that only processes of the same machine may
/// call.
/// </summary>
public static class ListenAddresses
{
    /// <summary>The reason these addresses are refused, or null.</summary>
    public static string? RefusalOf(string urls)
    {
        string[] each = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (each.Length == 0)
        {
            return "--urls: found no address, wanted for example http://127.0.0.1:5080";
        }

        return each.Select(RefusalOfOne).FirstOrDefault(reason => reason is not null);
    }

    private static string? RefusalOfOne(string url)
    {
        // Kestrel reads '*' and '+' as every address; Uri does not read them at all.
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme != Uri.UriSchemeHttp)
        {
            return $"--urls: found '{url}', wanted http://ADDRESS:PORT with a loopback address";
        }

        string host = uri.Host.Trim('[', ']');
        bool loopback = host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
        return loopback ? null
            : $"--urls: '{url}' is not a loopback address; this version has no credentials to check and listens to "
                + "its own machine only (127.0.0.1, [::1], localhost)";
    }
}
