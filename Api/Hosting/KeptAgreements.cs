using MatchCluster.Api.Options;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Hosting;

/// <summary>
/// Whether a server holds its callers to agreements. Where some are kept it must be said at each start: a forgotten
/// option would let every caller do what its scopes allow.
/// </summary>
internal static class KeptAgreements
{
    /// <summary>The documents of an embedded server; null where it asks for no agreements.</summary>
    /// <exception cref="StoreException">They cannot be used, or nobody said whether they count.</exception>
    public static async ValueTask<SqliteGovernanceStore?> OpenAsync(ServerOptions options, CancellationToken cancel)
    {
        bool isThere = File.Exists(Path.Combine(options.Data, SqliteGovernanceStore.Name));
        if (!(options.KeepsAgreements ?? isThere))
        {
            return null;
        }

        SqliteGovernanceStore store = SqliteGovernanceStore.Open(options.Data);
        try
        {
            if (await CountAsync(options, store, options.Data, cancel))
            {
                return store;
            }
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }

        await store.DisposeAsync();
        return null;
    }

    /// <summary>Whether agreements count.</summary>
    /// <param name="options">What was said.</param>
    /// <param name="store">Where they are kept.</param>
    /// <param name="where">Its name, for the refusal.</param>
    /// <param name="cancel">Ends the start.</param>
    /// <exception cref="StoreException">Some are kept, and nobody said whether they count.</exception>
    public static async ValueTask<bool> CountAsync(
        ServerOptions options, IGovernanceStore store, string where, CancellationToken cancel)
    {
        if (options.KeepsAgreements is { } said)
        {
            return said;
        }

        return (await store.ReadAllAsync(Agreements.Kind, cancel)).Count == 0 ? false
            : throw new StoreException(
                $"{where}: found agreements with partners, wanted --agreements true, or false to let every caller do "
                + "what its scopes allow");
    }
}
