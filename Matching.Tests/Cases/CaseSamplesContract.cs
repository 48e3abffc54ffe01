using MatchCluster.Matching.Cases;
using MatchCluster.Matching.Model;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Cases;

/// <summary>What every store of probes does; the cluster's is tested by it too.</summary>
public static class CaseSamplesContract
{
    /// <summary>Far ahead: a store may have a clock of its own.</summary>
    public static DateTimeOffset Now { get; } = new(2100, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static async Task HoldsAsync(ICaseSamples store)
    {
        IReadOnlyList<Sample> probe = Samples(1, [2], [1], 0);
        Assert.Null(await store.ReadAsync("C-1", Now, default));
        await store.DeleteAsync("C-1", default);

        await store.PutAsync("C-1", "visa", probe, Now.AddDays(1), default);
        await store.PutAsync("C-2", "ALL", Samples(2, [3], [], 0), Now.AddDays(2), default);
        Assert.Equal(probe.Select(Told), (await store.ReadAsync("C-1", Now, default))!.Select(Told));
        Assert.Equal(
            Samples(2, [3], [], 0).Select(Told), (await store.ReadAsync("C-2", Now, default))!.Select(Told));

        // A time ends at once, and not a moment before.
        Assert.NotNull(await store.ReadAsync("C-1", Now.AddDays(1).AddMilliseconds(-1), default));
        Assert.Null(await store.ReadAsync("C-1", Now.AddDays(1), default));
        await store.PurgeAsync(Now.AddDays(1), default);
        Assert.Null(await store.ReadAsync("C-1", Now.AddDays(1), default));
        Assert.NotNull(await store.ReadAsync("C-2", Now.AddDays(1), default));

        await store.DeleteAsync("C-2", default);
        Assert.Null(await store.ReadAsync("C-2", Now, default));
    }

    public static (BiometricPosition Position, TemplateFormat Format, string Template) Told(Sample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return (sample.Position, sample.Format, Convert.ToHexString(sample.Template.Span));
    }
}
