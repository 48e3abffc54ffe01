using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scatter;

/// <summary>Writes and reads of encounters, sent to the partition that owns the person.</summary>
public sealed class EncounterRoot(IPartitionDirectory directory, TimeProvider? clock = null)
{
    private readonly PersonReads reads = new(directory);
    private readonly MoveEnding ending = new(directory);
    private readonly TimeProvider time = clock ?? TimeProvider.System;

    /// <summary>
    /// Sends writes of many persons to their partitions at once; results come in the order of the writes, and writes
    /// of one person are applied in that order.
    /// </summary>
    public async ValueTask<IReadOnlyList<WriteResult>> ApplyAsync(IReadOnlyList<Write> writes, SearchBudget budget)
    {
        ArgumentNullException.ThrowIfNull(writes);
        IReadOnlyList<WriteResult> results = await SendAsync(writes, budget);

        // Among several writes one that waits would be overtaken: only a single write waits for a move in its
        // way.
        MoveWait wait = new(time, budget);
        while (writes.Count == 1 && MoveStage.IsBusy(results[0].Refusal)
            && await wait.ForAsync(ending, writes[0].PersonId))
        {
            results = await SendAsync(writes, budget);
        }

        return results;
    }

    private async ValueTask<IReadOnlyList<WriteResult>> SendAsync(IReadOnlyList<Write> writes, SearchBudget budget)
    {
        WriteResult[] results = new WriteResult[writes.Count];
        await Task.WhenAll(Enumerable.Range(0, writes.Count)
            .GroupBy(i => directory.Of(writes[i].PersonId))
            .Select(async group =>
            {
                int[] indexes = [.. group];
                WriteAck ack = await group.Key.ApplyAsync(
                    new WriteBatch([.. indexes.Select(i => writes[i])]), budget);
                for (int i = 0; i < indexes.Length; i++)
                {
                    results[indexes[i]] = ack.Results[i];
                }
            }));
        return results;
    }

    /// <summary>Every encounter of a person; a refusal of kind Unknown where there is none.</summary>
    public ValueTask<ReadAnswer> ReadPersonAsync(string personId, SearchBudget budget) =>
        reads.ReadAsync(personId, budget);

    /// <summary>
    /// Moves every encounter of the source person to the target person: all or none, a conflict where an encounter id
    /// is taken.
    /// </summary>
    public ValueTask<WriteResult> MergeAsync(string targetPerson, string sourcePerson, SearchBudget budget) =>
        new EncounterMove(directory, time, targetPerson, sourcePerson, budget).RunAsync(encounterId: null);

    /// <summary>Moves one encounter of the source person to the target person.</summary>
    public ValueTask<WriteResult> MoveAsync(
        string targetPerson, string sourcePerson, string encounterId, SearchBudget budget) =>
        new EncounterMove(directory, time, targetPerson, sourcePerson, budget).RunAsync(encounterId);

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
    /// partition cannot say.
    /// </summary>
    public async ValueTask<GalleryList> ReadGalleriesAsync(CancellationToken cancel)
    {
        SortedDictionary<string, long> galleries = new(StringComparer.Ordinal);
        foreach (PartitionStatus status in await StatusAsync(cancel))
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

        return new GalleryList([.. galleries.Select(pair => new GallerySize(pair.Key, pair.Value))], null);
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

/// <summary>Every gallery, or the outage that stands in its place.</summary>
public sealed record GalleryList(IReadOnlyList<GallerySize> Galleries, Outage? Outage);
