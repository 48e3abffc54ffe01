using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Http.Callers;

/// <summary>On whose behalf a call is made, and for what: by its credentials and by headers of ours.</summary>
internal static class StatedUse
{
    public const string PurposeHeader = "MC-Purpose";

    public const string AgreementHeader = "MC-Agreement";

    public const string NoRetainHeader = "MC-No-Retain";

    public const string ReleaseHeader = "MC-Release";

    /// <summary>
    /// The failure of headers that say how much of the probe and of the answer goes how far: a word that is not
    /// understood is refused, for what it was meant to hold back would leave.
    /// </summary>
    public static Failure? Check(HttpRequest request)
    {
        IHeaderDictionary headers = request.Headers;
        return headers[ReleaseHeader] is { Count: > 0 } release && MostOf(headers) is null
            ? Failure.Invalid(ReleaseHeader, release.ToString(), $"one of {string.Join(", ", ReleaseWords.All)}")
            : headers[NoRetainHeader] is { Count: > 0 } retain && retain is not ["true" or "false"]
            ? Failure.Invalid(NoRetainHeader, retain.ToString(), "true or false")
            : null;
    }

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
            AtMost = MostOf(headers),
        };
        http.Features.Set(use);
        return use;
    }

    private static ReleaseProfile? MostOf(IHeaderDictionary headers) =>
        headers[ReleaseHeader] is [{ } word] ? ReleaseWords.Read(word) : null;
}
