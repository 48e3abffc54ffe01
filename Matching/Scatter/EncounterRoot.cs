using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// Writes and reads of encounters, sent to the partition that owns the person, as far as the use of the budget allows.
/// </summary>
public sealed class EncounterRoot(
    IPartitionDirectory directory, TimeProvider? clock = null, IUsePolicy? policy = null,
    IPicturePolicy? pictures = null, IEnrolmentNotes? notes = null)
{
    private readonly IPicturePolicy keeping = pictures ?? NamedPictures.None;
    private readonly WriteDecisions decisions = new(
        policy ?? OpenPolicy.Instance, clock ?? TimeProvider.System, pictures);
    private readonly PersonReads reads = new(directory);
    private readonly KnownPersons persons = new(new PersonReads(directory), directory);
    private readonly MoveEnding ending = new(directory);
    private readonly NotedWrites noted = new(notes);
    private readonly TimeProvider time = clock ?? TimeProvider.System;

    /// <summary>
    /// Sends writes of many persons to their partitions at once; results come in the order of the writes, and writes
    /// of one person are applied in that order.
    /// </summary>
    public async ValueTask<IReadOnlyList<WriteResult>> ApplyAsync(IReadOnlyList<Write> writes, SearchBudget budget)
    {
        ArgumentNullException.ThrowIfNull(writes);
        DecidedWrites decided = await decisions.OfAsync(writes, budget);
        if (await noted.NoteAsync(decided, budget) is { } notNow)
        {
            return [.. decided.Refusals.Select(refusal => new WriteResult(refusal ?? notNow))];
        }

        WriteResult[] results = await SendAsync(decided, budget);

        // Among several writes one that waits would be overtaken: only a single write waits for a move in its
        // way.
        MoveWait wait = new(time, budget);
        while (writes.Count == 1 && MoveStage.IsBusy(results[0].Refusal)
            && await wait.ForAsync(ending, writes[0].PersonId))
        {
            results = await SendAsync(decided, budget);
        }

        for (int i = 0; i < results.Length; i++)
        {
            if (decided.Known[i] is { } known && decided.Refusals[i] is null)
            {
                results[i] = await persons.ResultAsync(writes[i], results[i], known, decided.Owned, budget);
            }
        }

        await noted.TakeBackAsync(decided, results, budget);
        return results;
    }

    private async ValueTask<WriteResult[]> SendAsync(DecidedWrites decided, SearchBudget budget)
    {
        IReadOnlyList<Write> writes = decided.Writes;
        WriteResult[] results = [.. decided.Refusals.Select(refusal => new WriteResult(refusal))];
        await Task.WhenAll(Enumerable.Range(0, writes.Count)
            .Where(i => decided.Refusals[i] is null)
            .GroupBy(i => directory.Of(writes[i].PersonId))
            .Select(async group =>
            {
                int[] indexes = [.. group];
                WriteAck ack = await group.Key.ApplyAsync(
                    new WriteBatch([.. indexes.Select(i => writes[i])])
                    {
                        Owned = decided.Owned,
                        Leases = budget.Leases,
                    },
                    budget);
                for (int i = 0; i < indexes.Length; i++)
                {
                    results[indexes[i]] = ack.Results[i];
                }
            }));
        return results;
    }

    /// <summary>
    /// The encounters of a person that the use may see, with those of their galleries of which it may know; a refusal
    /// of kind Unknown where there is none.
    /// </summary>
    /// <param name="personId">The person.</param>
    /// <param name="budget">How long the caller waits, and on whose behalf it reads.</param>
    /// <param name="request">For what it reads; null for the encounters themselves.</param>
    public async ValueTask<ReadAnswer> ReadPersonAsync(
        string personId, SearchBudget budget, UseRequest? request = null)
    {
        UseDecision decision = await decisions.DecideAsync(request ?? UseRequest.Of(Operation.Read), budget);
        return Named(await ReadWholeAsync(personId, budget, decision), decision.Galleries);
    }

    /// <summary>The encounters of a person that a use may see about which was decided before.</summary>
    public async ValueTask<ReadAnswer> ReadDecidedAsync(string personId, SearchBudget budget, UseDecision decision) =>
        Named(await ReadWholeAsync(personId, budget, decision), decision.Galleries);

    /// <summary>
    /// The encounters of a person that the use may delete, expired or not, with those of their galleries of which it
    /// may know.
    /// </summary>
    public async ValueTask<ReadAnswer> ReadToDeleteAsync(string personId, SearchBudget budget)
    {
        UseDecision decision = await decisions.DecideAsync(UseRequest.Of(Operation.Delete), budget);
        return decision.Refusal is { } refusal ? new ReadAnswer { Refusal = refusal }
            : Named(await reads.ReadAsync(personId, budget), decision.Known ?? decision.Galleries);
    }

    /// <summary>
    /// As <see cref="ReadPersonAsync"/>, with all galleries: for what is written after it, not for the caller.
    /// </summary>
    internal async ValueTask<ReadAnswer> ReadToChangeAsync(string personId, SearchBudget budget) =>
        await ReadWholeAsync(personId, budget, await decisions.DecideAsync(UseRequest.Of(Operation.Read), budget));

    /// <summary>That an encounter is in another's gallery too is that gallery's to tell.</summary>
    private static ReadAnswer Named(ReadAnswer answer, IReadOnlySet<string>? known) =>
        known is not { } seen || answer.Encounters.Count == 0 ? answer : answer with
        {
            Encounters =
            [
                .. answer.Encounters.Select(one => one with { Galleries = [.. one.Galleries.Where(seen.Contains)] }),
            ],
        };

    private async ValueTask<ReadAnswer> ReadWholeAsync(string personId, SearchBudget budget, UseDecision decision)
    {
        if (decision.Refusal is { } refusal)
        {
            return new ReadAnswer { Refusal = refusal };
        }

        ReadAnswer answer = await reads.ReadAsync(personId, budget);
        if (budget.Use.IsInternal || answer.Encounters.Count == 0)
        {
            return answer;
        }

        // What has expired is not there any more, erased or not.
        DateTimeOffset now = time.GetUtcNow();
        Encounter[] shown =
        [
            .. answer.Encounters.Where(one => decision.Shows(one.Galleries) && !(one.ExpiresAt <= now)),
        ];
        return shown.Length > 0 ? answer with { Encounters = shown }
            : new ReadAnswer { Refusal = new Refusal(RefusalKind.Unknown, "no such person") };
    }

    /// <summary>
    /// One encounter of a person with the bytes of its pictures, for a use to which it is shown whole. It has no
    /// pictures where its galleries do not keep them any more, no opaque items where one forbids them, and neither
    /// where less than everything is released.
    /// </summary>
    public async ValueTask<ReadAnswer> ReadPicturesAsync(
        string personId, string encounterId, SearchBudget budget, UseRequest? request = null)
    {
        UseDecision decision = await decisions.DecideAsync(request ?? UseRequest.Of(Operation.Read), budget);
        return Named(await ReadPicturesAsync(personId, encounterId, budget, decision), decision.Galleries);
    }

    private async ValueTask<ReadAnswer> ReadPicturesAsync(
        string personId, string encounterId, SearchBudget budget, UseDecision decision)
    {
        ReadAnswer shown = await ReadWholeAsync(personId, budget, decision);
        if (shown.Encounters.FirstOrDefault(one => one.EncounterId == encounterId) is not { } found)
        {
            return shown.Encounters.Count == 0 ? shown
                : new ReadAnswer { Refusal = new Refusal(RefusalKind.Unknown, "no such encounter") };
        }

        bool mayShow = found.Pictures.Count > 0 && decision is { Refusal: null, Release: ReleaseProfile.Full };
        bool showsPictures = mayShow && await keeping.KeepsAsync(found.Galleries, budget.Cancel);
        bool showsOpaque = mayShow && found.Pictures.Any(one => one.IsOpaque)
            && await keeping.AllowsOpaqueAsync(found.Galleries, budget.Cancel);
        if (!found.Pictures.Any(one => one.IsOpaque ? showsOpaque : showsPictures))
        {
            return new ReadAnswer { Encounters = [found with { Pictures = [] }] };
        }

        ReadAnswer read = await directory.Of(personId).ReadAsync(
            new ReadQuery.Pictures(personId, encounterId), budget);

        // Galleries may have changed in between: what is shown is what was decided about.
        return read.Encounters is not [{ } one] ? read
            : one.Galleries.SequenceEqual(found.Galleries, StringComparer.Ordinal)
                ? read with
                {
                    Encounters =
                    [
                        one with
                        {
                            Pictures =
                                [.. one.Pictures.Where(it => it.IsOpaque ? showsOpaque : showsPictures)],
                        },
                    ],
                }
            : new ReadAnswer { Encounters = [found with { Pictures = [] }] };
    }

    /// <summary>
    /// Moves every encounter of the source person to the target person: all or none, a conflict where an encounter id
    /// is taken.
    /// </summary>
    public ValueTask<WriteResult> MergeAsync(string targetPerson, string sourcePerson, SearchBudget budget) =>
        MoveAsync(targetPerson, sourcePerson, null, budget);

    /// <summary>Moves one encounter of the source person to the target person; null moves them all.</summary>
    public async ValueTask<WriteResult> MoveAsync(
        string targetPerson, string sourcePerson, string? encounterId, SearchBudget budget)
    {
        UseDecision decision = await decisions.DecideAsync(UseRequest.Of(Operation.Change), budget);
        return decision.Refusal is { } refusal ? new WriteResult(refusal)
            : await new EncounterMove(directory, time, targetPerson, sourcePerson, decision, budget)
                .RunAsync(encounterId);
    }

    /// <summary>
    /// Ends moves that were cut off. One that was decided is finished at any age; one that was not is taken back when
    /// nobody can be busy with it any more (<see cref="Limits.LongestMove"/>).
    /// </summary>
    /// <param name="moved">What a partition says is moving (<see cref="LocalPartition.Moved"/>).</param>
    /// <param name="budget">How long it may take.</param>
    public ValueTask FinishMovesAsync(IEnumerable<Encounter> moved, SearchBudget budget) =>
        ending.EndAsync(moved, moving => MoveEnding.IsAbandoned(moving, time), budget);

    /// <summary>
    /// Members of a gallery (or of <see cref="Search.AllGalleries"/>), ordered by person id, then encounter id.
    /// Every partition must answer: a list with holes would be taken for the whole.
    /// </summary>
    /// <param name="gallery">Its name.</param>
    /// <param name="offset">Members that are passed over.</param>
    /// <param name="limit">Members at most.</param>
    /// <param name="budget">How long the caller waits.</param>
    /// <param name="after">Only members after this one; null begins at the front.</param>
    public async ValueTask<ReadAnswer> ReadGalleryAsync(
        string gallery, int offset, int limit, SearchBudget budget, GalleryMember? after = null)
    {
        UseDecision decision = await decisions.DecideAsync(UseRequest.Of(Operation.ReadGallery, gallery), budget);
        if (decision.Refusal is { } refusal)
        {
            return new ReadAnswer { Refusal = refusal };
        }

        ReadQuery.Gallery query = new(gallery, 0, offset + limit) { After = after };
        ReadAnswer[] answers = await Task.WhenAll(directory.All.Select(p => p.ReadAsync(query, budget).AsTask()));
        if (answers.FirstOrDefault(a => a.Refusal is not null || a.Outage is not null) is { } missing)
        {
            return missing;
        }

        if (!answers.Any(answer => answer.GalleryKnown))
        {
            return new ReadAnswer
            {
                Refusal = new Refusal(RefusalKind.Unknown, $"no encounter names the gallery {gallery}"),
            };
        }

        List<GalleryMember> members = [.. answers.SelectMany(answer => answer.Members)];
        members.Sort(GalleryMember.Compare);
        return new ReadAnswer { GalleryKnown = true, Members = [.. members.Skip(offset).Take(limit)] };
    }

    /// <summary>
    /// Galleries that at least one encounter names, with their encounters, ordered by name; an outage where a
    /// partition cannot say. Galleries that the use may not see are left out.
    /// </summary>
    public async ValueTask<GalleryList> ReadGalleriesAsync(SearchBudget budget)
    {
        UseDecision decision = await decisions.DecideAsync(UseRequest.Of(Operation.ListGalleries), budget);
        if (decision.Refusal is { } refusal)
        {
            return new GalleryList([], null) { Refusal = refusal };
        }

        SortedDictionary<string, long> galleries = new(StringComparer.Ordinal);
        foreach (PartitionStatus status in await StatusAsync(budget.Cancel))
        {
            if (status.State != PartitionState.Ready)
            {
                string reason = $"partition {status.Partition} is {status.State},"
                    + $" loaded {status.Loaded} of {status.ToLoad}";
                return new GalleryList([], new Outage(reason, MayRetry: status.State == PartitionState.Loading));
            }

            foreach ((string gallery, long encounters) in status.Galleries)
            {
                galleries[gallery] = galleries.GetValueOrDefault(gallery) + encounters;
            }
        }

        return new GalleryList(
            [
                .. galleries.Where(pair => decision.Shows([pair.Key]))
                    .Select(pair => new GallerySize(pair.Key, pair.Value)),
            ],
            null);
    }

    /// <summary>
    /// What a gallery (or <see cref="Search.AllGalleries"/>) holds now, where the use may know of it.
    /// </summary>
    public async ValueTask<StateAnswer> ReadStateAsync(string gallery, SearchBudget budget)
    {
        UseDecision decision = await decisions.DecideAsync(UseRequest.Of(Operation.ListGalleries), budget);
        if (decision.Refusal is { } refusal)
        {
            return new StateAnswer(default, refusal, null);
        }

        GalleryState? state = StateOf(gallery, await StatusAsync(budget.Cancel));
        return state is null ? new StateAnswer(
                default, null, new Outage("a partition cannot say what it holds yet", MayRetry: true))
            : !decision.Shows([gallery]) || (state.Value.Encounters == 0 && gallery != Search.AllGalleries)
                ? new StateAnswer(
                    default, new Refusal(RefusalKind.Unknown, $"no encounter names the gallery {gallery}"), null)
            : new StateAnswer(state.Value, null, null);
    }

    /// <summary>
    /// What a gallery holds by the status of every partition; null where one does not say. Each partition answers for a
    /// moment of its own.
    /// </summary>
    public static GalleryState? StateOf(string gallery, IReadOnlyList<PartitionStatus> partitions)
    {
        GalleryState sum = default;
        foreach (PartitionStatus status in partitions)
        {
            if (status.State != PartitionState.Ready || status.StateOf(gallery) is not { } state)
            {
                return null;
            }

            sum += state;
        }

        return sum;
    }

    /// <summary>Status of every partition, ordered by number.</summary>
    public ValueTask<IReadOnlyList<PartitionStatus>> StatusAsync(CancellationToken cancel) =>
        directory.StatusAllAsync(cancel);
}

/// <summary>A gallery and the encounters that name it.</summary>
public readonly record struct GallerySize(string Gallery, long Encounters);

/// <summary>The state of a gallery, or why there is none.</summary>
public readonly record struct StateAnswer(GalleryState State, Refusal? Refusal, Outage? Outage);

/// <summary>Every gallery, or the outage that stands in its place.</summary>
public sealed record GalleryList(IReadOnlyList<GallerySize> Galleries, Outage? Outage)
{
    /// <summary>Why the caller may not see it; null where it may.</summary>
    public Refusal? Refusal { get; init; }
}
