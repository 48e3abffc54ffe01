using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// Reads change logs as far as the use of the budget allows. Whoever sees everything gets ids, versions, states and,
/// if asked for, the encounters themselves; whoever sees less gets ids of its own and no more.
/// </summary>
/// <param name="directory">The partitions.</param>
/// <param name="feed">The logs; null where none are kept.</param>
/// <param name="policy">Decides about uses.</param>
/// <param name="ids">Makes the ids that partners see.</param>
public sealed class ChangeRoot(
    IPartitionDirectory directory, ChangeFeed? feed, IUsePolicy? policy = null, PartnerIds? ids = null)
{
    /// <summary>Persons that are read at once.</summary>
    private const int ReadsAtOnce = 32;

    /// <summary>Bytes of templates of one answer; one encounter may be larger and then comes alone.</summary>
    private const int ContentBytes = 8 * 1024 * 1024;

    private readonly IUsePolicy policy = policy ?? OpenPolicy.Instance;

    /// <summary>Whether logs are kept at all.</summary>
    public bool IsKept => feed is not null;

    /// <summary>Whether the use may read the log, and how much of it.</summary>
    public async ValueTask<UseDecision> DecideAsync(string gallery, bool withContent, SearchBudget budget)
    {
        UseDecision decision = await policy.DecideAsync(
            budget.Use, UseRequest.Of(Operation.ReadGallery, gallery), budget.Cancel);
        if (decision.Refusal is not null)
        {
            return decision;
        }

        if (withContent)
        {
            decision = await policy.DecideAsync(budget.Use, UseRequest.Of(Operation.Read, gallery), budget.Cancel);
        }

        ReleaseProfile least = withContent ? ReleaseProfile.Full : ReleaseProfile.Candidates;
        return decision.Refusal is not null ? decision
            : decision.Release < least ? UseDecision.Refused(
                UseRule.ReleaseTooSmall,
                $"the use releases {ReleaseWords.Of(decision.Release)}, wanted {ReleaseWords.Of(least)} to read changes"
                + (withContent ? " with their encounters" : ""))
            : SearchDecisions.WithIds(decision, ids);
    }

    /// <summary>The changes after a position.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="after">The last sequence that was seen.</param>
    /// <param name="most">Changes at most; with encounters there may be fewer. 0 reads the position alone.</param>
    /// <param name="withContent">Whether the encounters are read beside them.</param>
    /// <param name="decision">What was decided (<see cref="DecideAsync"/>).</param>
    /// <param name="budget">How long the caller waits, and on whose behalf.</param>
    public async ValueTask<ChangesAnswer> ReadAsync(
        string gallery, long after, int most, bool withContent, UseDecision decision, SearchBudget budget)
    {
        ArgumentNullException.ThrowIfNull(decision);
        ChangePage page = most == 0
            ? new ChangePage(await feed!.Log.PositionAsync(gallery, budget.Cancel), [])
            : await feed!.Log.ReadAsync(gallery, after, most, budget.Cancel);
        if (decision.Release < ReleaseProfile.Full)
        {
            return new ChangesAnswer(page with
            {
                Position = page.Position with { State = null },
                Changes =
                [
                    .. page.Changes.Select(change => new Change(
                        change.Sequence, change.Kind, ids!.OfPerson(budget.Use.Partner, change.PersonId), "", default,
                        change.At)),
                ],
            });
        }

        ChangesAnswer answer = new(page) { Key = feed.Keys.Of(gallery) };
        return withContent ? await WithContentAsync(answer, gallery, budget) : answer;
    }

    private async ValueTask<ChangesAnswer> WithContentAsync(ChangesAnswer answer, string gallery, SearchBudget budget)
    {
        List<Encounter?> contents = [];
        long bytes = 0;
        foreach (Change[] some in answer.Page.Changes.Chunk(ReadsAtOnce))
        {
            ReadAnswer?[] read = await Task.WhenAll(some.Select(change => ReadAsync(change, budget)));
            for (int i = 0; i < some.Length; i++)
            {
                if (read[i]?.Outage is { } outage)
                {
                    return answer with { Outage = outage };
                }

                Encounter? found = read[i]?.Encounters.FirstOrDefault(one => one.RecordId == some[i].RecordId);
                bytes += found is null ? 0 : BytesOf(found);
                if (contents.Count > 0 && bytes > ContentBytes)
                {
                    Change[] fit = [.. answer.Page.Changes.Take(contents.Count)];
                    return answer with { Page = answer.Page with { Changes = fit }, Encounters = contents };
                }

                contents.Add(found is null ? null : Copy(found, gallery));
            }
        }

        return answer with { Encounters = contents };
    }

    /// <summary>
    /// The encounter as a copy of one gallery has it: its other galleries are nobody's business there, and a move that
    /// is under way here is two changes there. Pictures and opaque items stay here: a copy
    /// searches and needs none.
    /// </summary>
    internal static Encounter Copy(Encounter encounter, string gallery) =>
        encounter with
        {
            Galleries = [gallery],
            Transit = null,
            MovedFrom = null,
            Origin = null,
            Pictures = [],
        };

    private static long BytesOf(Encounter encounter) =>
        encounter.ClientData.Length + encounter.Samples.Sum(sample => (long)sample.Template.Length);

    /// <summary>As it is stored, whatever moves: each side of a move has its own changes.</summary>
    private async Task<ReadAnswer?> ReadAsync(Change change, SearchBudget budget) => change.IsGone
        ? null
        : await directory.Of(change.PersonId).ReadAsync(new ReadQuery.Person(change.PersonId), budget);
}

/// <summary>A part of a change log for somebody who may read it.</summary>
/// <param name="Page">The changes.</param>
public sealed record ChangesAnswer(ChangePage Page)
{
    /// <summary>Why the encounters cannot be read now; null where they were.</summary>
    public Outage? Outage { get; init; }

    /// <summary>What states are hashed with; null for whoever does not see everything.</summary>
    public FeedKey? Key { get; init; }

    /// <summary>
    /// For each change its encounter; null where it is gone or has another version meanwhile, which a later change
    /// brings. Empty where they were not asked for.
    /// </summary>
    public IReadOnlyList<Encounter?> Encounters { get; init; } = [];

    /// <summary>
    /// An encounter as it would be stored in the clear, whole (docs/records.md); null where there is none.
    /// </summary>
    public byte[]? RecordAt(int index) =>
        index < Encounters.Count && Encounters[index] is { } encounter ? EncounterCodec.Encode(encounter) : null;
}
