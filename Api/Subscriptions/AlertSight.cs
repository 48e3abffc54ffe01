using MatchCluster.Api.Http.Access;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Subscriptions;

namespace MatchCluster.Api.Subscriptions;

/// <summary>
/// Which of its alerts a partner may see now. One that was raised while an agreement held is hidden while none of the
/// partner's that holds names the gallery, and shown again when one does.
/// </summary>
internal static class AlertSight
{
    /// <exception cref="StoreException">The agreements cannot be read: then nothing is shown.</exception>
    public static async ValueTask<AlertBody[]> OfAsync(HttpContext http, IReadOnlyList<Alert> alerts)
    {
        AlertBody[] bodies = [.. alerts.Select(AlertDesk.BodyOf)];
        if (bodies.Length == 0 || http.RequestServices.GetService<Agreements>() is not { } kept)
        {
            return bodies;
        }

        AgreementBook book = await kept.BookAsync(http.RequestAborted);
        DateTimeOffset now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        string partner = http.Caller().Partner;
        return [.. bodies.Where(alert => book.MayHearOf(partner, alert.GalleryId, now))];
    }
}
