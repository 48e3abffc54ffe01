using MatchCluster.Api.Audit;
using MatchCluster.Api.Deliveries;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Protection;
using MatchCluster.Api.Osia.Reading;
using MatchCluster.Api.Searching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Subscriptions;
using MatchCluster.Matching.Uses;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Subscriptions;

/// <summary>Probes that whoever comes into a gallery later is compared with (docs/subscriptions.md).</summary>
internal static class SubscriptionRoutes
{
    private const int DefaultLimit = 50;

    /// <summary>Characters of the owner's own word.</summary>
    private const int LongestReference = 128;

    public static void Map(RouteGroupBuilder mc)
    {
        mc.MapPost("/subscriptions", CreateAsync).WithName("createSubscription").Needs(Scopes.Subscriptions)
            .TakesBiometrics();
        mc.MapGet("/subscriptions", ListAsync).WithName("listSubscriptions").Needs(Scopes.Subscriptions);
        mc.MapGet("/subscriptions/{subscriptionId}", ReadAsync).WithName("readSubscription")
            .Needs(Scopes.Subscriptions);
        mc.MapDelete("/subscriptions/{subscriptionId}", DeleteAsync).WithName("deleteSubscription")
            .Needs(Scopes.Subscriptions);
        AlertRoutes.Map(mc);
    }

    public static Failure NotKept { get; } = new(
        FailureCode.SubscriptionsNotKept,
        "this server keeps no subscriptions: they follow the change logs of galleries (--changes-kept COUNT), and a "
        + "front end of an encrypted cluster needs the master key (--master-key)");

    private static async Task<Results<Created<SubscriptionAnswer>, ProblemFailed>> CreateAsync(
        SubscriptionRequest body, ImageItems images, IDeliverer deliverer, CallbackSettings callbacks,
        IUsePolicy policy, EncounterRoot encounters, Backend backend, TimeProvider clock, HttpContext http)
    {
        AuditNotes.Of(http)?.Gallery(body.GalleryId);
        if (http.RequestServices.GetService<SubscriptionStores>() is not { } stores)
        {
            return new ProblemFailed(NotKept);
        }

        Use use = http.Use();
        DateTimeOffset now = clock.GetUtcNow();
        if (Wrong(body, use, now, deliverer, callbacks) is { } wrong)
        {
            return new ProblemFailed(wrong);
        }

        if (body.Kind == AlertKinds.WrapBack)
        {
            return await WrapBackAsync(body, stores, backend, encounters, now, http);
        }

        SearchBudget budget = http.Budget();
        NotStored notes = NotStored.For(http);
        Parsed<List<Sample>> samples = await images.ReadProbeAsync(body.BiometricData!, "biometricData", notes, budget);
        notes.Describe(http.Response);
        ProbeErasure.AtEnd(http, body.BiometricData!, samples.Value);
        if (samples.IsFailed)
        {
            return new ProblemFailed(samples.Failure);
        }

        UseDecision decision = SearchDecisions.WithIds(
            await policy.DecideAsync(
                use, new UseRequest(Operation.Identify, [body.GalleryId])
                {
                    Modalities = [.. samples.Value.Select(sample => sample.Position.Modality).Distinct()],
                    Threshold = body.Threshold,
                },
                http.RequestAborted),
            backend.Ids);
        if (decision.Refusal is { } refusal)
        {
            return new ProblemFailed(Failure.Of(refusal));
        }

        if (decision.NoRetain)
        {
            return new ProblemFailed(NothingKept);
        }

        long since = (await backend.Feed!.Log.PositionAsync(body.GalleryId, http.RequestAborted)).Last;
        await stores.Book.WatchAsync(body.GalleryId, since, http.RequestAborted);
        Subscription subscription = new()
        {
            Partner = use.Partner,
            Subject = use.Subject,
            IsPerson = use.IsPerson,
            Purpose = decision.Purpose ?? use.Purpose,
            Agreement = use.Agreement,
            AtMost = use.AtMost,
            Gallery = body.GalleryId,
            Threshold = Math.Max(
                decision.MinThreshold, body.Threshold ?? await ThresholdAsync(body, encounters, http)),
            Callback = body.Callback,
            Reference = body.Reference,
            Created = now,
            ExpiresAt = body.ExpiresAt,
            Since = since,
            Samples = samples.Value,
        };
        return await KeepAsync(subscription, stores, http);
    }

