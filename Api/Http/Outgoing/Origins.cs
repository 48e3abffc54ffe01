namespace MatchCluster.Api.Http.Outgoing;

/// <summary>Lists of servers (scheme, host and port) that addresses of callers may name.</summary>
internal static class Origins
{
    /// <summary>Servers of a list of addresses separated by semicolons; null where one is none.</summary>
    public static IReadOnlyList<Uri>? Read(string? list)
    {
        List<Uri> origins = [];
        foreach (string text in (list ?? "").Split(
            ';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (One(text) is not { } origin)
            {
                return null;
            }

            origins.Add(origin);
        }

        return origins;
    }

    /// <summary>One server; null where the text is none.</summary>
    public static Uri? One(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? origin)
        && origin.Scheme is "http" or "https" && origin.UserInfo.Length == 0
        && origin.PathAndQuery == "/" && origin.Fragment.Length == 0 ? origin : null;

    /// <summary>Whether an address is of a server.</summary>
    public static bool IsOf(Uri address, Uri origin) =>
        address.UserInfo.Length == 0
        && Uri.Compare(
            origin, address, UriComponents.SchemeAndServer, UriFormat.UriEscaped,
            StringComparison.OrdinalIgnoreCase) == 0;
}
