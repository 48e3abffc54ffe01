using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Tests.Storage;

/// <summary>The writer's thread meets what nobody expects: those who wait are told, and it goes on.</summary>
public sealed class SqliteWriterTests : IAsyncLifetime
{
    private readonly TempDirectory directory = new();
    private SqliteWriter writer = null!;

    public async Task InitializeAsync()
    {
        await (await SqliteFixture.OpenAsync(directory.Path)).DisposeAsync();
        string path = directory.File(SqliteFile.Name);
        GalleryHead head = GalleryHead.Open(directory.Path);
        head.Follow(head.Found!.Value);
        writer = new SqliteWriter(SqliteFile.OpenWriter(path), path, head);
    }

    public async Task DisposeAsync()
    {
        await writer.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task Memory_that_runs_out_inside_a_transaction_fails_its_group_whole_and_the_next_one_is_written()
    {
        using ManualResetEventSlim gate = new();
        Task<bool> held = writer.RunAloneAsync(_ => { gate.Wait(); return true; }, _ => false, default);
        Task<Outage?> good = PutAsync("a", () => { });
        Task<Outage?> bad = PutAsync("b", () => throw new InsufficientMemoryException());
        gate.Set();
        await held;

        Assert.Equal(SqliteFaults.NoMemory, await good);
        Assert.Equal(SqliteFaults.NoMemory, await bad);
        Assert.Null(await PutAsync("c", () => { }));
        Assert.Equal("c", await NamesAsync());
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(OutOfMemoryException))]
    public async Task Whatever_is_thrown_reaches_its_caller_and_the_thread_goes_on(Type error)
    {
        for (int i = 0; i < 3; i++)
        {
            Task<bool> alone = writer.RunAloneAsync<bool>(
                _ => throw (Exception)Activator.CreateInstance(error)!, _ => false, default);
            await Assert.ThrowsAsync(error, () => alone);
            Task<bool> answer = writer.RunAsync(
                _ => true, _ => throw (Exception)Activator.CreateInstance(error)!, 0, default);
            Assert.True(await answer);
            Assert.Null(await PutAsync($"n{i}", () => { }));
        }

        Assert.Equal("n0n1n2", await NamesAsync());
    }

    private Task<Outage?> PutAsync(string name, Action then) => writer.RunAsync(
        session =>
        {
            session.WriteBlob(System.Text.Encoding.UTF8.GetBytes(name), [1]);
            then();
            return (Outage?)null;
        },
        outage => outage, 1, default);

    private Task<string> NamesAsync() => writer.RunAloneAsync(
        session => (string)SqliteFile.Scalar(
            session.Connection,
            "SELECT group_concat(CAST(name AS TEXT), '') FROM (SELECT name FROM blobs ORDER BY name)")!,
        _ => "", default);
}
