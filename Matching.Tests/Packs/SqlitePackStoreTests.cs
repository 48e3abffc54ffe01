using MatchCluster.Matching.Packs;
using MatchCluster.Matching.Tests.Storage;

namespace MatchCluster.Matching.Tests.Packs;

/// <summary>The packs of an embedded server.</summary>
public sealed class SqlitePackStoreTests
{
    [Fact]
    public async Task Sqlite_holds_the_contract_and_keeps_what_it_took()
    {
        using TempDirectory directory = new();
        await using (SqlitePackStore store = SqlitePackStore.Open(directory.Path))
        {
            await PackStoreContract.HoldsAsync(store, store);
        }

        await using SqlitePackStore again = SqlitePackStore.Open(directory.Path);
        Assert.Equal(12, (await again.FindAsync("K-1", default))!.Encounters);
        Assert.Equal(26, (await again.ReadHitsAsync("K-1", 0, 100, default)).Count);
    }
}
