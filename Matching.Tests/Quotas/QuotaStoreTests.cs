using MatchCluster.Matching.Quotas;

namespace MatchCluster.Matching.Tests.Quotas;

/// <summary>What every store of counts does; the cluster's is tested by it too.</summary>
public static class QuotaStoreContract
{
    public static async Task HoldsAsync(IQuotaStore store)
    {
        Assert.Equal(0, await store.TakeAsync("a", 5, 3, 0, default));
        Assert.Equal(3, await store.TakeAsync("a", 5, 3, 10, default));
        Assert.Equal(7, await store.TakeAsync("a", 5, 64, 10, default));
        Assert.Equal(0, await store.TakeAsync("a", 5, 1, 10, default));

        // Another day and another account have counts of their own; a lower quota gives nothing and takes nothing.
        Assert.Equal(2, await store.TakeAsync("a", 4, 2, 10, default));
        Assert.Equal(2, await store.TakeAsync("b:c", 5, 2, 10, default));
        Assert.Equal(0, await store.TakeAsync("a", 5, 1, 3, default));

        await store.ReturnAsync("a", 5, 4, default);
        Assert.Equal(4, await store.TakeAsync("a", 5, 64, 10, default));
        await store.ReturnAsync("a", 9, 4, default);
        await store.ReturnAsync("b:c", 5, long.MaxValue, default);
        Assert.Equal(10, await store.TakeAsync("b:c", 5, 64, 10, default));
        Assert.Equal(64, await store.TakeAsync("much", 5, 64, long.MaxValue, default));
        Assert.Equal(64, await store.TakeAsync("much", 5, 64, long.MaxValue, default));

        long[] given = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            _ => store.TakeAsync("together", 5, 3, 100, default).AsTask()));
        Assert.Equal(100, given.Sum());
    }
}

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
