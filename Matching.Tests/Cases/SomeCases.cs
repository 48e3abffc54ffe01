using MatchCluster.Matching.Cases;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;
using Microsoft.Extensions.Time.Testing;
using static MatchCluster.Matching.Tests.Governance.SomeAgreements;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Cases;

/// <summary>
/// An engine whose watchlist belongs to police-c and is searched by border-a, with persons of both.
/// </summary>
internal sealed class SomeCases : IAsyncDisposable
{
    private readonly MemoryGalleryStore galleries = new(2);
    private readonly MatchEngine engine;

    private SomeCases(IGovernanceStore? store, ICaseSamples? samples, bool keepsProbes)
    {
        Store = store ?? new MemoryGovernanceStore();
        Samples = samples ?? new MemoryCaseSamples();
        engine = MatchEngine.Open(galleries, new MatchEngineOptions { Threads = 2 });
        Agreements = new Agreements(Store, Clock);
        Book = new CaseBook(Store, Samples, Agreements, Settings with { KeepsProbes = keepsProbes }, Clock);
        Searches = new SearchRoot(
            engine, TimeProvider.System, Agreements, new PartnerIds(() => new byte[PartnerIds.SecretBytes]), Book);
    }

    public static CaseSettings Settings { get; } = new("calibration-x", TimeSpan.FromDays(30));

    public FakeTimeProvider Clock { get; } = new(Now);

    public IGovernanceStore Store { get; }

    public ICaseSamples Samples { get; }

    public Agreements Agreements { get; }

    public CaseBook Book { get; }

    public SearchRoot Searches { get; }

    public static Use Anna { get; } = Person("police-c", "anna");

    public static Use Berta { get; } = Person("police-c", "berta");

    public static Use Clara { get; } = Person("police-c", "clara");

    public static Use Dora { get; } = Person("border-a", "dora");

    public static Use Person(string partner, string subject) =>
        new() { Partner = partner, Subject = subject, IsPerson = true };

    /// <summary>People 1 and 2 are on the watchlist.</summary>
    public static async Task<SomeCases> StartAsync(
        Func<Agreement, Agreement>? agreed = null, IGovernanceStore? store = null, ICaseSamples? samples = null,
        bool keepsProbes = true)
    {
        SomeCases made = new(store, samples, keepsProbes);
        await SignAsync(made.Agreements, (agreed ?? (same => same))(Border));
        foreach (GalleryPolicy policy in Policies)
        {
            await SignAsync(made.Agreements, policy);
        }

        await made.engine.Loaded;
        EncounterRoot encounters = new(made.engine, TimeProvider.System);
        Encounter[] people = [EncounterOf(1, gallery: "watchlist"), EncounterOf(2, gallery: "watchlist")];
        IReadOnlyList<WriteResult> written = await encounters.ApplyAsync(
            [.. people.Select(one => new Write.Create(one))], SearchBudget.Of(TimeSpan.FromSeconds(60)));
        Assert.All(written, result => Assert.True(result.IsApplied));
        return made;
    }

    /// <summary>Searches the watchlist for a person.</summary>
    public async Task<IdentifyAnswer> SearchAsync(int person, Use? use = null, string gallery = "watchlist") =>
        (await Searches.IdentifyAsync(
            [new IdentifyRequest { Probe = ProbeOf(person), Gallery = gallery, TargetFpir = 0.001 }],
            SearchBudget.Of(TimeSpan.FromSeconds(60)).For(use ?? ByBorder)))[0];

    /// <summary>Records a verdict; what refuses it, or null.</summary>
    public async Task<CaseRefusal?> DecideAsync(
        string id, Use by, Verdict verdict = Verdict.Same, IReadOnlyList<Sample>? probe = null, int rank = 1) =>
        (await Book.DecideAsync(id, new DecisionRequest(rank, verdict, "seen", probe), by, default)).Refusal;

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        await galleries.DisposeAsync();
    }
}
