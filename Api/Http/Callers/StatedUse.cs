using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Requests;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Http.Callers;

/// <summary>Whoever wants to know what is decided about a call.</summary>
internal interface IUseNotes
{
    void Decided(UseDecision decision);
}

/// <summary>Keeps what allowed a call last, for a result that leaves later. Any thread may tell it.</summary>
internal sealed class AllowedUse
{
    private UseDecision? last;

    /// <summary>The last decision that allowed it; null where none did.</summary>
    public UseDecision? Decision => Volatile.Read(ref last);

    public void Decided(UseDecision decision)
    {
        if (decision.Refusal is null)
        {
            Volatile.Write(ref last, decision);
        }
    }
}

/// <summary>On whose behalf a call is made, and for what: by its credentials and by headers of ours.</summary>
internal static class StatedUse
{
    public const string PurposeHeader = "MC-Purpose";

    public const string AgreementHeader = "MC-Agreement";

    public const string NoRetainHeader = "MC-No-Retain";

    public const string ReleaseHeader = "MC-Release";

    private static readonly string[] Headers = [PurposeHeader, AgreementHeader, NoRetainHeader, ReleaseHeader];

    /// <summary>
    /// Refuses a call whose headers say something else than they may, before anything of it is done: what a caller
    /// misspells must not be lost. Where agreements are kept, an unknown purpose is one that none of them grants.
    /// </summary>
    public static Task CheckAsync(HttpContext http, RequestDelegate next) =>
        http.GetEndpoint() is RouteEndpoint && RequestLine.IsDoor(http.Request.Path)
            && Check(http.Request, http.RequestServices.GetService<Agreements>() is not null) is { } failure
            ? HttpAnswers.WriteAsync(http, failure)
            : next(http);

    private static Failure? Check(HttpRequest request, bool keepsAgreements)
    {
        IHeaderDictionary sent = request.Headers;

        // Two headers of a name and one with a comma say the same in HTTP; no value that is taken has a comma.
        if (Headers.FirstOrDefault(name => sent[name].ToString().Contains(',', StringComparison.Ordinal)) is { } twice)
        {
            return Failure.Invalid(twice, sent[twice], "one value");
        }

        if (sent[PurposeHeader] is [var purpose] && !Purposes.IsOne(purpose))
        {
            Failure unknown = Failure.Invalid(PurposeHeader, purpose, string.Join(", ", Purposes.All));
            return keepsAgreements ? unknown with { Code = FailureCode.PurposeUnknown } : unknown;
        }

        return sent[AgreementHeader] is [var agreement] && AgreementRules.Name(AgreementHeader, agreement) is { } wrong
                ? new Failure(FailureCode.InvalidParameter, wrong)
            : sent[NoRetainHeader] is [not ("true" or "false")]
                ? Failure.Invalid(NoRetainHeader, sent[NoRetainHeader], "true or false")
            : sent[ReleaseHeader] is [var release] && ReleaseWords.Read(release) is null
                ? Failure.Invalid(ReleaseHeader, release, string.Join(", ", ReleaseWords.All))
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
            AtMost = ReleaseWords.Read(headers[ReleaseHeader]),
            Decided = DecidedOf(http),
        };
        http.Features.Set(use);
        return use;
    }

    /// <summary>Tells everybody who wants to know what is decided; null where nobody does.</summary>
    private static Action<UseDecision>? DecidedOf(HttpContext http)
    {
        Action<UseDecision>? told = http.Features.Get<IUseNotes>() is { } notes ? notes.Decided : null;
        return http.Features.Get<AllowedUse>() is { } allowed ? told + allowed.Decided : told;
    }
}
