using System.Text;
using MatchCluster.Matching.Governance;

namespace MatchCluster.Matching.Tests.Governance;

/// <summary>What every store of documents does.</summary>
public abstract class GovernanceStoreContract
{
    [SkippableFact]
    public async Task The_next_version_is_written_and_no_other()
    {
        await using Opened opened = await OpenAsync();
        IGovernanceStore store = opened.Store;
        Assert.Null(await store.ReadAsync("case", "a", default));
        Assert.Equal(0, await store.StampAsync("case", default));

        Assert.False(await store.WriteAsync(Of("a", 2, "early"), default));
        Assert.True(await store.WriteAsync(Of("a", 1, "one"), default));
        Assert.True(await store.WriteAsync(Of("a", 2, "two:2"), default));
        Assert.False(await store.WriteAsync(Of("a", 2, "other"), default));
        Assert.False(await store.WriteAsync(Of("a", 1, "other"), default));

        Assert.Equal("two:2", TextOf(await store.ReadAsync("case", "a", default)));
        Assert.Equal(
            ["1 one", "2 two:2"],
            (await store.ReadVersionsAsync("case", "a", default)).Select(one => $"{one.Version} {TextOf(one)}"));
        Assert.Equal(2, await store.StampAsync("case", default));
        Assert.Equal(0, await store.StampAsync("other", default));
        Assert.Empty(await store.ReadVersionsAsync("case", "b", default));
    }

    [SkippableFact]
    public async Task The_last_versions_of_a_kind_are_read_in_the_order_of_their_keys()
    {
        await using Opened opened = await OpenAsync();
        IGovernanceStore store = opened.Store;
        foreach (string key in (string[])["b", "a:1", "\u00e9", "Z"])
        {
            Assert.True(await store.WriteAsync(Of(key, 1, "first"), default));
            Assert.True(await store.WriteAsync(Of(key, 2, "of " + key), default));
        }

        Assert.True(await store.WriteAsync(new("agreement", "x", 1, "{}"u8.ToArray()), default));

        IReadOnlyList<GovernanceDocument> read = await store.ReadAllAsync("case", default);
        Assert.Equal(["Z", "a:1", "b", "\u00e9"], read.Select(one => one.Key));
        Assert.All(read, one => Assert.Equal((2, "of " + one.Key), (one.Version, TextOf(one))));
        Assert.Empty(await store.ReadAllAsync("none", default));
    }

    [SkippableFact]
    public async Task Of_many_who_write_one_version_at_once_one_has_written_it()
    {
        await using Opened opened = await OpenAsync();
        IGovernanceStore store = opened.Store;
        for (int version = 1; version <= 20; version++)
        {
            bool[] written = await Task.WhenAll(Enumerable.Range(0, 8).Select(
                async i => await store.WriteAsync(Of("a", version, $"{version} by {i}"), default)));
            Assert.Single(written, true);
            Assert.Equal(
                $"{version} by {Array.IndexOf(written, true)}", TextOf(await store.ReadAsync("case", "a", default)));
        }

        Assert.Equal(20, await store.StampAsync("case", default));
    }

    /// <summary>An empty store.</summary>
    private protected abstract Task<Opened> OpenAsync();

    private static GovernanceDocument Of(string key, long version, string content) =>
        new("case", key, version, Encoding.UTF8.GetBytes(content));

    private static string TextOf(GovernanceDocument? document) => Encoding.UTF8.GetString(document!.Json.Span);

    /// <summary>A store and what has to be closed with it.</summary>
    private protected sealed class Opened(IGovernanceStore store, Func<ValueTask> close) : IAsyncDisposable
    {
        public IGovernanceStore Store => store;

        public ValueTask DisposeAsync() => close();
    }
}
