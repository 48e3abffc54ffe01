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
