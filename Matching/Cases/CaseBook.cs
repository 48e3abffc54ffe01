using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Cases;

/// <summary>How cases are kept.</summary>
/// <param name="Calibration">Id of what fingers are scored by.</param>
/// <param name="KeptFor">From the search to the end of a case: nobody decides after that, and the probe goes.</param>
public sealed record CaseSettings(string Calibration, TimeSpan KeptFor)
{
    /// <summary>Days that a case is open where nobody says.</summary>
    public const int DefaultDays = 30;

    /// <summary>Days that a case may be open at most.</summary>
    public const int MostDays = 3650;

    /// <summary>Whether probes are kept; where not, whoever compares or decides sends them again.</summary>
    public bool KeepsProbes { get; init; } = true;
}

/// <summary>
/// The cases of an installation: opened by searches, decided by natural persons. Two who agree settle a candidate;
/// nothing else does.
/// </summary>
public sealed class CaseBook : ICaseOpener
{
    /// <summary>Others who may write one case between two tries of a decision.</summary>
    private const int Tries = 32;

    private readonly IGovernanceStore store;
    private readonly ICaseSamples samples;
    private readonly Agreements agreements;
    private readonly CaseSettings settings;
    private readonly TimeProvider clock;
    private readonly CaseIndex index;

    /// <param name="store">Where cases are kept, every version.</param>
    /// <param name="samples">Where their probes are kept for a time.</param>
    /// <param name="agreements">Who owns which gallery.</param>
    /// <param name="settings">How they are kept.</param>
    /// <param name="clock">Tells the time.</param>
    public CaseBook(
        IGovernanceStore store, ICaseSamples samples, Agreements agreements, CaseSettings settings, TimeProvider clock)
    {
        (this.store, this.samples, this.agreements, this.settings, this.clock) =
            (store, samples, agreements, settings, clock);
        index = new CaseIndex(store);
    }

    public async ValueTask<IdentifyAnswer> OpenAsync(
        IdentifyRequest request, IdentifyAnswer answer, Use use, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (answer is not { Refusal: null, Candidates.Count: > 0, Permission.Agreement: not null })
        {
            return answer;
        }

        Case opened = NewCase(request, answer, use);
        try
        {
            if (opened.Probe is null)
            {
                await samples.PutAsync(
                    opened.Id, request.Gallery, SamplesOf(request), opened.Expires, cancel);
            }

            return await WriteAsync(opened, cancel) ? answer with { CaseId = opened.Id }
                : throw new InvalidOperationException("two cases of one random name");
        }
        catch (StoreException fault)
        {
            return SearchDecisions.Refused(answer.Permission with
            {
                Refusal = new Refusal(
                    RefusalKind.Unavailable,
                    "the case cannot be kept in which people decide about the candidates, and none is answered "
                        + $"without: {fault.Outage.Reason}",
                    TimeSpan.FromSeconds(1))
                { Rule = UseRule.CaseNotKept },
            });
        }
    }

    /// <summary>A case as the partner of a caller sees it.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async ValueTask<CaseAnswer<SeenCase>> ReadAsync(string id, Use use, CancellationToken cancel)
    {
        CaseAccess access = await AccessAsync(cancel);
        return await FindAsync(id, use, access, cancel) is { } found
            ? new SeenCase(
                found, CaseStates.Of(found, clock.GetUtcNow()), access, await IsProbeKeptAsync(found, cancel))
            : Unknown<SeenCase>();
    }

