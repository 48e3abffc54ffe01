using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Outgoing;

namespace MatchCluster.Api.Deliveries;

/// <summary>What a callback address may be, and what is asked at it.</summary>
internal static class CallbackAddress
{
    public const string Parameter = "callback";

    private const int MostCharacters = 2048;

    private const string Transaction = "transactionId";
    private const string TaskName = "taskId";

    /// <summary>The failure of an address that is none, or that this partner may not name; null where it may.</summary>
    /// <param name="address">What the caller sent.</param>
    /// <param name="partner">Who calls.</param>
    /// <param name="servers">What the server is configured with.</param>
    public static Failure? Check(string address, string partner, IReadOnlyList<CallbackServer> servers)
    {
        if (address.Length > MostCharacters || address.Any(c => c is <= ' ' or > '~')
            || !Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)
            || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
        {
            return new Failure(
                FailureCode.InvalidParameter,
                $"{Parameter}: wanted an address http:// or https:// of at most {MostCharacters} ASCII characters, "
                    + "without user, password and fragment");
        }

        if (NamesOf(uri).Any(name => name is Transaction or TaskName))
        {
            return new Failure(
                FailureCode.InvalidParameter,
                $"{Parameter}: found {Transaction} or {TaskName} in its query, which is where the result says them");
        }

        return servers.Any(server => MayName(server, partner) && Origins.IsOf(uri, server.Origin)) ? null
            : new Failure(
                FailureCode.CallbackRefused,
                $"{Parameter}: its server is not on this server's list of callbacks, or not for this caller");
    }

    /// <summary>The address of one result: OSIA's callbacks say transaction and task in the query.</summary>
    public static Uri Of(Delivery delivery)
    {
        string address = delivery.Address.AbsoluteUri;
        char joint = delivery.Address.Query.Length == 0 ? '?' : '&';
        return new Uri(
            $"{address.TrimEnd('?', '&')}{joint}{Transaction}={Uri.EscapeDataString(delivery.TransactionId)}"
            + $"&{TaskName}={Uri.EscapeDataString(delivery.TaskId)}");
    }

    private static bool MayName(CallbackServer server, string partner) =>
        server.Partner is null || string.Equals(server.Partner, partner, StringComparison.Ordinal);

    private static IEnumerable<string> NamesOf(Uri uri) =>
        uri.Query.TrimStart('?').Split('&').Select(pair => Uri.UnescapeDataString(pair.Split('=')[0]));
}
