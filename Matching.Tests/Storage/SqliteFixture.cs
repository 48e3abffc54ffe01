using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Tests.Storage;

/// <summary>A SQLite store in a directory of its own, with one open partition.</summary>
internal sealed class SqliteFixture : IAsyncDisposable
{
    private SqliteFixture(SqliteGalleryStore store, TempDirectory directory, long epoch)
    {
        Store = store;
        Directory = directory;
        Epoch = epoch;
    }

    public static PartitionId P0 => new(0);

    public SqliteGalleryStore Store { get; private set; }

    public TempDirectory Directory { get; }

    public long Epoch { get; }

    public static async Task<SqliteFixture> NewAsync(int partitions = 1)
    {
        TempDirectory directory = new();
        SqliteGalleryStore store = await OpenAsync(directory.Path, partitions);
        return new SqliteFixture(store, directory, await store.OpenEpochAsync(P0, CancellationToken.None));
    }

    public static async Task<SqliteGalleryStore> OpenAsync(string directory, int? partitions = null) =>
        await SqliteGalleryStore.OpenAsync(directory, partitions, 1, CancellationToken.None);

    public async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = await OpenAsync(Directory.Path);
    }

    public Task<AppendResult> PutAsync(params Encounter[] encounters) => PutAsync(P0, Epoch, encounters);

    public Task<AppendResult> PutAsync(PartitionId partition, long epoch, params Encounter[] encounters) =>
        Store.AppendAsync(
            partition, epoch, [.. encounters.Select(StoreWrite.Put)], CancellationToken.None).AsTask();

    public async Task<List<StoredEncounter>> AllAsync()
    {
        List<StoredEncounter> all = [];
        await foreach (IReadOnlyList<StoredEncounter> chunk in Store.ReadAllAsync(P0, CancellationToken.None))
        {
            all.AddRange(chunk);
        }

        return all;
    }

    /// <summary>Runs SQL on the store's own writing connection.</summary>
    public Task RunAsync(string sql) =>
        Store.RunOnWriterAsync(connection => SqliteFile.Run(connection, sql));

    /// <summary>Runs SQL in a database beside the store.</summary>
    public static void Run(string path, string sql)
    {
        using SqliteConnection connection = new($"Data Source={path};Pooling=False");
        connection.Open();
        SqliteFile.Run(connection, sql);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Dispose();
    }
}
