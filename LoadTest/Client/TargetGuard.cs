using System.Diagnostics.CodeAnalysis;

namespace MatchCluster.LoadTest.Client;

/// <summary>
/// Which servers may be loaded: this machine, unless the caller says that another one is meant. A load
/// generator is not to be pointed at somebody by accident.
/// </summary>
internal static class TargetGuard
{
    public static bool TryParse(
        string text,
        bool allowRemote,
        [NotNullWhen(true)] out Uri? url,
        [NotNullWhen(false)] out string? error)
    {
        error = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out url) || url.Scheme is not ("http" or "https"))
        {
            error = $"--url: found '{text}', wanted http://host:port";
        }
        else if (!url.IsLoopback && !allowRemote)
        {
            error = $"--url: {url.Host} is not this machine; --allow-remote loads it if that is meant";
        }

        url = error is null ? new Uri(url!.GetLeftPart(UriPartial.Authority) + "/") : null;
        return error is null;
    }
}
