using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Galleries;

/// <summary>Combinations of galleries are limited as they are held, not as they ever were.</summary>
public sealed class GallerySetsTests
{
    private static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromMinutes(1));

    [Fact]
    public void A_combination_that_nobody_has_any_more_makes_room_for_another()
    {
        GallerySets sets = new();
        HashSet<string> coming = [];
        for (int i = 0; i < Limits.GalleryCombinations; i++)
        {
            Assert.True(sets.HasRoomFor([$"g{i}"], coming));
            coming.Clear();
            sets.Count(sets.Intern([$"g{i}"]), +1);
        }

        string[][] full = sets.Sets;
        Assert.False(sets.HasRoomFor(["new"], coming));
        Assert.True(sets.HasRoomFor(["g7"], coming));

        // Counted down and up again inside one group of changes: it was never free.
        sets.Count(7, -1);
        sets.Count(7, +1);
        sets.Count(9, -1);
        sets.FreeEmptied();
        Assert.True(sets.HasRoomFor(["new", "other"], coming));
        Assert.False(sets.HasRoomFor(["one more"], coming));
        Assert.Equal(9, sets.Intern(["other", "new"]));
        Assert.Equal(["new", "other"], sets.Sets[9]);
        Assert.Equal(["g9"], full[9]);
        Assert.Equal(7, sets.Intern(["g7"]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_slot_names_its_own_combination_through_any_changes(int seed)
    {
        Random dice = new(seed);
        GalleryTable table = new(MemoryBudget.Unlimited);
        EncounterRows rows = EncounterRows.Build(Samples(0, [], [1], 0)).Value!;
        Dictionary<int, string> model = [];
        HashSet<string> ever = [];
        for (int round = 0; round < 200; round++)
        {
            List<TableChange> changes = [];
            for (int i = 0; i < 20; i++)
            {
                int person = dice.Next(60);
                if (dice.Next(3) == 0 && model.Remove(person))
                {
                    changes.Add(new TableChange($"{person}", "E"));
                }
                else
                {
                    model[person] = $"g{dice.Next(1000)}";
                    ever.Add(model[person]);
                    changes.Add(new TableChange($"{person}", "E", EncounterOf(0, "E", model[person]) with
                    {
                        PersonId = $"{person}",
                    }, rows));
                }
            }

            table.Apply(changes);
            GallerySnapshot seen = table.Snapshot;
            Assert.Equal(
                model.Values.Order(StringComparer.Ordinal),
                Live(seen).Select(set => Assert.Single(seen.GallerySets[set])).Order(StringComparer.Ordinal));
            Assert.Equal(model.Values.Distinct().Count(), seen.Galleries.Count);
        }

        Assert.True(ever.Count > 500);
        Assert.InRange(table.Snapshot.GallerySets.Length, 1, 150);
    }

    [Fact]
    public async Task One_batch_cannot_bring_more_combinations_than_there_is_room_for()
    {
        await using MemoryGalleryStore store = new(1);
        using PartitionHost host = new(store, 1, TimeProvider.System);
        await using LocalPartition partition = host.Open(new PartitionId(0));
        await partition.Loading;
        int applied = 0;
        for (int batch = 0; batch < 3; batch++)
        {
            Write[] writes = [.. Enumerable.Range(batch * 4000, 4000).Select(i => new Write.Create(
                EncounterOf(0, $"E{i}", $"g{i}", fingers: [], eyes: [1]) with { PersonId = $"P{i / 200}" }))];
            WriteAck ack = await partition.ApplyAsync(new WriteBatch(writes), Budget);
            applied += ack.Results.Count(result => result.IsApplied);
        }

        Assert.Equal(Limits.GalleryCombinations, applied);
        WriteAck deleted = await partition.ApplyAsync(new WriteBatch([new Write.DeletePerson("P0")]), Budget);
        Assert.True(deleted.Results[0].IsApplied);
        WriteAck after = await partition.ApplyAsync(
            new WriteBatch([new Write.Create(EncounterOf(1, gallery: "new"))]), Budget);
        Assert.True(after.Results[0].IsApplied, after.Results[0].Refusal?.Reason);
    }

    private static IEnumerable<int> Live(GallerySnapshot gallery)
    {
        foreach (SegmentView view in gallery.Segments)
        {
            for (int slot = 0; slot < view.Slots; slot++)
            {
                if (!view.IsDead(slot))
                {
                    yield return view.Segment.Columns(slot).GallerySet;
                }
            }
        }
    }
}
