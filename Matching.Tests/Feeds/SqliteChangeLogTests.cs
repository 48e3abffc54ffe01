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

    private static async Task<SqliteGalleryStore> OpenAsync(string directory, int kept = 100_000) =>
        await SqliteGalleryStore.OpenAsync(directory, 3, 3, default, changesKept: kept);
}
