using MatchCluster.Api.Http.Callers;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Audit;

/// <summary>The purpose of a use, stated in a header: OSIA has no word for it. The list is closed.</summary>
internal static class Purpose
{
    public const string Header = StatedUse.PurposeHeader;

    /// <summary>The stated purpose; null where there is none of the list.</summary>
    public static string? Of(HttpRequest request) =>
        request.Headers[Header] is [{ } stated] && Purposes.IsOne(stated) ? stated : null;
}
