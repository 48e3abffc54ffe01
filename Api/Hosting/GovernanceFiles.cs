using MatchCluster.Api.Options;
using MatchCluster.Matching.Cases;
using MatchCluster.Matching.Governance;

namespace MatchCluster.Api.Hosting;

/// <summary>The agreements and cases of an embedded server, in files beside its gallery.</summary>
internal sealed class GovernanceFiles : IAsyncDisposable
{
    private readonly SqliteGovernanceStore store;
    private readonly SqliteCaseSamples samples;

    private GovernanceFiles(SqliteGovernanceStore store, SqliteCaseSamples samples)
    {
        (this.store, this.samples) = (store, samples);
        Agreements = new Agreements(store, TimeProvider.System);
    }

    public Agreements Agreements { get; }

    /// <summary>Opens the files of a data directory, or makes them.</summary>
    /// <exception cref="Matching.Storage.StoreException">They cannot be used.</exception>
    public static async ValueTask<GovernanceFiles> OpenAsync(string directory)
    {
        SqliteGovernanceStore store = SqliteGovernanceStore.Open(directory);
        try
        {
            return new GovernanceFiles(store, SqliteCaseSamples.Open(directory));
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>The cases of a server with these options.</summary>
    public CaseBook Cases(ServerOptions options) => new(
        store, samples, Agreements,
        new CaseSettings(options.Calibration.Id, TimeSpan.FromDays(options.CaseDays)), TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await samples.DisposeAsync();
    }
}
