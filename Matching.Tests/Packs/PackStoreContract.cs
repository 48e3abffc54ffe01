using System.Text;
using MatchCluster.Matching.Packs;

namespace MatchCluster.Matching.Tests.Packs;

/// <summary>What every store of packs holds.</summary>
internal static class PackStoreContract
{
    /// <summary>
    /// Packs are found again as they were, and each hit is taken once, also from many reports at once.
    /// </summary>
    public static async Task HoldsAsync(IPackStore store, IPackStore other)
    {
        DateTimeOffset now = new(2026, 11, 30, 12, 0, 0, TimeSpan.FromHours(1));
        IssuedPack pack = new("K-1", "watchlist \"1\"", "-----BEGIN\nPEM", now, now.AddDays(7), 12);
        await store.AddAsync(pack, default);
        Assert.Equal(pack, await other.FindAsync("K-1", default));
        Assert.Null(await other.FindAsync("K-2", default));
        PackHit[] hits = [.. Enumerable.Range(0, 25).Select(Hit)];
        int[] added = await Task.WhenAll(Enumerable.Range(0, 6).Select(async one =>
            await (one % 2 == 0 ? store : other).AddHitsAsync("K-1", hits, default)));
        Assert.Equal(25, added.Sum());
        Assert.Equal(1, await store.AddHitsAsync("K-1", [hits[3], Hit(25)], default));
        Assert.Equal(2, await store.AddHitsAsync("K-2", [hits[3], hits[4]], default));
        List<PackHit> read = [];
        while (await other.ReadHitsAsync("K-1", read.Count, 10, default) is { Count: > 0 } some)
        {
            Assert.InRange(some.Count, 1, 10);
            read.AddRange(some);
        }

        Assert.Equal(Enumerable.Range(0, 26).Select(Told), read.Select(Of).Order(StringComparer.Ordinal));
        Assert.Equal("h-025", read[^1].HitId);
        Assert.Empty(await store.ReadHitsAsync("K-3", 0, 10, default));

        static PackHit Hit(int number) => new($"h-{number:000}", Encoding.UTF8.GetBytes($"{{\"n\": {number}}}"));
        static string Of(PackHit hit) => $"{hit.HitId} {Encoding.UTF8.GetString(hit.Json.Span)}";
        static string Told(int number) => Of(Hit(number));
    }
}
