using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Storage;

namespace MatchCluster.Matching.Tests.Feeds;

/// <summary>The change logs of the embedded store.</summary>
public sealed class SqliteChangeLogTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task Whoever_follows_a_log_has_the_state_of_the_gallery_at_every_change(int seed)
    {
        using TempDirectory directory = new();
        await using SqliteGalleryStore store = await OpenAsync(directory.Path);
        await ChangeLogContract.FollowedAsync(store, store.Changes!, seed);
    }

    [Fact]
    public async Task A_log_keeps_as_much_as_it_is_told_and_says_what_it_does_not_keep()
    {
        using TempDirectory directory = new();
        await using SqliteGalleryStore store = await OpenAsync(directory.Path, kept: 8);
        await ChangeLogContract.KeptAsync(store, 8);
    }

    [Fact]
    public async Task What_was_written_without_the_log_ends_what_can_be_read_on_from()
    {
        using TempDirectory directory = new();
        await ChangeLogContract.ReopenedAsync(async log => await OpenAsync(directory.Path, kept: log ? 100 : 0));
    }

    /// <summary>
    /// Appends that fail in the middle, alone or with their whole group, leave no change and no gap, whatever the
    /// writer remembers of the log.
    /// </summary>
    [Fact]
    public async Task An_append_that_is_undone_leaves_nothing_in_the_log()
    {
        using TempDirectory directory = new();
        await using SqliteGalleryStore store = await OpenAsync(directory.Path);
        FeedKeys keys = new(await store.StateKeyAsync(default));
        FeedNotes notes = new(keys, TimeProvider.System);
        long[] epochs = new long[3];
        for (int partition = 0; partition < 3; partition++)
        {
            epochs[partition] = await store.OpenEpochAsync(new PartitionId(partition), default);
            await store.BeginChangesAsync(
                new PartitionId(partition), epochs[partition], new Dictionary<string, GalleryState>(), default);
        }

        FeedReplica replica = new("G", keys.Of("G"));
        int applied = 0;
        for (int round = 0; round < 6; round++)
        {
            // A trigger refuses every third person: after the change of the one before it in the append was added.
            await store.RunOnWriterAsync(connection => SqliteFile.Run(
                connection,
                round % 2 == 0
                    ? "CREATE TRIGGER IF NOT EXISTS refuses BEFORE INSERT ON feed_changes WHEN new.sequence % 3 = 0 "
                        + "BEGIN SELECT RAISE(ABORT, 'refused'); END"
                    : "DROP TRIGGER IF EXISTS refuses"));
            AppendResult[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(one => store.AppendAsync(
                new PartitionId(one % 3), epochs[one % 3], [PutOf((10 * round) + one)], default).AsTask()));
            applied += results.Count(result => result.Outcome == AppendOutcome.Applied);
            replica.Follow(await store.Changes!.ReadAsync("G", replica.Last, 1000, default));
            Assert.Equal((applied, applied), (replica.Last, replica.Proved));
        }

        Assert.InRange(applied, 24, 40);
        Assert.Equal(replica.State, (await store.Changes!.PositionAsync("G", default)).State);

        StoreWrite PutOf(int person)
        {
            Encounter encounter = TestPeople.EncounterOf(person);
            return StoreWrite.Put(encounter) with
            {
                Changes = notes.Of(
                    encounter.PersonId, encounter.EncounterId, null,
                    new FeedVersion(encounter.RecordId, encounter.Galleries, IsActive: true)),
            };
        }
    }

    private static async Task<SqliteGalleryStore> OpenAsync(string directory, int kept = 100_000) =>
        await SqliteGalleryStore.OpenAsync(directory, 3, 3, default, changesKept: kept);
}
