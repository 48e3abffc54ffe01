using System.Globalization;
using MatchCluster.Api.Http;
using MatchCluster.Api.Searching;
using MatchCluster.Matching;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Subscriptions;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Subscriptions;

/// <summary>
/// Follows the change logs of watched galleries, and compares whoever comes in with their subscriptions. A gallery is
/// followed by whoever has its watch; another process goes on with it after the lease. An alert is durable before the
/// position moves past its change, and has the same name whenever it is raised again: none is lost and none is double.
/// </summary>
internal sealed class AlertWatcher(
    SubscriptionStores stores, Backend backend, AlertDesk desk, EnrolmentTeller enrolments, AlertMetrics metrics,
    TimeProvider clock, ILogger<AlertWatcher> log) : BackgroundService
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan SweepsEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ReadTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AlertsKept = TimeSpan.FromDays(90);

    /// <summary>How long it is known who brought an encounter.</summary>
    private static readonly TimeSpan EnrolmentsKept = TimeSpan.FromDays(7);

    private const int PurgedAtOnce = 500;

    private readonly string owner = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";
    private readonly ChangeRoot changes = new(backend.Directory, backend.Feed);
    private readonly IUsePolicy policy = backend.Agreements ?? backend.Policy ?? OpenPolicy.Instance;
    private readonly Dictionary<string, Watch> held = new(StringComparer.Ordinal);
    private long lag;
    private long renewed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await using SubscriptionIndex index = new(
            stores.Book, new MatchEngineOptions
            {
                Threads = stores.Threads,
                Calibration = backend.Calibration ?? ScoreCalibration.Default,
            });
        renewed = clock.GetTimestamp();
        long swept = renewed;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                bool isBusy = false;
                try
                {
                    if (clock.GetElapsedTime(swept) > SweepsEvery)
                    {
                        swept = clock.GetTimestamp();
                        await SweepAsync(index, stoppingToken);
                    }

                    await HoldAsync(stoppingToken);
                    foreach (Watch watch in await stores.Book.ClaimAsync(owner, Lease, stoppingToken))
                    {
                        held[watch.Id] = watch;
                    }

                    lag = 0;
                    TimeSpan pause = TimeSpan.Zero;
                    foreach (string id in held.Keys.ToArray())
                    {
                        // A gallery that cannot be looked at now holds up no other.
                        (bool hadChanges, TimeSpan wait) = await GuardAsync(
                            () => StepAsync(index, id, stoppingToken));
                        isBusy |= hadChanges;
                        pause = wait > pause ? wait : pause;
                    }

                    metrics.Saw(index.Count, lag);
                    await Task.Delay(pause, clock, stoppingToken);
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    await Task.Delay(PauseAfter(fault), clock, stoppingToken);
                }

                if (!isBusy)
                {
                    await Task.Delay(Poll, clock, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }

        await ReleaseAsync();
    }

    /// <summary>Does a step, and says how long to wait where it failed.</summary>
    private async Task<(bool HadChanges, TimeSpan Pause)> GuardAsync(Func<Task<bool>> step)
    {
        try
        {
            return (await step(), TimeSpan.Zero);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return (false, PauseAfter(fault));
        }
    }

    private TimeSpan PauseAfter(Exception fault)
    {
        if (fault is StoreException broken)
        {
            log.SubscriptionsUnreachable(broken.Message);
            return TimeSpan.FromSeconds(1);
        }

        log.SubscriptionsBroke(fault.GetType().Name, fault.StackTrace ?? "");
        return TimeSpan.FromSeconds(5);
    }

    /// <summary>Looks at some changes of a gallery.</summary>
    /// <returns>Whether there were some.</returns>
    private async Task<bool> StepAsync(SubscriptionIndex index, string id, CancellationToken cancel)
    {
        await HoldAsync(cancel);
        if (!held.TryGetValue(id, out Watch? watch))
        {
            return false; // Another process goes on with it.
        }

        SearchBudget budget = SearchBudget.Of(ReadTime, clock, cancel).For(Use.Internal);
        ChangesAnswer answer = await changes.ReadAsync(
            watch.Gallery, watch.Position, Limits.SearchesPerBatch, true, UseDecision.Unlimited, budget);
        ChangePosition position = answer.Page.Position;
        if (answer.Page.Lacks(watch.Position))
        {
            long from = watch.Position < position.First ? position.First : position.Last;
            log.ChangesMissed(watch.Position, from);
            await index.AddNewAsync(cancel);
            await TellGapAsync(index, watch, from, cancel);
            await MoveAsync(watch, from, cancel);
            return true;
        }

        if (answer.Outage is { } outage)
        {
            throw new StoreException(outage, "a watched gallery");
        }

        IReadOnlyList<Change> page = answer.Page.Changes;
        if (page.Count == 0)
        {
            return false;
        }

        // After the changes were read: whoever subscribed before one of them was written is found here.
        await index.AddNewAsync(cancel);
        if (!await CompareAsync(index, watch, answer, cancel))
        {
            return false; // Another process goes on with it.
        }

        metrics.Compared(page.Count);
        lag += position.Last - page[^1].Sequence;
        await MoveAsync(watch, page[^1].Sequence, cancel);
        return true;
    }

    /// <returns>Whether this process had the watch until everybody was compared.</returns>
    private async Task<bool> CompareAsync(
        SubscriptionIndex index, Watch watch, ChangesAnswer answer, CancellationToken cancel)
    {
        DateTimeOffset now = clock.GetUtcNow();
        List<(Change Change, Newcomer Newcomer)> came = [];
        for (int i = 0; i < answer.Page.Changes.Count; i++)
        {
            Change change = answer.Page.Changes[i];
            if (change.IsGone || answer.Encounters[i] is not { Status: EncounterStatus.Active } encounter
                || encounter.ExpiresAt <= now)
            {
                continue;
            }

            // Where nothing of it can be compared there is nobody to compare.
            Decoded<Probe> probe = ProbeBuilder.OfStored(encounter.Samples);
            if (probe.IsAccepted)
            {
                came.Add((change, new Newcomer(encounter, probe.Value)));
            }
        }

        if (index.Of(watch.Gallery).Any())
        {
            IReadOnlyList<IReadOnlyList<SubscriptionHit>> hits = await index.SearchAsync(
                watch.Gallery, [.. came.Select(one => one.Newcomer.Probe)], cancel);
            for (int i = 0; i < came.Count; i++)
            {
                foreach (SubscriptionHit hit in hits[i])
                {
                    await RaiseAsync(came[i].Change, came[i].Newcomer.Encounter, hit, cancel);
                }
            }
        }

        // After the subscriptions: it searches galleries, and where one cannot be searched it is done again.
        return await enrolments.TellAsync(
            watch.Gallery, [.. came.Select(one => one.Newcomer)], () => HasAsync(watch, cancel), cancel);
    }

    /// <summary>Whether this process has the watch still; keeps it.</summary>
    private async ValueTask<bool> HasAsync(Watch watch, CancellationToken cancel)
    {
        await HoldAsync(cancel);
        return held.ContainsKey(watch.Id);
    }

    private async Task RaiseAsync(Change change, Encounter encounter, SubscriptionHit hit, CancellationToken cancel)
    {
        // The store decides whether it is still there, not what this process remembers of it.
        if (await stores.Book.FindAsync(hit.SubscriptionId, cancel) is not { } subscription
            || change.Sequence <= subscription.Since)
        {
            return;
        }

        UseDecision decision = SearchDecisions.WithIds(
            await policy.DecideAsync(
                subscription.Use, new UseRequest(Operation.Identify, [subscription.Gallery])
                {
                    Modalities = [.. subscription.Samples.Select(sample => sample.Position.Modality).Distinct()],
                    Threshold = subscription.Threshold,
                },
                cancel),
            backend.Ids);
        if (decision.Refusal is not null || hit.Score < decision.MinThreshold)
        {
            metrics.Withheld();
            return;
        }

        ReleaseProfile release = decision.Release;
        await desk.RaiseAsync(
            subscription,
            new AlertBody
            {
                AlertId = AlertDesk.IdOf(subscription.Id, "hit", encounter.PersonId, encounter.EncounterId),
                Kind = AlertKinds.Hit,
                SubscriptionId = subscription.Id,
                Reference = subscription.Reference,
                GalleryId = subscription.Gallery,
                At = clock.GetUtcNow(),
                PersonId = release switch
                {
                    ReleaseProfile.Full => encounter.PersonId,
                    ReleaseProfile.Hit => null,
                    ReleaseProfile.Candidates or ReleaseProfile.Scores =>
                        backend.Ids!.OfPerson(subscription.Partner, encounter.PersonId),
                },
                EncounterId = release == ReleaseProfile.Full ? encounter.EncounterId : null,
                Score = release is ReleaseProfile.Full or ReleaseProfile.Scores ? hit.Score : null,
                Threshold = Math.Max(subscription.Threshold, decision.MinThreshold),
            },
            cancel, release);
    }

    /// <summary>Tells each owner that changes of the gallery were not looked at.</summary>
    private async Task TellGapAsync(SubscriptionIndex index, Watch watch, long from, CancellationToken cancel)
    {
        foreach (Subscription one in index.Of(watch.Gallery).Concat(await enrolments.OfAsync(watch.Gallery, cancel)))
        {
            await desk.RaiseAsync(
                one,
                new AlertBody
                {
                    AlertId = AlertDesk.IdOf(
                        one.Id, "gap", watch.Position.ToString(CultureInfo.InvariantCulture),
                        from.ToString(CultureInfo.InvariantCulture)),
                    Kind = AlertKinds.Gap,
                    SubscriptionId = one.Id,
                    Reference = one.Reference,
                    GalleryId = one.Gallery,
                    At = clock.GetUtcNow(),
                },
                cancel);
        }
    }

    private async Task MoveAsync(Watch watch, long position, CancellationToken cancel)
    {
        if (await stores.Book.MoveAsync(watch, position, cancel))
        {
            held[watch.Id] = watch with { Position = position };
        }
        else
        {
            held.Remove(watch.Id);
        }
    }

    /// <summary>Keeps every watch, where a part of the lease has gone by.</summary>
    private async Task HoldAsync(CancellationToken cancel)
    {
        if (clock.GetElapsedTime(renewed) <= Lease / 3)
        {
            return;
        }

        renewed = clock.GetTimestamp();
        foreach (Watch watch in held.Values.ToArray())
        {
            if (!await stores.Book.HoldAsync(watch, Lease, cancel))
            {
                held.Remove(watch.Id);
            }
        }
    }

    private async Task SweepAsync(SubscriptionIndex index, CancellationToken cancel)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await index.DropGoneAsync(now, cancel);
        while (await stores.Book.PurgeEnrolmentsAsync(now - EnrolmentsKept, PurgedAtOnce, cancel) == PurgedAtOnce)
        {
            // Goes on until nothing is left.
        }

        while (await stores.Alerts.PurgeAsync(now - AlertsKept, PurgedAtOnce, cancel) == PurgedAtOnce)
        {
            // Goes on until nothing is left.
        }
    }

    private async Task ReleaseAsync()
    {
        try
        {
            foreach (Watch watch in held.Values)
            {
                await stores.Book.ReleaseAsync(watch, CancellationToken.None);
            }
        }
        catch (StoreException)
        {
            // Another process goes on when the lease ends.
        }
    }
}
