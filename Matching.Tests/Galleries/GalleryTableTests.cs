using MatchCluster.Matching.Galleries;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Galleries;

public sealed class GalleryTableTests
{
    // A handful of real rows serve every encounter: the table does not look inside.
    private static readonly EncounterRows[] Rows =
    [
        .. Enumerable.Range(0, 5).Select(i => EncounterRows.Build(
            Samples(i, [.. Enumerable.Range(1, i)], i % 2 == 0 ? [] : [1, 2], 0)).Value!),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Holds_what_a_dictionary_would_hold_through_any_sequence_of_changes(int seed)
    {
        Random dice = new(seed);
        GalleryTable table = new(MemoryBudget.Unlimited);
        Dictionary<(string, string), (int Rows, string Gallery)> model = [];
        for (int round = 0; round < 60; round++)
        {
            List<TableChange> changes = [];
            for (int i = dice.Next(1, 120); i > 0; i--)
            {
                changes.Add(Change(dice, model));
            }

            table.Apply(changes);
            AssertHolds(model, table.Snapshot);
        }

        // Most of what was ever appended was replaced or deleted: compaction must have given its segments back.
        long dead = table.Snapshot.Segments.Sum(view => (long)view.DeadCount);
        Assert.InRange(dead, 0, model.Count + 4096);
    }

    [Fact]
    public void A_snapshot_never_changes()
    {
        GalleryTable table = new(MemoryBudget.Unlimited);
        table.Apply([Put("a", "E", 1, "G"), Put("b", "E", 2, "G")]);
        GallerySnapshot before = table.Snapshot;
        string[] seen = Live(before);

        table.Apply([new TableChange("a", "E"), Put("b", "E", 3, "H"), Put("c", "E", 1, "G")]);
        Assert.Equal(seen, Live(before));
        Assert.Equal((2, 2), (before.Identities, before.Encounters));
        Assert.Equal(["b/E", "c/E"], Live(table.Snapshot));
        Assert.True(before.Knows("G"));
        Assert.False(before.Knows("H"));
    }

    [Fact]
    public void Dead_segments_are_compacted_and_keep_every_live_row_byte_for_byte()
    {
        GalleryTable table = new(MemoryBudget.Unlimited);
        int people = (2 * Segment.MostSlots) + 10;
        table.Apply(Enumerable.Range(0, people).Select(i => Put($"P{i}", "E", 0, "G")));
        Assert.Equal(3, table.Snapshot.Segments.Length);

        table.Apply(Enumerable.Range(0, Segment.MostSlots / 2).Select(i => new TableChange($"P{i}", "E")));
        Assert.Equal(people - (Segment.MostSlots / 2), table.Snapshot.Encounters);
        Assert.Equal(0, table.Snapshot.Segments.Sum(view => view.DeadCount));
        Assert.Equal(people - (Segment.MostSlots / 2), Live(table.Snapshot).Distinct().Count());
    }

    [Theory]
    [InlineData("a", "F")]
    [InlineData("b", "E")]
    public void A_removal_of_what_is_not_here_is_a_bug_and_throws(string person, string id)
    {
        GalleryTable table = new(MemoryBudget.Unlimited);
        table.Apply([Put("a", "E", 1, "G")]);

        Assert.Throws<InvalidOperationException>(() => table.Apply([new TableChange(person, id)]));

        Assert.Equal(["a/E"], Live(table.Snapshot));
    }

    [Fact]
    public void The_removal_of_a_record_that_could_not_be_read_changes_nothing_in_memory()
    {
        GalleryTable table = new(MemoryBudget.Unlimited);
        table.Apply([Put("a", "E", 1, "G"), Put("b", "E", 2, "G")]);

        table.Apply([new TableChange("a", "F", HasNoRows: true), new TableChange("b", "E")]);

        Assert.Equal(["a/E"], Live(table.Snapshot));
    }

    private static TableChange Change(Random dice, Dictionary<(string, string), (int Rows, string Gallery)> model)
    {
        (string Person, string Id) key = ($"P{dice.Next(40)}", $"E{dice.Next(3)}");
        int rows = dice.Next(Rows.Length);
        string gallery = $"G{dice.Next(4)}";
        if (!model.TryGetValue(key, out (int Rows, string Gallery) old) || dice.Next(3) == 0)
        {
            model[key] = (rows, gallery);
            return Put(key.Person, key.Id, rows, gallery);
        }

        if (dice.Next(2) == 0)
        {
            model.Remove(key);
            return new TableChange(key.Person, key.Id);
        }

        model[key] = (old.Rows, gallery);
        return Put(key.Person, key.Id, rows, gallery) with { Rows = null };
    }

    private static void AssertHolds(
        Dictionary<(string Person, string Id), (int Rows, string Gallery)> model, GallerySnapshot snapshot)
    {
        Assert.Equal(model.Count, snapshot.Encounters);
        Assert.Equal(model.Keys.Select(k => k.Person).Distinct().Count(), snapshot.Identities);
        Assert.Equal(
            model.Values.GroupBy(v => v.Gallery).ToDictionary(g => g.Key, g => (long)g.Count()),
            snapshot.Galleries.ToDictionary());

        int found = 0;
        foreach (SegmentView view in snapshot.Segments)
        {
            for (int slot = 0; slot < view.Slots; slot++)
            {
                if (view.IsDead(slot))
                {
                    continue;
                }

                found++;
                SlotColumns columns = view.Segment.Columns(slot);
                (int rows, string gallery) = model[(columns.Identity.PersonId, columns.EncounterId)];
                Assert.Equal([gallery], snapshot.GallerySets[columns.GallerySet]);
                AssertRows(Rows[rows], view.Segment, slot);
            }
        }

        Assert.Equal(model.Count, found);
        Assert.Equal(
            model.Values.Sum(v => Rows[v.Rows].Count), snapshot.FingerRows + snapshot.IrisRows);
    }

    private static void AssertRows(EncounterRows expected, Segment segment, int slot)
    {
        (int first, int end) = segment.RowsOf(slot);
        Assert.Equal(expected.Count, end - first);
        for (int i = 0; i < expected.Count; i++)
        {
            ReadOnlySpan<byte> row = expected.Row(i);
            Assert.Equal(expected.PositionOf(i), segment.PositionOf(first + i));
            Assert.True(segment.Row(first + i)[..row.Length].SequenceEqual(row));
        }
    }

    private static string[] Live(GallerySnapshot snapshot) =>
    [
        .. snapshot.Segments.SelectMany(view => Enumerable.Range(0, view.Slots)
            .Where(slot => !view.IsDead(slot))
            .Select(slot => view.Segment.Columns(slot))
            .Select(columns => $"{columns.Identity.PersonId}/{columns.EncounterId}")).Order(StringComparer.Ordinal),
    ];

    private static TableChange Put(string person, string id, int rows, string gallery) =>
        new(person, id, EncounterOf(0, id, gallery) with { PersonId = person, Samples = [] }, Rows[rows]);
}
