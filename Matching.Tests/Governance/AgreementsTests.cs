using System.Text;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;
using Microsoft.Extensions.Time.Testing;
using static MatchCluster.Matching.Tests.Governance.SomeAgreements;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Governance;

/// <summary>Agreements that are signed, kept, changed and held where searches and writes go through.</summary>
public sealed class AgreementsTests
{
    private readonly FakeTimeProvider _clock = new(Now);
    private readonly MemoryGovernanceStore _store = new();

    [Fact]
    public async Task An_agreement_holds_only_after_a_second_administrator_signed_that_version()
    {
        Agreements agreements = new(_store, _clock);
        SignedResult proposed = await agreements.Partners.ProposeAsync(Border, "anna", default);
        Assert.Equal(1, proposed.Version);
        Assert.Equal(UseRule.NoAgreement, await RuleAsync(agreements));

        Assert.Equal(RefusalKind.Conflict, (await Approve("anna", 1)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Conflict, (await Approve("berta", 2)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Invalid, (await Approve("", 1)).Refusal?.Kind);
        Assert.Null((await Approve("berta", 1)).Refusal);
        Assert.Null(await RuleAsync(agreements));
        Assert.Equal(RefusalKind.Unknown, (await Approve("clara", 2)).Refusal?.Kind);
        Assert.Empty(await agreements.Partners.ReadProposalsAsync(default));

        ValueTask<SignedResult> Approve(string who, long version) =>
            agreements.Partners.ApproveAsync(Border.Id, version, who, default);
    }

    [Fact]
    public async Task A_change_acts_on_the_next_request_of_every_process()
    {
        Agreements here = new(_store, _clock);
        Agreements there = new(_store, _clock);
        await SignAsync(here, Border);
        Assert.Null(await RuleAsync(there));

        await SignAsync(here, Border with { Phase = AgreementPhase.Suspended });

        Assert.Equal(UseRule.AgreementSuspended, await RuleAsync(there));
        Assert.Equal([1L, 2L], (await there.Partners.ReadVersionsAsync(Border.Id, default)).Select(v => v.Version));
    }

    [Fact]
    public async Task A_clock_that_jumps_back_revives_no_agreement()
    {
        AdjustableClock clock = new() { Time = Now };
        Agreements agreements = new(_store, clock);
        await SignAsync(agreements, Border);
        clock.Time = Now.AddDays(2);
        Assert.Equal(UseRule.AgreementExpired, await RuleAsync(agreements));

        clock.Time = Now;

        Assert.Equal(UseRule.AgreementExpired, await RuleAsync(agreements));
    }

    [Fact]
    public async Task A_document_that_cannot_be_read_allows_nothing()
    {
        await _store.WriteAsync(
            new GovernanceDocument("agreement", Border.Id, 1, Encoding.UTF8.GetBytes("""{"version":1}""")), default);
        UseDecision decision = await new Agreements(_store, _clock).DecideAsync(
            ByBorder, UseRequest.Of(Operation.Identify, "watchlist"), default);
        Assert.Equal(RefusalKind.Unavailable, decision.Refusal?.Kind);
    }

    [Fact]
    public async Task The_store_of_a_server_keeps_versions_and_is_read_again()
    {
        string directory = Directory.CreateTempSubdirectory().FullName;
        try
        {
            await using (SqliteGovernanceStore store = SqliteGovernanceStore.Open(directory))
            {
                Agreements agreements = new(store, _clock);
                await SignAsync(agreements, Border);
                await SignAsync(agreements, Border with { MaxCandidates = 9 });
                bool[] written = await Task.WhenAll(Enumerable.Range(0, 8).Select(
                    async i => await store.WriteAsync(new("case", "x", 1, new byte[] { (byte)i }), default)));
                Assert.Single(written, true);
                Assert.False(await store.WriteAsync(new("case", "x", 3, default), default));
            }

            await using SqliteGovernanceStore again = SqliteGovernanceStore.Open(directory);
            Agreements read = new(again, _clock);
            Assert.Equal(9, (await read.DecideAsync(
                ByBorder, UseRequest.Of(Operation.Identify, "watchlist"), default)).MaxCandidates);
            Assert.Equal(2, (await read.Partners.ReadVersionsAsync(Border.Id, default)).Count);
            Assert.Equal(1, (await again.ReadAsync("case", "x", default))!.Version);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Persons_in_galleries_that_the_agreement_does_not_name_are_nobody_and_others_are_refused()
    {
        await using MemoryGalleryStore galleries = new(2);
        await using MatchEngine engine = MatchEngine.Open(galleries, new MatchEngineOptions { Threads = 2 });
        await engine.Loaded;
        Agreements agreements = new(_store, _clock);
        await SignAsync(agreements, Border with { Search = ["own-a"] });
        foreach (GalleryPolicy policy in Policies)
        {
            await SignAsync(agreements, policy);
        }

        EncounterRoot encounters = new(engine, TimeProvider.System, agreements);
        SearchBudget all = SearchBudget.Of(TimeSpan.FromSeconds(60)).For(Use.Internal);
        SearchBudget border = all.For(ByBorder);
        Encounter named = EncounterOf(1, gallery: "visa-b");
        Encounter mine = EncounterOf(2, gallery: "own-a") with { EncounterId = "mine" };
        Encounter hidden = EncounterOf(2, gallery: "prison-d") with { EncounterId = "hidden" };
        Encounter shared = EncounterOf(3, gallery: "own-a") with { Galleries = ["own-a", "prison-d"] };
        await ApplyAsync(new Write.Create(named), new Write.Create(mine), new Write.Create(hidden),
            new Write.Create(shared));

        // What the agreement names may be known, and is refused as another's.
        foreach (Write write in (Write[])
            [new Write.DeletePerson(named.PersonId), new Write.Delete(named.PersonId, named.EncounterId)])
        {
            Assert.Equal(UseRule.NotOwner, (await encounters.ApplyAsync([write], border))[0].Refusal?.Rule);
        }

        Assert.Equal(
            UseRule.NotOwner, (await encounters.MergeAsync(mine.PersonId, named.PersonId, border)).Refusal?.Rule);

        // An encounter that is in another's gallery too is shown without that gallery.
        Assert.Equal(
            ["own-a"], (await encounters.ReadPersonAsync(shared.PersonId, border)).Encounters.Single().Galleries);
        Assert.Equal(
            ["own-a"],
            (await encounters.ReadPicturesAsync(shared.PersonId, shared.EncounterId, border)).Encounters.Single()
            .Galleries);

        // A person moves, and goes, as far as the caller can see.
        await ApplyAsync(new Write.Create(mine with { PersonId = "P-target", EncounterId = "before" }));
        Assert.Null((await encounters.MergeAsync("P-target", mine.PersonId, border)).Refusal);
        Assert.Equal(
            ["hidden"],
            (await encounters.ReadPersonAsync(mine.PersonId, all)).Encounters.Select(one => one.EncounterId));
        await ApplyAsync(new Write.Create(mine));
        Assert.Null((await encounters.ApplyAsync([new Write.DeletePerson(mine.PersonId)], border))[0].Refusal);
        Assert.Equal(
            ["hidden"],
            (await encounters.ReadPersonAsync(mine.PersonId, all)).Encounters.Select(one => one.EncounterId));
        Assert.Equal(
            new Refusal(RefusalKind.Unknown, "no such person"),
            (await encounters.ApplyAsync([new Write.DeletePerson(mine.PersonId)], border))[0].Refusal);

        async Task ApplyAsync(params Write[] writes) =>
            Assert.All(await encounters.ApplyAsync(writes, all), result => Assert.True(result.IsApplied));
    }

    /// <summary>The same change of a person whom nobody has.</summary>
    private static Write OfNobody(Write write) => write switch
    {
        Write.Delete delete => delete with { Person = "nobody" },
        Write.DeletePerson => new Write.DeletePerson("nobody"),
        Write.SetStatus set => set with { Person = "nobody" },
        Write.SetGalleries set => set with { Person = "nobody" },
        Write.Update update => new Write.Update(update.Encounter with { PersonId = "nobody" }),
        _ => throw new ArgumentException("another write"),
    };

    [Fact]
    public async Task No_search_and_no_write_reaches_a_partition_that_is_not_agreed()
    {
        await using MemoryGalleryStore galleries = new(2);
        await using MatchEngine engine = MatchEngine.Open(galleries, new MatchEngineOptions { Threads = 2 });
        await engine.Loaded;
        Agreements agreements = new(_store, _clock);
        await SignAsync(agreements, Border with { Search = ["own-a"] });
        foreach (GalleryPolicy policy in Policies)
        {
            await SignAsync(agreements, policy);
        }

        EncounterRoot encounters = new(engine, TimeProvider.System, agreements);
        SearchRoot searches = new(
            engine, TimeProvider.System, agreements, new PartnerIds(() => new byte[PartnerIds.SecretBytes]));
        SearchBudget nobody = SearchBudget.Of(TimeSpan.FromSeconds(60));
        SearchBudget border = nobody.For(ByBorder);
        Encounter own = EncounterOf(1, gallery: "own-a");
        Encounter others = EncounterOf(2, gallery: "prison-d");

        Assert.Equal(
            UseRule.CallerNotStated, (await encounters.ApplyAsync([new Write.Create(own)], nobody))[0].Refusal?.Rule);
        Assert.Null((await encounters.ApplyAsync([new Write.Create(others)], nobody.For(Use.Internal)))[0].Refusal);
        IReadOnlyList<WriteResult> both =
            await encounters.ApplyAsync([new Write.Create(own), new Write.Create(others)], border);
        Assert.Equal([null, UseRule.GalleryOfAnotherOwner], both.Select(result => result.Refusal?.Rule));

        // What is another's is neither read, searched, changed, moved nor deleted.
        Assert.Equal(RefusalKind.Unknown, (await encounters.ReadPersonAsync(others.PersonId, border)).Refusal?.Kind);
        Assert.Single((await encounters.ReadPersonAsync(own.PersonId, border)).Encounters);
        foreach (Write write in (Write[])
            [
                new Write.Delete(others.PersonId, others.EncounterId), new Write.DeletePerson(others.PersonId),
                new Write.SetStatus(others.PersonId, others.EncounterId, EncounterStatus.Inactive),
                new Write.SetGalleries(others.PersonId, others.EncounterId, ["own-a"]),
                new Write.Update(others with { Galleries = ["own-a"] }),
            ])
        {
            // Nobody learns from it that there is somebody.
            Refusal? refused = (await encounters.ApplyAsync([write], border))[0].Refusal;
            Assert.Equal((RefusalKind.Unknown, null), (refused?.Kind, refused?.Rule));
            Assert.Equal(refused, (await encounters.ApplyAsync([OfNobody(write)], border))[0].Refusal);
        }

        Assert.Equal(
            new Refusal(RefusalKind.Unknown, "no such person"),
            (await encounters.MergeAsync(own.PersonId, others.PersonId, border)).Refusal);
        Assert.Equal(
            new Refusal(RefusalKind.Unknown, "no such person"),
            (await encounters.MergeAsync(others.PersonId, own.PersonId, border)).Refusal);
        Assert.Equal(["own-a"], (await encounters.ReadGalleriesAsync(border)).Galleries.Select(one => one.Gallery));
        IReadOnlyList<IdentifyAnswer> found = await searches.IdentifyAsync(
            [Asked("prison-d", null), Asked("own-a", null), Asked("own-a", 10)], border);
        Assert.Equal(
            [UseRule.GalleryNotGranted, null, UseRule.ThresholdTooLow], found.Select(answer => answer.Refusal?.Rule));
        Assert.Equal((40, 1L), (found[1].Threshold, found[1].Permission.Agreement!.Version));
        Assert.Equal(
            UseRule.GalleryNotGranted,
            (await searches.VerifyAsync(ProbeOf(2), "prison-d", others.PersonId, 40, border)).Refusal?.Rule);
        Assert.True((await searches.VerifyAsync(ProbeOf(1), "own-a", own.PersonId, 40, border)).Decision);

        // Nothing of it happened; the owner's own deletion does.
        Assert.Single((await encounters.ReadPersonAsync(others.PersonId, nobody.For(Use.Internal))).Encounters);
        Assert.True((await encounters.ApplyAsync([new Write.DeletePerson(own.PersonId)], border))[0].IsApplied);

        static IdentifyRequest Asked(string gallery, double? threshold) =>
            new() { Probe = ProbeOf(1), Gallery = gallery, Threshold = threshold };
    }

    private static async Task<UseRule?> RuleAsync(Agreements agreements) => (await agreements.DecideAsync(
        ByBorder, UseRequest.Of(Operation.Identify, "watchlist"), default)).Refusal?.Rule;

    private sealed class AdjustableClock : TimeProvider
    {
        public DateTimeOffset Time { get; set; }

        public override DateTimeOffset GetUtcNow() => Time;
    }
}