    /// <summary>
    /// Tells the owner of a gallery, by its policy, of searches by others that meet its persons; with a threshold of
    /// enrolments too.
    /// </summary>
    private static async Task<Results<Created<SubscriptionAnswer>, ProblemFailed>> WrapBackAsync(
        SubscriptionRequest body, SubscriptionStores stores, Backend backend, EncounterRoot encounters,
        DateTimeOffset now, HttpContext http)
    {
        Use use = http.Use();
        if (backend.Agreements is not { } agreements)
        {
            return new ProblemFailed(Failure.Invalid(
                "kind", AlertKinds.WrapBack, "hit: without --agreements nobody owns a gallery"));
        }

        return (await agreements.BookAsync(http.RequestAborted)).PolicyOf(body.GalleryId)?.Owner != use.Partner
            ? new ProblemFailed(Failure.Of(Refusal.Of(
                UseRule.NotOwner, $"gallery {body.GalleryId} belongs to another partner")))
            : await KeepAsync(
                new Subscription
                {
                    IsWrapBack = true,
                    Partner = use.Partner,
                    Subject = use.Subject,
                    IsPerson = use.IsPerson,
                    Purpose = use.Purpose,
                    Gallery = body.GalleryId,
                    Agreement = use.Agreement,
                    Threshold = body.Threshold is null && body.TargetFpir is null ? 0
                        : body.Threshold ?? await ThresholdAsync(body, encounters, http),
                    Callback = body.Callback,
                    Reference = body.Reference,
                    Created = now,
                    ExpiresAt = body.ExpiresAt,
                },
                stores, http);
    }

    private static async Task<Results<Created<SubscriptionAnswer>, ProblemFailed>> KeepAsync(
        Subscription subscription, SubscriptionStores stores, HttpContext http) =>
        await stores.Book.AddAsync(subscription, http.RequestAborted) is { } id
            ? TypedResults.Created($"/mc/v1/subscriptions/{id}", AnswerOf(subscription with { Id = id }))
            : new ProblemFailed(new Failure(
                FailureCode.TasksFull, "as many subscriptions are kept as this server takes",
                TimeSpan.FromMinutes(1)));

    private static async Task<Results<Ok<SubscriptionList>, ProblemFailed>> ListAsync(
        HttpContext http, [FromQuery(Name = "afterSubscriptionId")] string? after = null,
        [FromQuery(Name = "limit")] int limit = DefaultLimit)
    {
        if (limit is < 1 or > ApiLimits.CasePage)
        {
            return new ProblemFailed(Failure.Invalid("limit", $"{limit}", $"1..{ApiLimits.CasePage}"));
        }

        return await AskAsync<Ok<SubscriptionList>>(http, async stores =>
        {
            IReadOnlyList<string> ids = await stores.Book.ListAsync(
                http.Caller().Partner, after, limit, http.RequestAborted);
            Subscription?[] found = await Task.WhenAll(
                ids.Select(id => stores.Book.FindAsync(id, http.RequestAborted).AsTask()));
            return TypedResults.Ok(new SubscriptionList(
                [.. found.OfType<Subscription>().Select(AnswerOf)], ids.Count == limit ? ids[^1] : null));
        });
    }

    private static Task<Results<Ok<SubscriptionAnswer>, ProblemFailed>> ReadAsync(
        string subscriptionId, HttpContext http) => AskAsync<Ok<SubscriptionAnswer>>(
        http, async stores => await OwnAsync(stores, subscriptionId, http) is { } one
            ? TypedResults.Ok(AnswerOf(one)) : null);

    private static Task<Results<NoContent, ProblemFailed>> DeleteAsync(
        string subscriptionId, HttpContext http) => AskAsync<NoContent>(
        http, async stores => await OwnAsync(stores, subscriptionId, http) is { } one
            && await stores.Book.DeleteAsync(one.Id, http.RequestAborted) ? TypedResults.NoContent() : null);

    /// <summary>Asks the stores; null says that there is nothing of the name.</summary>
    internal static async Task<Results<T, ProblemFailed>> AskAsync<T>(
        HttpContext http, Func<SubscriptionStores, Task<T?>> ask)
        where T : class, IResult
    {
        if (http.RequestServices.GetService<SubscriptionStores>() is not { } stores)
        {
            return new ProblemFailed(NotKept);
        }

        return await ask(stores) is { } answer ? answer
            : new ProblemFailed(new Failure(FailureCode.Unknown, "no subscription or alert of that name"));
    }

