using System.Text;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Tests.Keys;
using MatchCluster.Matching.Tests.Storage;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Tests.Tasks;

public sealed class TaskStoreTests
{
    [Fact]
    public Task Memory_keeps_tasks() => TaskStoreContract.HoldsAsync(new MemoryTaskStore(TaskStoreContract.Limits));

    [Fact]
    public async Task A_file_keeps_tasks()
    {
        using TempDirectory directory = new();
        await using SqliteTaskStore store =
            SqliteTaskStore.Open(directory.Path, keys: null, TaskStoreContract.Limits);
        await TaskStoreContract.HoldsAsync(store);
    }

    [Fact]
    public async Task A_restart_finds_them_as_they_were()
    {
        using TempDirectory directory = new();
        TaskRecord task = TaskStoreContract.Some("kept", "t");
        await using (SqliteTaskStore store = SqliteTaskStore.Open(directory.Path))
        {
            await store.PutAsync(task, default);
            await store.ClaimAsync(
                new TaskClaim(
                    TaskPhase.Execute, ["kept"], "gone", TaskStoreContract.At(1), TaskStoreContract.At(2)), default);
        }

        await using SqliteTaskStore again = SqliteTaskStore.Open(directory.Path);
        Assert.Equal(
            TaskPutOutcome.Same, (await again.PutAsync(TaskStoreContract.Some("kept", "t"), default)).Outcome);
        TaskRecord taken = Assert.Single(await again.ClaimAsync(
            new TaskClaim(TaskPhase.Execute, ["kept"], "next", TaskStoreContract.At(3), TaskStoreContract.At(9)),
            default));
        Assert.Equal((task.Id, 2L, "asked"), (taken.Id, taken.Epoch, Encoding.UTF8.GetString(taken.Request.Span)));
    }

    [Fact]
    public async Task A_task_that_cannot_be_read_holds_up_no_other()
    {
        using TempDirectory directory = new();
        TaskRecord broken = TaskStoreContract.Some("kind", "t1");
        await using SqliteTaskStore store = SqliteTaskStore.Open(directory.Path);
        await store.PutAsync(broken, default);
        using (SqliteConnection raw = new(
            $"Data Source={Path.Combine(directory.Path, SqliteTaskStore.Name)};Pooling=False"))
        {
            raw.Open();
            using SqliteCommand damage = raw.CreateCommand();
            damage.CommandText = "UPDATE contents SET request = x'07' WHERE id = $id";
            damage.Parameters.AddWithValue("$id", broken.Id);
            Assert.Equal(1, damage.ExecuteNonQuery());
        }

        await TaskStoreContract.HandsOutOthersAsync(store, broken);
    }

    /// <summary>A file that was made before partners had shares: what they have is counted once.</summary>
    [Fact]
    public async Task An_older_file_knows_what_a_partner_takes()
    {
        using TempDirectory directory = new();
        TaskLimits limits = new(4, 1000) { PartnerPercent = 50 };
        await using (SqliteTaskStore store = SqliteTaskStore.Open(directory.Path, limits: limits))
        {
            await store.PutAsync(TaskStoreContract.Some("kind", "t1"), default);
            await store.PutAsync(TaskStoreContract.Some("kind", "t2"), default);
        }

        using (SqliteConnection raw = new(
            $"Data Source={Path.Combine(directory.Path, SqliteTaskStore.Name)};Pooling=False"))
        {
            raw.Open();
            using SqliteCommand older = raw.CreateCommand();
            older.CommandText =
                "DROP TRIGGER share_added; DROP TRIGGER share_changed; DROP TRIGGER share_deleted; DROP TABLE shares";
            older.ExecuteNonQuery();
        }

        await using SqliteTaskStore again = SqliteTaskStore.Open(directory.Path, limits: limits);
        TaskRecord more = TaskStoreContract.Some("kind", "t3");
        Assert.Equal(TaskPutOutcome.PartnerFull, (await again.PutAsync(more, default)).Outcome);
        Assert.Equal(
            TaskPutOutcome.Created,
            (await again.PutAsync(TaskStoreContract.Some("kind", "t3", partner: "b"), default)).Outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_a_key_nothing_of_a_task_is_in_the_file_and_what_is_erased_is_not_either(bool isSealed)
    {
        using TempDirectory directory = new();
        using KeyRing keys = await TestKeys.RingAsync(new TestKeys());
        string path = Path.Combine(directory.Path, SqliteTaskStore.Name);
        TaskRecord task = TaskStoreContract.Some("sealed", request: "a text that is looked for");
        await using (SqliteTaskStore store = SqliteTaskStore.Open(
            directory.Path, isSealed ? keys : null, TaskStoreContract.Limits))
        {
            await TaskStoreContract.HoldsAsync(store);
            await store.PutAsync(task, default);
        }

        Assert.Equal(!isSealed, Contains(path, "a text that is looked for"));
        await using (SqliteTaskStore store = SqliteTaskStore.Open(directory.Path, isSealed ? keys : null))
        {
            Assert.True(await store.ControlAsync(
                task.Id, [TaskState.Waiting], new TaskChange(TaskStoreContract.At(1)) { ErasesRequest = true },
                default));
        }

        Assert.False(Contains(path, "a text that is looked for"));
    }

    [Fact]
    public async Task A_sealed_task_needs_its_key_and_its_place()
    {
        using KeyRing keys = await TestKeys.RingAsync(new TestKeys());
        using KeyRing other = await TestKeys.RingAsync(new TestKeys(), "two");
        TaskCodec codec = new(keys, "here");
        byte[] kept = codec.Encode("t-1", "request", [1, 2, 3]);
        Assert.Equal(1 + 16 + 12 + 3 + 16, kept.Length);
        Assert.Equal([1, 2, 3], codec.Decode("t-1", "request", kept));
        Assert.Throws<StoreException>(() => codec.Decode("t-2", "request", kept));
        Assert.Throws<StoreException>(() => codec.Decode("t-1", "result", kept));
        Assert.Throws<StoreException>(() => new TaskCodec(null, "here").Decode("t-1", "request", kept));
        Assert.Throws<StoreException>(() => new TaskCodec(other, "here").Decode("t-1", "request", kept));
        Assert.Throws<StoreException>(() => codec.Decode("t-1", "request", [3, 1]));
        Assert.Equal([1, 9], new TaskCodec(null, "here").Encode("t-1", "request", [9]));
        Assert.Empty(codec.Decode("t-1", "request", codec.Encode("t-1", "request", [])));
    }

    private static bool Contains(string path, string text) => File.ReadAllBytes(path).AsSpan()
        .IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
}
