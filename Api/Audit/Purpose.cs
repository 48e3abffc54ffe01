using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Audit;

/// <summary>The purpose of a use, stated in a header: OSIA has no word for it. The list is closed.</summary>
internal static class Purpose
{
    public const string Header = "MC-Purpose";

    /// <summary>The failure of a purpose that is not on the list; a call may state none.</summary>
    public static Failure? Check(HttpRequest request) =>
        request.Headers[Header] is { Count: > 0 } stated && Of(request) is null
            ? Failure.Invalid(Header, stated.ToString(), string.Join(", ", Purposes.All)) : null;

    /// <summary>The stated purpose; null where there is none of the list.</summary>
    public static string? Of(HttpRequest request) =>
        request.Headers[Header] is [{ } stated] && Purposes.IsOne(stated) ? stated : null;
}