    /// <summary>A subscription of the caller's partner: those of others do not exist for it.</summary>
    private static async Task<Subscription?> OwnAsync(SubscriptionStores stores, string id, HttpContext http) =>
        await stores.Book.FindAsync(id, http.RequestAborted) is { } found
            && found.Partner == http.Caller().Partner ? found : null;

    private static Failure NothingKept { get; } = new(
        FailureCode.SubscriptionNotKept,
        "found a call of which nothing may be kept (MC-No-Retain, or by agreement), and a subscription is kept");

    private static Failure? Wrong(
        SubscriptionRequest body, Use use, DateTimeOffset now, IDeliverer deliverer, CallbackSettings callbacks) =>
        body.GalleryId == Search.AllGalleries
            ? Failure.Invalid("galleryId", body.GalleryId, "the name of one gallery")
        : IdRule.Check("galleryId", body.GalleryId) is { } bad ? new Failure(FailureCode.InvalidIdentifier, bad)
        : body.ExpiresAt <= now || body.ExpiresAt > now.AddDays(ApiLimits.SubscriptionDays)
            ? Failure.Invalid(
                "expiresAt", $"{body.ExpiresAt:O}", $"a time later than now, {ApiLimits.SubscriptionDays} days at most")
        : body.Kind is not (null or AlertKinds.Hit or AlertKinds.WrapBack)
            ? Failure.Invalid("kind", body.Kind, $"{AlertKinds.Hit} or {AlertKinds.WrapBack}")
        : body.Kind == AlertKinds.WrapBack && body.BiometricData is not null
            ? Failure.Invalid("kind", body.Kind, "no biometricData beside it")
        : body.Kind == AlertKinds.WrapBack && body.Threshold is not null && body.TargetFpir is not null
            ? Failure.Invalid("threshold", "both threshold and targetFPIR", "one of them, or none")
        : body.Kind != AlertKinds.WrapBack && body.BiometricData is null
            ? new Failure(FailureCode.InvalidBiometricData, "biometricData: found none, wanted at least one template")
        : body.Kind != AlertKinds.WrapBack && body.Threshold is null == body.TargetFpir is null
            ? Failure.Invalid("threshold", "both or neither of threshold and targetFPIR", "one of them")
        : body.Threshold is { } threshold && !(threshold is >= ApiLimits.LowestAlert and <= ApiLimits.HighestThreshold)
            ? Failure.Invalid(
                "threshold", FormattableString.Invariant($"{threshold}"),
                $"{ApiLimits.LowestAlert}..{ApiLimits.HighestThreshold} on the scale -10 log10 FMR")
        : body.TargetFpir is { } fpir && !(fpir > 0 && fpir < 1)
            ? Failure.Invalid("targetFPIR", FormattableString.Invariant($"{fpir}"), "a number inside (0, 1)")
        : body.Reference is { } word && (word.Length is 0 or > LongestReference || word.Any(char.IsControl))
            ? Failure.Invalid(
                "reference", $"{word.Length} characters", $"1..{LongestReference} without control characters")
        : use.NoRetain ? NothingKept
        : body.Callback is not { } callback ? null
        : callbacks.Servers.Count == 0 ? new Failure(
            FailureCode.CallbackRefused,
            "callback: this server sends results to no address; its option --callbacks lists those it may")
        : deliverer.Check(callback, use.Partner);

    /// <summary>
    /// The threshold of a search of the gallery at that FPIR, by the encounters that it has now. A gallery that grows
    /// later has more alerts in the same ratio.
    /// </summary>
    private static async ValueTask<double> ThresholdAsync(
        SubscriptionRequest body, EncounterRoot encounters, HttpContext http)
    {
        GalleryState? state = EncounterRoot.StateOf(
            body.GalleryId, await encounters.StatusAsync(http.RequestAborted));
        double others = Math.Max(1, state?.Encounters ?? 1);
        return Math.Max(ApiLimits.LowestAlert, 10 * Math.Log10(others / body.TargetFpir!.Value));
    }

    private static SubscriptionAnswer AnswerOf(Subscription one) => new(
        one.Id, one.IsWrapBack ? AlertKinds.WrapBack : AlertKinds.Hit, one.Gallery, one.Threshold, one.Purpose,
        one.Callback, one.Reference, one.Created, one.ExpiresAt, one.Since, one.Samples.Count);
}
