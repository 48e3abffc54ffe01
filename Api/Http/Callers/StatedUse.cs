using MatchCluster.Api.Http.Access;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Http.Callers;

/// <summary>Whoever wants to know what is decided about a call.</summary>
internal interface IUseNotes
{
    void Decided(UseDecision decision);
}

/// <summary>On whose behalf a call is made, and for what: by its credentials and by headers of ours.</summary>
internal static class StatedUse
{
    public const string PurposeHeader = "MC-Purpose";

    public const string AgreementHeader = "MC-Agreement";

    public const string NoRetainHeader = "MC-No-Retain";

    public const string ReleaseHeader = "MC-Release";

    /// <summary>The use of a call, made once.</summary>
    public static Use Use(this HttpContext http)
    {
        if (http.Features.Get<Use>() is { } known)
        {
            return known;
        }

        Caller caller = http.Caller();
        IHeaderDictionary headers = http.Request.Headers;
        Use use = new()
        {
            Partner = caller.Partner,
            Subject = caller.Subject,
            IsPerson = caller.Kind == CallerKind.Person,
            Purpose = headers[PurposeHeader] is { Count: > 0 } purpose ? purpose.ToString() : null,
            Agreement = headers[AgreementHeader] is { Count: > 0 } agreement ? agreement.ToString() : null,
            Priority = Priority.Stated(http),
            NoRetain = headers[NoRetainHeader] == "true",
            AtMost = Enum.TryParse(headers[ReleaseHeader], ignoreCase: true, out ReleaseProfile most)
                && Enum.IsDefined(most) ? most : null,
            Decided = http.Features.Get<IUseNotes>() is { } notes ? notes.Decided : null,
        };
        http.Features.Set(use);
        return use;
    }
}
