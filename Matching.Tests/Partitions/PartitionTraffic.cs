using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Seam;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Partitions;

/// <summary>Writes to a partition, and what can be seen of it afterwards.</summary>
internal static class PartitionTraffic
{
    private const int People = 10;

    public static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromSeconds(60));

    /// <summary>Every kind of write on few people, so that they meet: many are refused, which is fine.</summary>
    public static async Task WriteAsync(LocalPartition partition, Random dice, int writes)
    {
        for (int i = 0; i < writes; i++)
        {
            int person = dice.Next(People);
            string encounter = $"E{dice.Next(2)}";
            Write write = dice.Next(8) switch
            {
                0 => new Write.Delete(IdOf(person), encounter),
                1 => new Write.DeletePerson(IdOf(person)),
                2 => new Write.SetStatus(
                    IdOf(person), encounter, dice.Next(2) == 0 ? EncounterStatus.Active : EncounterStatus.Inactive),
                3 => new Write.SetGalleries(IdOf(person), encounter, [$"G{dice.Next(3)}", "G"]),
                4 => new Write.Update(EncounterOf(person, encounter, impression: dice.Next(3))),
                5 => new Write.Create(EncounterOf(person, encounter) with { MovedFrom = "somebody" }),
                _ => new Write.Create(EncounterOf(person, encounter, impression: dice.Next(3))),
            };
            await partition.ApplyAsync(new WriteBatch([write]), Budget);
        }
    }

    /// <summary>Closes a partition and opens it again; both must look the same.</summary>
    public static async Task AssertAlikeAsync(LocalPartition taken, Func<Task<LocalPartition>> openAnew)
    {
        string[] seen = await PictureAsync(taken);
        await taken.DisposeAsync();
        await using LocalPartition fresh = await openAnew();
        Assert.NotEmpty(seen);
        Assert.Equal(await PictureAsync(fresh), seen);
    }

    /// <summary>Everything that a caller can tell of a partition, but the order of its memory.</summary>
    private static async Task<string[]> PictureAsync(LocalPartition partition)
    {
        PartitionStatus status = await partition.StatusAsync(default);
        ReadAnswer members = await partition.ReadAsync(new ReadQuery.Gallery(Search.AllGalleries, 0, 1000), Budget);
        PartitionAnswer answer = await partition.SearchAsync(
            new SearchBatch([.. Enumerable.Range(0, People).Select(person => new Search
            {
                Probe = ProbeOf(person), Gallery = "G", Threshold = 0, MaxCandidates = 100,
            })]),
            Budget);
        return
        [
            $"{status.State} {status.Reason} {status.Identities} {status.Encounters} {status.FingerRows}",
            $"{status.Loaded} {status.ToLoad} {status.Unreadable}",
            .. status.Galleries.OrderBy(gallery => gallery.Key).Select(gallery => $"{gallery}"),
            .. partition.Moved.Select(one => $"{one.PersonId} {one.EncounterId} {one.RecordId}").Order(),
            .. members.Members.Select(member => $"{member}"),
            $"{answer.Outcome} {answer.IdentitiesHeld} {answer.IdentitiesSearched}",
            .. answer.Results.SelectMany(found => found.Hits.Select(
                hit => $"{hit.PersonId} {hit.Score:R} {string.Join(';', hit.Details)}")),
        ];
    }
}
