using MatchCluster.Matching.Governance;

namespace MatchCluster.Matching.Tests.Governance;

/// <summary>The documents in memory.</summary>
public sealed class MemoryGovernanceStoreTests : GovernanceStoreContract
{
    private protected override Task<Opened> OpenAsync() =>
        Task.FromResult(new Opened(new MemoryGovernanceStore(), () => ValueTask.CompletedTask));
}

/// <summary>The documents in a file.</summary>
public sealed class SqliteGovernanceStoreTests : GovernanceStoreContract
{
    private protected override Task<Opened> OpenAsync()
    {
        string directory = Directory.CreateTempSubdirectory().FullName;
        SqliteGovernanceStore store = SqliteGovernanceStore.Open(directory);
        return Task.FromResult(new Opened(store, async () =>
        {
            await store.DisposeAsync();
            Directory.Delete(directory, recursive: true);
        }));
    }
}
