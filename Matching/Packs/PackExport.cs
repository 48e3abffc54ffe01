using System.Security.Cryptography;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Packs;

/// <summary>
/// Writes a gallery, or some of its persons, into a pack while it is searched and written. Where the gallery has a
/// change log, what changes meanwhile is read again until nothing has: the pack is the gallery at one position. Where
/// it has none, a gallery that changed meanwhile is refused.
/// </summary>
/// <param name="directory">The partitions.</param>
/// <param name="feed">The change logs; null where none are kept.</param>
public sealed class PackExport(IPartitionDirectory directory, ChangeFeed? feed)
{
    private const int MembersPerPage = 1000;
    private const int ReadsAtOnce = 32;

    /// <summary>Pages of changes that are caught up with at most; a gallery that changes faster is refused.</summary>
    private const int MostPages = 1000;

    /// <summary>Writes the pack.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="manifest">What it says of itself.</param>
    /// <param name="persons">The persons; null for everybody.</param>
    /// <param name="recipient">Whom it is for.</param>
    /// <param name="signer">What signs it.</param>
    /// <param name="budget">How long it may take.</param>
    /// <exception cref="PackException">It cannot be made now.</exception>
    public async Task<PackSummary> WriteAsync(
        Stream output, PackManifest manifest, IReadOnlySet<string>? persons, PackIdentity recipient, ECDsa signer,
        SearchBudget budget)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        CancellationToken cancel = budget.Cancel;
        long? position = feed is null ? null
            : (await feed.Log.PositionAsync(manifest.GalleryId, cancel)).Last;
        GalleryState? before = position is null ? await StateAsync(manifest.GalleryId, cancel) : null;
        await using PackWriter writer = await PackWriter.BeginAsync(output, recipient, signer, manifest, cancel);
        if (persons is null)
        {
            await WriteAllAsync(writer, manifest.GalleryId, budget);
        }
        else
        {
            await WriteAsync(writer, manifest.GalleryId, persons, budget);
        }

        if (position is { } from)
        {
            position = await CatchUpAsync(writer, manifest.GalleryId, from, persons, budget);
        }
        else if (before != await StateAsync(manifest.GalleryId, cancel))
        {
            throw new PackException(
                "the gallery changed while the pack was made; ask again, or keep change logs (--changes-kept)");
        }

        if (writer.State.Encounters == 0)
        {
            throw new PackException("nobody is in it: the gallery has none of these persons");
        }

        await writer.EndAsync(position, cancel);
        return new PackSummary(writer.State, position);
    }

    private async Task WriteAllAsync(PackWriter writer, string gallery, SearchBudget budget)
    {
        foreach (IPartition partition in directory.All)
        {
            GalleryMember? after = null;
            while (true)
            {
                ReadAnswer page = await partition.ReadAsync(
                    new ReadQuery.Gallery(gallery, 0, MembersPerPage) { After = after }, budget);
                Check(page);
                await WriteAsync(
                    writer, gallery, page.Members.Select(member => member.PersonId).ToHashSet(StringComparer.Ordinal),
                    budget);
                if (page.Members.Count < MembersPerPage)
                {
                    break;
                }

                after = page.Members[^1];
            }
        }
    }

    private async Task WriteAsync(
        PackWriter writer, string gallery, IReadOnlySet<string> persons, SearchBudget budget)
    {
        foreach (string[] some in persons.Order(StringComparer.Ordinal).Chunk(ReadsAtOnce))
        {
            foreach (ReadAnswer read in await Task.WhenAll(some.Select(person => PersonAsync(person, budget))))
            {
                foreach (Encounter encounter in read.Encounters.Where(one => one.Galleries.Contains(gallery)))
                {
                    await writer.AddAsync(ChangeRoot.Copy(encounter, gallery), budget.Cancel);
                }
            }
        }
    }

    /// <summary>
    /// Reads what changed again, until a look at the log finds nothing: everything up to there was read after it was
    /// written, and nothing after it is there.
    /// </summary>
    private async Task<long> CatchUpAsync(
        PackWriter writer, string gallery, long after, IReadOnlySet<string>? persons, SearchBudget budget)
    {
        for (int page = 0; page < MostPages; page++)
        {
            ChangePage changes = await feed!.Log.ReadAsync(gallery, after, Limits.ChangesPerRead, budget.Cancel);
            if (changes.Lacks(after))
            {
                throw new PackException("the change log keeps fewer changes than came while the pack was made");
            }

            if (changes.Changes.Count == 0)
            {
                return after;
            }

            after = changes.Changes[^1].Sequence;
            foreach (IGrouping<string, Change> person in changes.Changes.GroupBy(change => change.PersonId)
                .Where(group => persons?.Contains(group.Key) ?? true))
            {
                ReadAnswer read = await PersonAsync(person.Key, budget);
                foreach (string id in person.Select(change => change.EncounterId).Distinct(StringComparer.Ordinal))
                {
                    Encounter? now = read.Encounters.FirstOrDefault(
                        one => one.EncounterId == id && one.Galleries.Contains(gallery));
                    if (now is null)
                    {
                        await writer.RemoveAsync(person.Key, id, budget.Cancel);
                    }
                    else
                    {
                        await writer.AddAsync(ChangeRoot.Copy(now, gallery), budget.Cancel);
                    }
                }
            }
        }

        throw new PackException("the gallery changes faster than it can be read; ask again at a quieter time");
    }

    private async Task<ReadAnswer> PersonAsync(string person, SearchBudget budget)
    {
        ReadAnswer read = await directory.Of(person).ReadAsync(new ReadQuery.Person(person), budget);
        Check(read);
        return read;
    }

    private async Task<GalleryState?> StateAsync(string gallery, CancellationToken cancel) =>
        EncounterRoot.StateOf(gallery, await directory.StatusAllAsync(cancel));

    private static void Check(ReadAnswer read)
    {
        if (read.Outage is { } outage)
        {
            throw new PackException($"the gallery cannot be read: {outage.Reason}");
        }
    }
}

/// <summary>What a pack became.</summary>
/// <param name="State">What it holds.</param>
/// <param name="Position">Where the gallery's change log is; null where none is kept.</param>
public sealed record PackSummary(GalleryState State, long? Position);