    /// <summary>Some of the cases that a partner sees, the oldest first.</summary>
    /// <param name="state">The state that is wanted; null for all.</param>
    /// <param name="after">The id of the last case of the page before; null begins with the oldest.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="use">Who asks.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async ValueTask<CaseAnswer<IReadOnlyList<SeenCase>>> ListAsync(
        CaseState? state, string? after, int most, Use use, CancellationToken cancel)
    {
        CaseAccess access = await AccessAsync(cancel);
        DateTimeOffset now = clock.GetUtcNow();
        IReadOnlyList<Case>? found = await index.ReadAsync(
            after,
            one => access.Sees(use.Partner, one) && (state is null || CaseStates.Of(one, now) == state), most, cancel);
        return found is null
            ? new(null, CaseRefusal.Invalid, "after: found no case of that name, wanted the last one of a page before")
            : new(
                [.. found.Select(one => new SeenCase(one, CaseStates.Of(one, now), access, one.Probe is null))],
                null, "");
    }

    /// <summary>What was decided by whom, and how fast, over all partners.</summary>
    /// <param name="since">Cases count that were opened then or later; null for all.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async ValueTask<CaseReport> ReportAsync(DateTimeOffset? since, CancellationToken cancel) => CaseReport.Of(
        (await index.ReadAsync(null, one => since is null || one.Opened >= since, int.MaxValue, cancel))!,
        clock.GetUtcNow());

    /// <summary>The probe of a case for somebody who compares, and the candidate to compare with.</summary>
    /// <param name="id">The case.</param>
    /// <param name="rank">The candidate.</param>
    /// <param name="sent">The probe where the caller sends it; null takes the one that is kept.</param>
    /// <param name="use">Who asks.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async ValueTask<CaseAnswer<ComparedCase>> CompareAsync(
        string id, int rank, IReadOnlyList<Sample>? sent, Use use, CancellationToken cancel)
    {
        CaseAccess access = await AccessAsync(cancel);
        if (await FindAsync(id, use, access, cancel) is not { } found)
        {
            return Unknown<ComparedCase>();
        }

        CaseCandidate? candidate = CandidateOf(found, rank, use, access);
        if (candidate is null)
        {
            return NoCandidate<ComparedCase>(found, rank, use, access);
        }

        if (!access.SeesDetails(use.Partner, found, candidate))
        {
            return new(
                null, CaseRefusal.MayNotDecide,
                "the candidate's details are for the gallery's owner until two persons have confirmed it");
        }

        IReadOnlyList<Sample>? probe = found.Probe is null
            ? sent ?? await samples.ReadAsync(id, clock.GetUtcNow(), cancel)
            : sent is not null && found.Probe.IsOf(sent) ? sent : null;
        return probe is null ? ProbeNeeded<ComparedCase>() : new ComparedCase(
            found, candidate with { Encounters = access.EncountersOf(use.Partner, found, candidate) }, probe);
    }

    /// <summary>Records what a natural person found of a candidate.</summary>
    /// <returns>The case with the decision, as its partner sees it.</returns>
    /// <exception cref="StoreException">The store cannot be read or written.</exception>
    public async ValueTask<CaseAnswer<SeenCase>> DecideAsync(
        string id, DecisionRequest request, Use use, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!use.IsPerson || use.Subject.Length == 0)
        {
            return new(
                null, CaseRefusal.NotAPerson, "found a program, wanted a natural person: people decide");
        }

        if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > DecisionRequest.LongestReason
            || request.Reason.Any(char.IsControl))
        {
            return new(
                null, CaseRefusal.Invalid,
                $"reason: found {request.Reason.Length} characters, wanted 1 to {DecisionRequest.LongestReason} "
                + "without control characters, not only blanks");
        }

        for (int i = 0; i < Tries; i++)
        {
            CaseAccess access = await AccessAsync(cancel);
            CaseAnswer<Case> next = await NextAsync(id, request, use, access, cancel);
            if (next.Value is null)
            {
                return new(null, next.Refusal, next.Reason);
            }

            if (await WriteAsync(next.Value, cancel))
            {
                await DropRejectedAsync(next.Value, cancel);
                return new SeenCase(
                    next.Value, CaseStates.Of(next.Value, clock.GetUtcNow()), access,
                    await IsProbeKeptAsync(next.Value, cancel));
            }
        }

        return new(null, CaseRefusal.Busy, "others decide about this case at this moment");
    }

    /// <summary>Deletes the probes of cases whose time has ended.</summary>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    public ValueTask<int> PurgeAsync(CancellationToken cancel) => samples.PurgeAsync(clock.GetUtcNow(), cancel);

    /// <summary>The probe of somebody whom people found to be none of the candidates is not kept any longer.</summary>
    private async ValueTask DropRejectedAsync(Case one, CancellationToken cancel)
    {
        if (one.Probe is not null || CaseStates.Of(one, clock.GetUtcNow()) != CaseState.Rejected)
        {
            return;
        }

        try
        {
            await samples.DeleteAsync(one.Id, cancel);
        }
        catch (StoreException)
        {
            // The decision is recorded; the probe goes with those whose time has ended.
        }
    }

    /// <summary>The version after a decision, or why there is none.</summary>
    private async ValueTask<CaseAnswer<Case>> NextAsync(
        string id, DecisionRequest request, Use use, CaseAccess access, CancellationToken cancel)
    {
        if (await FindAsync(id, use, access, cancel) is not { } found)
        {
            return Unknown<Case>();
        }

        if (CandidateOf(found, request.Rank, use, access) is not { } candidate)
        {
            return NoCandidate<Case>(found, request.Rank, use, access);
        }

        if (!access.MayDecide(use.Partner, found, candidate))
        {
            return new(
                null, CaseRefusal.MayNotDecide,
                "found a person of another partner, wanted one of the gallery's owner, or of a partner whose agreement "
                + "releases full");
        }

        // The issuer knows persons by their subject, whatever client or partner they come by.
        if (candidate.Decisions.Any(decision => decision.Subject == use.Subject))
        {
            return new(
                null, CaseRefusal.DecidedAlready,
                "found a person who has decided about this candidate, wanted another one");
        }

        DateTimeOffset now = clock.GetUtcNow();
        if (now >= found.Expires || CaseStates.Of(candidate) != CandidateState.Open)
        {
            return new(null, CaseRefusal.Closed, now >= found.Expires
                ? "the time of the case has ended" : "two persons have decided about this candidate already");
        }

        if (found.Probe is { } mark && (request.Probe is null || !mark.IsOf(request.Probe)))
        {
            return ProbeNeeded<Case>();
        }

        CaseDecision decision = new(request.Verdict, request.Reason, use.Partner, use.Subject, now);
        return found with
        {
            Version = found.Version + 1,
            Candidates =
            [
                .. found.Candidates.Select(one => one.Rank != candidate.Rank ? one
                    : one with { Decisions = [.. one.Decisions, decision] }),
            ],
        };
    }

    private Case NewCase(IdentifyRequest request, IdentifyAnswer answer, Use use)
    {
        DateTimeOffset now = clock.GetUtcNow();
        UseDecision permission = answer.Permission;
        IReadOnlyList<Sample> probe = SamplesOf(request);
        return new Case
        {
            Id = CaseIds.New(),
            Version = 1,
            Opened = now,
            Expires = now + settings.KeptFor,
            Partner = use.Partner,
            Agreement = permission.Agreement!,
            Purpose = permission.Purpose,
            Gallery = request.Gallery,
            Release = permission.Release,
            Threshold = answer.Threshold,
            Engine = EngineVersion.Text,
            Calibration = settings.Calibration,
            Probe = permission.NoRetain || !settings.KeepsProbes ? ProbeMark.Of(probe) : null,
            Candidates =
            [
                .. answer.Candidates.Select(candidate => new CaseCandidate
                {
                    Rank = candidate.Rank,
                    PersonId = candidate.PersonId,
                    Score = candidate.Score,
                    Encounters = EncountersOf(request.Gallery, candidate.Details),
                }),
            ],
        };
    }

    private static CaseEncounter[] EncountersOf(string gallery, IReadOnlyList<HitDetail> details) =>
    [
        .. details.Where(detail => detail.EncounterId.Length > 0).DistinctBy(detail => detail.EncounterId)
            .Select(detail => new CaseEncounter(
                detail.EncounterId,
                detail.Galleries ?? (gallery == AgreementBook.AllGalleries ? [] : [gallery]))),
    ];

    private static IReadOnlyList<Sample> SamplesOf(IdentifyRequest request) =>
        [.. request.Probe.Samples.Take(Limits.SamplesPerEncounter)];

    private static CaseCandidate? CandidateOf(Case one, int rank, Use use, CaseAccess access) =>
        access.Listed(use.Partner, one).FirstOrDefault(candidate => candidate.Rank == rank);

    private async ValueTask<CaseAccess> AccessAsync(CancellationToken cancel) =>
        new(await agreements.BookAsync(cancel), clock.GetUtcNow());

    /// <summary>The case, where it exists for the caller's partner.</summary>
    private async ValueTask<Case?> FindAsync(string id, Use use, CaseAccess access, CancellationToken cancel) =>
        await store.ReadAsync(CaseJson.Kind, id, cancel) is { } document
            && CaseJson.Read(document) is { } found && access.Sees(use.Partner, found) ? found : null;

    private async ValueTask<bool> IsProbeKeptAsync(Case one, CancellationToken cancel) =>
        one.Probe is null && await samples.ReadAsync(one.Id, clock.GetUtcNow(), cancel) is not null;

    private async ValueTask<bool> WriteAsync(Case one, CancellationToken cancel)
    {
        if (!await store.WriteAsync(CaseJson.Document(one), cancel))
        {
            return false;
        }

        index.Wrote(one);
        return true;
    }

    private static CaseAnswer<T> NoCandidate<T>(Case one, int rank, Use use, CaseAccess access)
        where T : class => one.Partner == use.Partner && !access.MayStillSee(use.Partner, one)
        ? new(null, CaseRefusal.MayNotDecide,
            "the agreement of the search is suspended, or the partner has none that holds")
        : new(null, CaseRefusal.Invalid, $"rank: found {rank}, wanted a candidate of the case");

    private static CaseAnswer<T> Unknown<T>()
        where T : class => new(null, CaseRefusal.Unknown, "unknown case");

    private static CaseAnswer<T> ProbeNeeded<T>()
        where T : class => new(
        null, CaseRefusal.ProbeNeeded,
        "biometricData: the probe of this case is not kept; wanted the samples of the search, sent again");
}

/// <summary>What somebody who compares has before them.</summary>
/// <param name="Case">The case.</param>
/// <param name="Candidate">The candidate, with the encounters that exist for who compares.</param>
/// <param name="Probe">What was searched with.</param>
public sealed record ComparedCase(Case Case, CaseCandidate Candidate, IReadOnlyList<Sample> Probe);
