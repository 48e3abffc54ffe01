using MatchCluster.Api.Http.Access;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Http.Callers;

/// <summary>
/// The caller's part of the machine. Where agreements are kept it is the weight of the partner's, and all callers
/// without one are one partner: they are refused later, under however many names they come. Where none are kept every
/// partner has an equal part, and where callers are not told apart there is one.
/// </summary>
/// <param name="Partner">A number that stands for the partner; 0 for nobody in particular.</param>
/// <param name="Weight">Its parts of the time.</param>
internal sealed record CallerShare(ulong Partner, int Weight)
{
    /// <summary>Nobody in particular.</summary>
    public static CallerShare Nobody { get; } = new(0, 1);

    /// <summary>The part of a request's caller.</summary>
    public static CallerShare Of(HttpContext http)
    {
        if (http.Features.Get<CallerShare>() is { } known)
        {
            return known;
        }

        CallerShare equal = new(Standing.NumberOf(http.Caller().Partner), 1);
        http.Features.Set(equal);
        return equal;
    }

    /// <summary>
    /// Looks the weight up, once for each request, where agreements are kept; and how urgent a call may be by any of
    /// them, also one whose level and not whose priority says it. What decides about the call may give it less.
    /// </summary>
    public static async Task NoteAsync(HttpContext http, RequestDelegate next)
    {
        Use use = http.Use();
        if (use.Partner.Length > 0)
        {
            http.Features.Set(await ReadAsync(http, use));
        }

        await next(http);
    }

    /// <summary>Where work of the caller stands among others.</summary>
    public Standing At(Priority priority) => new(Partner, Weight, priority.Level);

    private static async ValueTask<CallerShare> ReadAsync(HttpContext http, Use use)
    {
        try
        {
            AgreementBook book = await http.RequestServices.GetRequiredService<Agreements>()
                .RecentBookAsync(http.RequestAborted);
            DateTimeOffset now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
            if (PartnerWeight.PriorityCapOf(book, use.Partner, use.Agreement, now) is { } most)
            {
                http.Features.Set(new PriorityCap(most));
            }

            return PartnerWeight.Of(book, use.Partner, use.Agreement, now) is { } weight
                ? new CallerShare(Standing.NumberOf(use.Partner), weight) : Nobody;
        }
        catch (StoreException)
        {
            return Nobody; // The decision refuses it and says why.
        }
    }
}
