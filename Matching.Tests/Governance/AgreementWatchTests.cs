using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Uses;
using Microsoft.Extensions.Time.Testing;
using static MatchCluster.Matching.Tests.Governance.SomeAgreements;

namespace MatchCluster.Matching.Tests.Governance;

/// <summary>A front end that knows no agreements meets the first one that another front end signs.</summary>
public sealed class AgreementWatchTests
{
    [Fact]
    public async Task Everything_is_allowed_until_somebody_signs_an_agreement_and_nothing_after_that()
    {
        MemoryGovernanceStore store = new();
        FakeTimeProvider clock = new(Now);
        AgreementWatch watch = new(store, clock);
        UseRequest search = UseRequest.Of(Operation.Identify, "watchlist");

        Assert.Equal(UseDecision.Unlimited, await watch.DecideAsync(ByBorder, search, default));
        Assert.Equal(
            ReleaseProfile.Hit,
            (await watch.DecideAsync(ByBorder with { AtMost = ReleaseProfile.Hit }, search, default)).Release);

        await SignAsync(new Agreements(store, clock), Border);
        clock.Advance(AgreementWatch.Between);
        Assert.Equal(
            RefusalKind.Unavailable, (await watch.DecideAsync(ByBorder, search, default)).Refusal?.Kind);
        Assert.Equal(
            RefusalKind.Unavailable,
            (await watch.DecideAsync(Use.Unstated, UseRequest.Of(Operation.Compare), default)).Refusal?.Kind);

        // The system's own work goes on.
        Assert.Equal(UseDecision.Unlimited, await watch.DecideAsync(Use.Internal, search, default));
    }

    [Fact]
    public async Task A_store_that_does_not_answer_holds_up_nobody_for_long()
    {
        FakeTimeProvider clock = new(Now);
        AgreementWatch watch = new(new SilentStore(), clock);
        UseRequest search = UseRequest.Of(Operation.Identify, "watchlist");

        Task<UseDecision> looking = watch.DecideAsync(ByBorder, search, default).AsTask();
        Assert.False(looking.IsCompleted);

        // Others do not wait for the one that looks, and it does not wait for ever.
        Assert.Equal(UseDecision.Unlimited, await watch.DecideAsync(ByBorder, search, default));
        clock.Advance(AgreementWatch.Between);
        Assert.Equal(UseDecision.Unlimited, await looking);
    }

    /// <summary>A store that is away, and whose client waits for it.</summary>
    private sealed class SilentStore : IGovernanceStore
    {
        public ValueTask<long> StampAsync(string kind, CancellationToken cancel) =>
            new(new TaskCompletionSource<long>().Task);

        public ValueTask<IReadOnlyList<GovernanceDocument>> ReadAllAsync(string kind, CancellationToken cancel) =>
            throw new NotSupportedException();

        public ValueTask<GovernanceDocument?> ReadAsync(string kind, string key, CancellationToken cancel) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyList<GovernanceDocument>> ReadVersionsAsync(
            string kind, string key, CancellationToken cancel) => throw new NotSupportedException();

        public ValueTask<bool> WriteAsync(GovernanceDocument document, CancellationToken cancel) =>
            throw new NotSupportedException();
    }
}
