using MatchCluster.Matching.Quotas;

namespace MatchCluster.Matching.Tests.Quotas;

public sealed class QuotaStoreTests
{
    [Fact]
    public Task Memory_counts() => QuotaStoreContract.HoldsAsync(new MemoryQuotaStore());

    [Fact]
    public async Task A_file_counts_and_a_restart_forgets_nothing()
    {
        string directory = Directory.CreateTempSubdirectory("matchcluster-quotas").FullName;
        try
        {
            await using (SqliteQuotaStore store = SqliteQuotaStore.Open(directory))
            {
                await QuotaStoreContract.HoldsAsync(store);
            }

            await using SqliteQuotaStore again = SqliteQuotaStore.Open(directory);
            Assert.Equal(0, await again.TakeAsync("together", 5, 3, 100, default));
            Assert.Equal(8, await again.TakeAsync("a", 4, 64, 10, default));

            // Days are kept by their number: one far ahead takes none of the days before away.
            Assert.Equal(1, await again.TakeAsync("a", 40_000, 1, 1, default));
            Assert.Equal(0, await again.TakeAsync("together", 5, 3, 100, default));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
