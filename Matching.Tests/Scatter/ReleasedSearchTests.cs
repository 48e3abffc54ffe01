using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Governance;
using MatchCluster.Matching.Uses;
using Microsoft.Extensions.Time.Testing;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Scatter;

/// <summary>What the root of searches gives to a door by an agreement, and by what a call asks for.</summary>
public sealed class ReleasedSearchTests : IAsyncLifetime
{
    private readonly MemoryGalleryStore _store = new(2);
    private MatchEngine _engine = null!;

    public async Task InitializeAsync()
    {
        _engine = MatchEngine.Open(_store, new MatchEngineOptions { Threads = 2 });
        await _engine.Loaded;
        Assert.All(
            await new EncounterRoot(_engine, TimeProvider.System).ApplyAsync(
                [.. Enumerable.Range(1, 3).Select(i => new Write.Create(EncounterOf(i, gallery: "watchlist")))],
                SearchBudget.Of(TimeSpan.FromSeconds(60))),
            result => Assert.True(result.IsApplied));
    }

    public async Task DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Theory]
    [InlineData(ReleaseProfile.Hit, null, ReleaseProfile.Hit)]
    [InlineData(ReleaseProfile.Hit, ReleaseProfile.Full, ReleaseProfile.Hit)]
    [InlineData(ReleaseProfile.Scores, ReleaseProfile.Candidates, ReleaseProfile.Candidates)]
    [InlineData(ReleaseProfile.Full, ReleaseProfile.Hit, ReleaseProfile.Hit)]
    [InlineData(ReleaseProfile.Full, null, ReleaseProfile.Full)]
    public async Task A_call_lowers_what_its_agreement_releases_and_never_raises_it(
        ReleaseProfile agreed, ReleaseProfile? asked, ReleaseProfile released)
    {
        SearchRoot root = await RootAsync(SomeAgreements.Border with { Release = agreed }, Ids);
        SearchBudget budget = Budget(asked);

        IdentifyAnswer answer = (await root.IdentifyAsync([Asked], budget))[0];
        Candidate first = answer.Candidates[0];
        Assert.Equal(released, answer.Permission.Release);
        Assert.Equal(released == ReleaseProfile.Full, first.PersonId == EncounterOf(1).PersonId);
        Assert.Equal(released >= ReleaseProfile.Scores, first.Score > 0);

        // Whom it was is in the record under the record's own hash, whatever leaves.
        Assert.Equal(
            [EncounterOf(1).PersonId], answer.Found.HashedBy(person => person).Take(1));

        VerifyAnswer verified = await root.VerifyAsync(
            ProbeOf(1), "watchlist", EncounterOf(1).PersonId, 40, budget);
        Assert.True(verified.Decision);
        Assert.Equal(released >= ReleaseProfile.Scores, verified.Score > 0);
        Assert.Equal(released == ReleaseProfile.Full, verified.Details.Count > 0);
    }

    [Fact]
    public async Task An_agreement_that_says_nothing_releases_a_hit() =>
        Assert.Equal(ReleaseProfile.Hit, (await new SignedBorder(Minimal).FirstAsync()).Release);

    [Fact]
    public async Task Without_a_key_no_list_is_made_and_a_hit_is()
    {
        SearchRoot root = new(_engine, TimeProvider.System);
        IdentifyAnswer list = (await root.IdentifyAsync([Asked], Budget(ReleaseProfile.Candidates)))[0];
        Assert.Equal(RefusalKind.Invalid, list.Refusal?.Kind);
        Assert.Empty(list.Candidates);
        Assert.Single((await root.IdentifyAsync([Asked], Budget(ReleaseProfile.Hit)))[0].Candidates);

        SearchRoot broken = new(
            _engine, TimeProvider.System, null, new PartnerIds(() => throw new StoreException("no such file")));
        Assert.Equal(
            "no such file", (await broken.IdentifyAsync([Asked], Budget(ReleaseProfile.Scores)))[0].Refusal?.Reason);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_probe_of_which_nothing_is_kept_is_cleared_after_its_search(bool noRetain)
    {
        SearchRoot root = new(_engine, TimeProvider.System);
        SearchBudget budget = SearchBudget.Of(TimeSpan.FromSeconds(60)).For(new Use { NoRetain = noRetain });
        Probe searched = ProbeOf(1, eyes: [1]);
        Probe verified = ProbeOf(1, eyes: [1]);

        Assert.Single((await root.IdentifyAsync([Asked with { Probe = searched }], budget))[0].Candidates);
        Assert.True(
            (await root.VerifyAsync(verified, "watchlist", EncounterOf(1).PersonId, 40, budget)).Decision);

        foreach (Probe probe in (Probe[])[searched, verified])
        {
            Assert.Equal(noRetain, !probe.Fingers[0].Template.Row.ContainsAnyExcept((byte)0));
            Assert.Equal(noRetain, !probe.Irises[0].Code.ContainsAnyExcept(0UL));
        }
    }

    private static PartnerIds Ids { get; } = new(() => [.. Enumerable.Repeat((byte)9, PartnerIds.SecretBytes)]);

    private static Agreement Minimal { get; } = new()
    {
        Id = "minimal",
        Partner = SomeAgreements.Border.Partner,
        Purposes = SomeAgreements.Border.Purposes,
        Modalities = SomeAgreements.Border.Modalities,
        ValidFrom = SomeAgreements.Border.ValidFrom,
        ValidTo = SomeAgreements.Border.ValidTo,
        Phase = AgreementPhase.Live,
        LegalBasis = "Treaty of Nowhere, article 1",
    };

    private static IdentifyRequest Asked => new() { Probe = ProbeOf(1), Gallery = "watchlist", Threshold = 40 };

    private static SearchBudget Budget(ReleaseProfile? asked) =>
        SearchBudget.Of(TimeSpan.FromSeconds(60)).For(SomeAgreements.ByBorder with { AtMost = asked });

    private async Task<SearchRoot> RootAsync(Agreement agreement, PartnerIds ids)
    {
        Agreements agreements = new(new MemoryGovernanceStore(), new FakeTimeProvider(SomeAgreements.Now));
        await SomeAgreements.SignAsync(agreements, agreement);
        return new SearchRoot(_engine, TimeProvider.System, agreements, ids);
    }

    /// <summary>An agreement as it is read again from a store.</summary>
    private sealed class SignedBorder(Agreement agreement)
    {
        public async Task<Agreement> FirstAsync()
        {
            Agreements agreements = new(new MemoryGovernanceStore(), new FakeTimeProvider(SomeAgreements.Now));
            await SomeAgreements.SignAsync(agreements, agreement);
            return (await agreements.BookAsync(default)).Of(agreement.Partner).Single();
        }
    }
}
