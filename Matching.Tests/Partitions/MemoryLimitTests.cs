using System.Text.RegularExpressions;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Partitions;

/// <summary>What would pass the memory that the galleries of a process may take is refused with the numbers.</summary>
public sealed class MemoryLimitTests : IAsyncLifetime
{
    private const long Limit = 4 << 20;
    private const int PersonsPerBatch = 100;

    private static readonly PartitionId P0 = new(0);
    private static readonly PartitionId P1 = new(1);

    private readonly FaultyStore store = new(new MemoryGalleryStore(2));
    private PartitionHost host = null!;
    private LocalPartition partition = null!;

    private static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromSeconds(60));

    public async Task InitializeAsync()
    {
        host = new PartitionHost(store, 1, TimeProvider.System, Limit);
        partition = await OpenAsync(host, P0);
    }

    public async Task DisposeAsync()
    {
        await partition.DisposeAsync();
        host.Dispose();
        await store.DisposeAsync();
    }

    [Fact]
    public void Where_nothing_is_said_the_limit_is_a_share_of_what_there_is()
    {
        using PartitionHost unlimited = new(store, 1, TimeProvider.System);
        Assert.Equal((Limit, 0), (host.MemoryLimitBytes, host.MemoryBytes));
        Assert.Equal(PartitionHost.DefaultMemoryBytes, unlimited.MemoryLimitBytes);
        Assert.InRange(unlimited.MemoryLimitBytes, 1 << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }

    [Fact]
    public async Task A_write_that_would_pass_the_limit_is_refused_and_deletes_make_room()
    {
        int held = await FillAsync(partition);
        WriteResult refused = await CreateAsync(partition, held);

        Assert.Equal(RefusalKind.Full, refused.Refusal?.Kind);
        Assert.Matches(
            new Regex("^partition 0 has reached the memory limit: an encounter of [0-9,]+ bytes needs [0-9,]+ bytes "
                + "more beside [0-9,]+ of 4,194,304 bytes in use; delete, add silos or raise the limit$"),
            refused.Refusal!.Reason);
        Assert.InRange(host.MemoryBytes, Limit * 9 / 10, Limit);
        Assert.Equal(held, await store.CountAsync(P0, default));
        Assert.Equal(held, (await partition.StatusAsync(default)).Encounters);

        // What brings no rows is not refused: nobody may be kept from blocking a person by a full memory.
        Assert.True((await ApplyAsync(new Write.SetStatus(IdOf(0), "0", EncounterStatus.Inactive))).IsApplied);
        long full = host.MemoryBytes;
        for (int i = 1; i < held; i += 2)
        {
            Assert.True((await ApplyAsync(new Write.Delete(IdOf(i), $"{i}"))).IsApplied);
        }

        Assert.True(host.MemoryBytes < full * 3 / 4, $"{host.MemoryBytes} of {full} bytes");
        Assert.True((await CreateAsync(partition, held)).IsApplied);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task At_the_limit_an_encounter_may_be_replaced_by_one_that_is_no_larger(bool irises)
    {
        Encounter small = irises ? EncounterOf(0, fingers: [], eyes: [1]) : EncounterOf(0);
        Encounter large = irises ? EncounterOf(0, fingers: [], eyes: [1, 2]) : EncounterOf(0, fingers: [1, 2, 3]);
        int held = 0;
        while ((await ApplyAsync(new Write.Create(Of(small, held)))).IsApplied)
        {
            held++;
        }

        // Many times over: what is replaced gives its rows back, a little later than it is replaced.
        for (int i = 0; i < 3 * held; i++)
        {
            WriteResult replaced = await ApplyAsync(new Write.Update(Of(small, i % held)));
            Assert.True(replaced.IsApplied, replaced.Refusal?.Reason);
            Assert.InRange(host.MemoryBytes, 0, Limit * 3 / 2);
        }

        Assert.Equal(RefusalKind.Full, (await ApplyAsync(new Write.Update(Of(large, 0)))).Refusal?.Kind);
        Assert.Equal(RefusalKind.Full, (await ApplyAsync(new Write.Create(Of(small, held)))).Refusal?.Kind);
        Assert.Equal(held, (await partition.StatusAsync(default)).Encounters);
    }

    [Fact]
    public async Task Of_a_batch_only_what_does_not_fit_is_refused_and_all_or_nothing_is_nothing()
    {
        int held = await FillAsync(partition, keep: 200);
        Write[] creates = [.. Enumerable.Range(held, 2000).Select(Create)];
        WriteAck nothing = await partition.ApplyAsync(new WriteBatch(creates, AllOrNothing: true), Budget);
        Assert.All(nothing.Results, result => Assert.Equal(RefusalKind.Full, result.Refusal?.Kind));
        Assert.Equal(held, await store.CountAsync(P0, default));

        WriteAck some = await partition.ApplyAsync(new WriteBatch(creates), Budget);
        int applied = some.Results.Count(result => result.IsApplied);
        Assert.InRange(applied, 1, creates.Length - 1);
        Assert.All(
            some.Results, result => Assert.True(result.IsApplied || result.Refusal?.Kind == RefusalKind.Full));
        Assert.Equal(held + applied, (await partition.StatusAsync(default)).Encounters);
        Assert.InRange(host.MemoryBytes, 0, Limit);
    }

    [Fact]
    public async Task A_failed_append_gives_back_what_was_reserved_for_it()
    {
        Assert.True((await CreateAsync(partition, 0)).IsApplied);
        long before = host.MemoryBytes;
        Outage outage = new("disk full", MayRetry: true);
        store.OnAppend = () => new AppendResult(AppendOutcome.Failed, Outage: outage);
        Write[] creates = [.. Enumerable.Range(1, 1000).Select(Create)];
        WriteAck failed = await partition.ApplyAsync(new WriteBatch(creates), Budget);

        Assert.All(failed.Results, result => Assert.False(result.IsApplied));
        await partition.DisposeAsync();
        Assert.Equal(0, host.MemoryBytes);
        Assert.NotEqual(0, before);
    }

    [Fact]
    public async Task Partitions_share_the_limit_and_a_closed_one_gives_its_part_back()
    {
        int held = await FillAsync(partition);
        await using LocalPartition other = await OpenAsync(host, P1);
        Assert.Equal(RefusalKind.Full, (await CreateAsync(other, 0)).Refusal?.Kind);

        await partition.DisposeAsync();
        Assert.Equal(0, host.MemoryBytes);
        Assert.True((await CreateAsync(other, 0)).IsApplied);
        await other.DisposeAsync();
        partition = await OpenAsync(host, P0);
        Assert.Equal(held, (await partition.StatusAsync(default)).Encounters);
    }

    [Fact]
    public async Task A_partition_that_does_not_fit_fails_with_the_numbers_and_takes_nothing()
    {
        int held = await FillAsync(partition);
        await partition.DisposeAsync();
        using PartitionHost small = new(store, 1, TimeProvider.System, Limit / 2);

        await using StandbyPartition standby = small.Warm(P0, new JournalMark(0, 0));
        await standby.Loading;
        await using LocalPartition failed = small.Open(P0, standby);
        await failed.Loading;
        PartitionStatus status = await failed.StatusAsync(default);

        Assert.Equal((PartitionState.Failed, 0), (status.State, status.Encounters));
        foreach (string? reason in (string?[])[standby.Failure, status.Reason])
        {
            Assert.Matches(
                new Regex($"^partition 0 does not fit into memory: it needs [0-9,]+ bytes for [0-9]+ of {held} "
                    + "encounters, about [0-9,]+ in all, and [0-9,]+ bytes more beside [0-9,]+ of 2,097,152 bytes in "
                    + "use; add silos or raise the limit$"),
                reason);
        }

        Assert.Equal(0, small.MemoryBytes);
        Outage? outage = (await CreateAsync(failed, held)).Outage;
        Assert.False(outage?.MayRetry);
        Assert.Contains("raise the limit", outage?.Reason);
        partition = await OpenAsync(host, P0);
        Assert.Equal(PartitionState.Ready, (await partition.StatusAsync(default)).State);
    }

    [Fact]
    public async Task A_standby_counts_while_it_is_one_and_its_memory_goes_with_it_or_to_its_heir()
    {
        Assert.True((await CreateAsync(partition, 0)).IsApplied);
        using PartitionHost target = new(store, 1, TimeProvider.System, Limit);
        StandbyPartition given = target.Warm(P0, partition.Mark);
        await given.Loading;
        Assert.Equal(host.MemoryBytes, target.MemoryBytes);
        await given.DisposeAsync();
        Assert.Equal(0, target.MemoryBytes);

        StandbyPartition taken = target.Warm(P0, partition.Mark);
        await using LocalPartition heir = target.Open(P0, taken);
        await heir.Loading;
        await taken.DisposeAsync();
        Assert.Equal(host.MemoryBytes, target.MemoryBytes);
        Assert.Equal(1, (await heir.StatusAsync(default)).Encounters);
        await heir.DisposeAsync();
        Assert.Equal(0, target.MemoryBytes);
    }

    [Fact]
    public async Task An_engine_says_what_it_may_take_and_takes()
    {
        await using MemoryGalleryStore own = new(2);
        await using MatchEngine engine = MatchEngine.Open(own, new MatchEngineOptions { MemoryBytes = Limit });
        await engine.Loaded;
        Assert.Equal((Limit, 0), (engine.MemoryLimitBytes, engine.MemoryBytes));
    }

    private static Encounter Of(Encounter encounter, int i) => encounter with
    {
        PersonId = IdOf(i),
        EncounterId = $"{i}",
        RecordId = new Guid(i, 0, 0, new byte[8]),
    };

    private static Write Create(int i) => new Write.Create(
        EncounterOf(0) with { PersonId = IdOf(i), EncounterId = $"{i}", RecordId = new Guid(i, 0, 0, new byte[8]) });

    private static async Task<LocalPartition> OpenAsync(PartitionHost host, PartitionId id)
    {
        LocalPartition opened = host.Open(id);
        await opened.Loading;
        return opened;
    }

    private static async Task<WriteResult> CreateAsync(LocalPartition into, int i) =>
        (await into.ApplyAsync(new WriteBatch([Create(i)]), Budget)).Results[0];

    private async Task<WriteResult> ApplyAsync(Write write) =>
        (await partition.ApplyAsync(new WriteBatch([write]), Budget)).Results[0];

    /// <summary>Enrols until a write is refused, then takes some out again; returns how many are left.</summary>
    private static async Task<int> FillAsync(LocalPartition into, int keep = int.MaxValue)
    {
        int held = 0;
        while (held < keep)
        {
            WriteAck ack = await into.ApplyAsync(
                new WriteBatch([.. Enumerable.Range(held, PersonsPerBatch).Select(Create)]), Budget);
            int applied = ack.Results.TakeWhile(result => result.IsApplied).Count();
            Assert.All(ack.Results.Skip(applied), result => Assert.Equal(RefusalKind.Full, result.Refusal?.Kind));
            held += applied;
            if (applied < PersonsPerBatch)
            {
                break;
            }
        }

        return held;
    }
}
