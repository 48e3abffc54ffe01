using MatchCluster.Api.Searching;
using MatchCluster.Matching.Cases;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Subscriptions;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Subscriptions;

/// <summary>
/// Tells the owner of a gallery which of its persons another partner's search met. The alert is durable before the
/// answer leaves: where it cannot be kept, the search is refused. It says nothing of the probe or of the score.
/// </summary>
internal sealed class WrapBackTeller(
    WrapBacks wrapBacks, Backend backend, AlertDesk desk, TimeProvider clock) : ICaseOpener
{
    private readonly CaseBook? next = backend.Cases;

    public async ValueTask<IdentifyAnswer> OpenAsync(
        IdentifyRequest request, IdentifyAnswer answer, Use use, CancellationToken cancel)
    {
        if (answer is { Refusal: null, Candidates.Count: > 0 } && !use.IsInternal)
        {
            try
            {
                await TellAsync(request, answer, use, cancel);
            }
            catch (StoreException fault)
            {
                return SearchDecisions.Refused(answer.Permission with
                {
                    Refusal = new Refusal(
                        RefusalKind.Unavailable,
                        "the owners of candidates cannot be told now, and none is answered without: "
                            + fault.Outage.Reason,
                        TimeSpan.FromSeconds(1)),
                });
            }
        }

        return next is null ? answer : await next.OpenAsync(request, answer, use, cancel);
    }

    private async ValueTask TellAsync(
        IdentifyRequest request, IdentifyAnswer answer, Use use, CancellationToken cancel)
    {
        DateTimeOffset now = clock.GetUtcNow();
        Subscription[] others = [.. (await wrapBacks.AllAsync(cancel)).Where(one => one.Partner != use.Partner)];
        if (others.Length == 0)
        {
            return;
        }

        AgreementBook book = await backend.Agreements!.BookAsync(cancel);
        string search = Guid.NewGuid().ToString();
        foreach (Subscription one in others)
        {
            if (book.PolicyOf(one.Gallery) is not { } policy || policy.Owner != one.Partner)
            {
                continue;
            }

            foreach (Candidate candidate in answer.Candidates.Where(
                found => IsIn(found, one.Gallery, request.Gallery)))
            {
                await desk.RaiseAsync(
                    one,
                    new AlertBody
                    {
                        AlertId = AlertDesk.IdOf(one.Id, AlertKinds.WrapBack, search, candidate.PersonId),
                        Kind = AlertKinds.WrapBack,
                        Cause = AlertKinds.Search,
                        SubscriptionId = one.Id,
                        Reference = one.Reference,
                        GalleryId = one.Gallery,
                        At = now,
                        PersonId = candidate.PersonId,
                        Purpose = answer.Permission.Purpose ?? use.Purpose,
                        Partner = policy.NamesSearchers ? use.Partner : null,
                    },
                    cancel);
            }
        }
    }

    /// <summary>Whether a candidate was met by an encounter of the gallery.</summary>
    private static bool IsIn(Candidate candidate, string gallery, string searched) =>
        searched == gallery || candidate.Details.Any(
            detail => detail.Galleries?.Contains(gallery, StringComparer.Ordinal) == true);
}
