using System.Text;
using MatchCluster.Matching.Subscriptions;

namespace MatchCluster.Matching.Tests.Tasks;

/// <summary>What every store of alerts does; the cluster's is tested by it too.</summary>
public static class AlertStoreContract
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task HoldsAsync(IAlertStore store)
    {
        Assert.Equal(new AlertPut(1, true), await AddAsync(store, "a", "x", 0));
        Assert.Equal(new AlertPut(1, true), await AddAsync(store, "b", "x", 0));
        Assert.Equal(new AlertPut(2, true), await AddAsync(store, "a", "y", 1));
        Assert.Equal(new AlertPut(1, false), await AddAsync(store, "a", "x", 2));

        // Somebody who raises the same ones at a time: each has one number, and no number is left out.
        AlertPut[] puts = await Task.WhenAll(Enumerable.Range(0, 100).Select(
            i => AddAsync(store, "c", $"n{i % 50}", 3)));
        Assert.Equal(
            Enumerable.Range(1, 50).Select(n => (long)n),
            puts.Where(put => put.IsNew).Select(put => put.Number).Order());
        Assert.Equal(50, (await store.ReadAsync("c", 0, 1000, default)).Select(alert => alert.Id).Distinct().Count());

        Alert alert = Assert.Single(await store.ReadAsync("a", 1, 10, default));
        Assert.Equal((2L, "y", "body of y", At(1), null),
            (alert.Number, alert.Id, Encoding.UTF8.GetString(alert.Body.Span), alert.At, alert.Seen));
        Assert.Equal("x", Assert.Single(await store.ReadAsync("a", 0, 1, default)).Id);
        Assert.Empty(await store.ReadAsync("a", 2, 10, default));
        Assert.Empty(await store.ReadAsync("nobody", 0, 10, default));

        Assert.True(await store.SeenAsync("a", "y", At(5), default));
        Assert.True(await store.SeenAsync("a", "y", At(6), default));
        Assert.False(await store.SeenAsync("b", "y", At(5), default));
        Assert.Equal(At(5), Assert.Single(await store.ReadAsync("a", 1, 10, default)).Seen);

        Assert.Equal(1, await store.PurgeAsync(At(1), 1, default));
        Assert.Equal(1, await store.PurgeAsync(At(1), 10, default));
        Assert.Equal([2L], (await store.ReadAsync("a", 0, 10, default)).Select(one => one.Number));
        Assert.Empty(await store.ReadAsync("b", 0, 10, default));
        Assert.Equal(new AlertPut(3, true), await AddAsync(store, "a", "z", 9));
        Assert.Equal(new AlertPut(2, true), await AddAsync(store, "b", "x", 9));
    }

    private static DateTimeOffset At(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    private static Task<AlertPut> AddAsync(IAlertStore store, string owner, string id, double at) =>
        store.AddAsync(owner, id, Encoding.UTF8.GetBytes($"body of {id}"), At(at), default).AsTask();
}
