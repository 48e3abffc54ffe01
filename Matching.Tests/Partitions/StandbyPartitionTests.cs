using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Storage;
using static MatchCluster.Matching.Tests.Partitions.PartitionTraffic;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Partitions;

/// <summary>A partition that was loaded beside its owner is, once taken over, what a fresh load would be.</summary>
public sealed class StandbyPartitionTests : IAsyncLifetime
{
    private static readonly PartitionId P0 = new(0);

    private readonly TempDirectory directory = new();
    private PartitionHost host = null!;
    private IGalleryStore store = null!;

    public Task InitializeAsync()
    {
        Use(new MemoryGalleryStore(1));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        host.Dispose();
        await store.DisposeAsync();
        directory.Dispose();
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(5, true)]
    public async Task Whatever_was_written_meanwhile_is_there_afterwards(int seed, bool inSqlite)
    {
        await UseAsync(inSqlite);
        Random dice = new(seed);
        LocalPartition owner = await OpenAsync();
        await WriteAsync(owner, dice, 40);

        JournalMark mark = owner.Mark;
        StandbyPartition standby = host.Warm(P0, mark);
        await WriteAsync(owner, dice, 15);
        await standby.Loading;
        for (int round = 0; round < 3; round++)
        {
            JournalTail changes = owner.ChangesSince(mark)!;
            Assert.True(await standby.CatchUpAsync(changes, default));
            mark = new JournalMark(changes.Epoch, changes.To);
            await WriteAsync(owner, dice, 5);
        }

        await owner.DisposeAsync();
        JournalTail last = owner.ChangesSince(mark)!;
        Assert.InRange(last.Persons.Count, 1, 5);
        await AssertLikeAFreshLoadAsync(host.Open(P0, standby, last));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Without_the_last_changes_every_record_is_compared(int seed)
    {
        Random dice = new(seed);
        LocalPartition owner = await OpenAsync();
        await WriteAsync(owner, dice, 40);
        StandbyPartition standby = host.Warm(P0, owner.Mark);
        await standby.Loading;
        await WriteAsync(owner, dice, 40);
        await owner.DisposeAsync();

        await AssertLikeAFreshLoadAsync(host.Open(P0, standby));
    }

    [Fact]
    public async Task Changes_of_an_owner_that_was_not_the_last_one_are_not_enough_and_nothing_is_missed()
    {
        Random dice = new(21);
        LocalPartition owner = await OpenAsync();
        await WriteAsync(owner, dice, 20);
        JournalMark mark = owner.Mark;
        StandbyPartition standby = host.Warm(P0, mark);
        await standby.Loading;
        await owner.DisposeAsync();
        JournalTail last = owner.ChangesSince(mark)!;

        LocalPartition between = await OpenAsync();
        await WriteAsync(between, dice, 20);
        await between.DisposeAsync();

        await AssertLikeAFreshLoadAsync(host.Open(P0, standby, last));
    }

    [Fact]
    public async Task The_owner_whose_partition_was_taken_over_writes_nothing_more()
    {
        LocalPartition owner = await OpenAsync();
        await WriteAsync(owner, new Random(31), 10);
        StandbyPartition standby = host.Warm(P0, owner.Mark);
        await using LocalPartition newer = host.Open(P0, standby);
        await newer.Loading;

        WriteAck refused = await owner.ApplyAsync(new WriteBatch([new Write.Create(EncounterOf(77))]), Budget);
        Assert.Contains("newer owner", refused.Results[0].Outage?.Reason);
        await owner.DisposeAsync();
    }

    [Fact]
    public async Task An_append_under_way_lies_behind_every_mark_until_it_is_answered()
    {
        FaultyStore faulty = new(new MemoryGalleryStore(1));
        Use(faulty);
        LocalPartition owner = await OpenAsync();
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        faulty.AppendGate = gate.Task;
        faulty.OnAppendSent = () => sent.TrySetResult();
        Task<WriteAck> writing = owner.ApplyAsync(
            new WriteBatch([new Write.Create(EncounterOf(1))]), Budget).AsTask();
        await sent.Task;

        JournalMark mark = owner.Mark;
        StandbyPartition standby = host.Warm(P0, mark);
        await standby.Loading;
        JournalTail during = owner.ChangesSince(mark)!;
        Assert.Equal([IdOf(1)], during.Persons);
        Assert.True(await standby.CatchUpAsync(during, default));

        gate.SetResult();
        Assert.True((await writing).Results[0].IsApplied);
        await owner.DisposeAsync();
        JournalTail last = owner.ChangesSince(new JournalMark(during.Epoch, during.To))!;
        Assert.Equal([IdOf(1)], last.Persons);
        await using LocalPartition taken = host.Open(P0, standby, last);
        await taken.Loading;
        Assert.Equal(1, (await taken.StatusAsync(default)).Identities);
    }

    [Fact]
    public async Task Changes_that_do_not_follow_on_what_was_read_are_not_taken_for_it()
    {
        LocalPartition owner = await OpenAsync();
        await WriteAsync(owner, new Random(41), 5);
        JournalMark mark = owner.Mark;
        await using StandbyPartition standby = host.Warm(P0, mark);

        Assert.False(await standby.CatchUpAsync(new JournalTail(mark.Epoch, mark.Sequence + 3, 99, []), default));
        Assert.False(await standby.CatchUpAsync(new JournalTail(mark.Epoch + 1, 0, 99, []), default));
        Assert.Null(owner.ChangesSince(mark with { Epoch = mark.Epoch - 1 }));
        Assert.Null(owner.ChangesSince(mark with { Sequence = mark.Sequence + 100 }));
        await owner.DisposeAsync();
    }

    [Fact]
    public void A_journal_forgets_what_lies_too_far_back_and_says_so()
    {
        PartitionJournal journal = new(3);
        JournalMark start = journal.Mark;
        journal.Begin(Enumerable.Range(0, Limits.JournalPersons).Select(i => $"P{i % 7}"));
        journal.Settle();
        Assert.Equal(7, journal.Since(start)!.Persons.Count);

        journal.Begin(["one more"]);
        Assert.Null(journal.Since(start));
        JournalTail tail = journal.Since(new JournalMark(3, Limits.JournalPersons))!;
        Assert.Equal(["one more"], tail.Persons);
        Assert.Equal(Limits.JournalPersons, tail.To);
    }

    [Fact]
    public async Task A_standby_that_could_not_be_loaded_is_left_aside()
    {
        FaultyStore faulty = new(new MemoryGalleryStore(1))
        {
            LoadFailure = new StoreException(new Outage("the line is cut", MayRetry: true), "store"),
        };
        Use(faulty);
        StandbyPartition standby = host.Warm(P0, new JournalMark(1, 0));
        await standby.Loading;
        Assert.Contains("the line is cut", standby.Failure);
        faulty.LoadFailure = null;

        LocalPartition owner = await OpenAsync();
        await WriteAsync(owner, new Random(51), 20);
        await owner.DisposeAsync();
        await AssertLikeAFreshLoadAsync(host.Open(P0, standby));
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_any_more_is_counted_and_not_searched()
    {
        FaultyStore faulty = new(new MemoryGalleryStore(1));
        Use(faulty);
        LocalPartition owner = await OpenAsync();
        await owner.ApplyAsync(new WriteBatch([.. Enumerable.Range(0, 4).Select(
            person => new Write.Create(EncounterOf(person)))]), Budget);
        StandbyPartition standby = host.Warm(P0, owner.Mark);
        await standby.Loading;
        await owner.DisposeAsync();
        faulty.Damaged = IdOf(2);

        await using LocalPartition taken = host.Open(P0, standby);
        await taken.Loading;
        PartitionStatus status = await taken.StatusAsync(default);
        Assert.Equal((3L, 1L, 3L, 4L), (status.Identities, status.Unreadable, status.Loaded, status.ToLoad));
    }

    private void Use(IGalleryStore used)
    {
        host?.Dispose();
        store = used;
        host = new PartitionHost(store, threads: 2, TimeProvider.System);
    }

    private async Task UseAsync(bool sqlite)
    {
        if (sqlite)
        {
            await store.DisposeAsync();
            Use(await SqliteGalleryStore.OpenAsync(directory.Path, 1, 1, default));
        }
    }

    private async Task<LocalPartition> OpenAsync()
    {
        LocalPartition opened = host.Open(P0);
        await opened.Loading;
        Assert.False(opened.HasFailed);
        return opened;
    }

    private async Task AssertLikeAFreshLoadAsync(LocalPartition taken)
    {
        await taken.Loading;
        await AssertAlikeAsync(taken, OpenAsync);
    }
}
