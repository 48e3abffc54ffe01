using MatchCluster.Grains.Clients;
using MatchCluster.Grains.Contracts;
using MatchCluster.Matching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using Orleans.Runtime.Messaging;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Grains.Tests.Clients;

/// <summary>What a caller is told when the cluster fails it, and what never reaches the cluster.</summary>
public sealed class GrainPartitionFaultTests : IAsyncLifetime
{
    private readonly MemoryGalleryStore store = new(1);
    private PartitionHost host = null!;
    private LocalPartition local = null!;
    private FakeGrain grain = null!;
    private GrainPartition partition = null!;

    public async Task InitializeAsync()
    {
        host = new PartitionHost(store, threads: 1, TimeProvider.System);
        local = host.Open(new PartitionId(0));
        await local.Loading;
        grain = new FakeGrain(local);
        SiloPulse pulse = new((_, _) => Task.CompletedTask, _ => { }, TimeProvider.System);
        partition = new GrainPartition(new PartitionId(0), grain, new SearchFrames(), new PartitionMap(1), pulse);
    }

    public async Task DisposeAsync()
    {
        await local.DisposeAsync();
        host.Dispose();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Writes_too_long_for_one_message_go_in_several_and_in_order()
    {
        Write[] writes =
        [
            .. Enumerable.Range(0, 6).Select(i => new Write.Create(Large(i))),
            new Write.DeletePerson("P5"),
        ];
        WriteAck ack = await partition.ApplyAsync(new WriteBatch(writes), Budget);

        Assert.InRange(grain.Arrived.Count, 3, 7);
        Assert.All(grain.Arrived, bytes => Assert.InRange(bytes, 1, MessageLimits.RequestBytes));
        Assert.Equal(7, ack.Results.Count);

        // The templates are no minutiae: the partition looked at each and refused it; nobody was enrolled.
        Assert.All(ack.Results.Take(6), result => Assert.Equal(RefusalKind.Invalid, result.Refusal?.Kind));
        Assert.Equal(RefusalKind.Unknown, ack.Results[6].Refusal?.Kind);
    }

    /// <summary>Whoever was listed is deleted between two messages: nobody else moves up and is missed.</summary>
    [Fact]
    public async Task A_gallery_too_long_for_one_message_is_listed_whole_while_people_are_deleted()
    {
        const int people = MessageLimits.MembersPerAnswer + 100;
        Encounter nobody = EncounterOf(0) with { Samples = [] };
        foreach (int[] some in Enumerable.Range(0, people).Chunk(Limits.WritesPerBatch))
        {
            WriteAck enrolled = await local.ApplyAsync(
                new WriteBatch([.. some.Select(i => new Write.Create(
                    nobody with { PersonId = $"P{i:D6}" }))]),
                Budget);
            Assert.All(enrolled.Results, result => Assert.True(result.IsApplied, result.Refusal?.Reason));
        }

        int reads = 0;
        grain.AfterRead = async () =>
        {
            reads++;
            await local.ApplyAsync(new WriteBatch([new Write.DeletePerson($"P{reads:D6}")]), Budget);
        };
        ReadAnswer all = await partition.ReadAsync(new ReadQuery.Gallery("ALL", 0, int.MaxValue), Budget);

        Assert.Equal(2, reads);
        Assert.Equal(
            Enumerable.Range(0, people).Select(i => $"P{i:D6}"), all.Members.Select(member => member.PersonId));
    }

    [Fact]
    public async Task Writes_that_apply_together_and_do_not_fit_one_message_are_refused_before_the_call()
    {
        Write[] writes = [.. Enumerable.Range(0, 3).Select(i => new Write.Create(Large(i)))];
        WriteAck ack = await partition.ApplyAsync(new WriteBatch(writes, AllOrNothing: true), Budget);

        Assert.Empty(grain.Arrived);
        Assert.Equal(3, ack.Results.Count);
        Assert.All(ack.Results, result => Assert.Matches(
            $"3 writes that apply together take 12[0-9]{{6}} bytes, wanted at most {MessageLimits.RequestBytes}",
            result.Refusal?.Reason));
    }

    [Fact]
    public async Task Searches_too_long_for_one_message_go_in_several_and_are_answered_as_one()
    {
        await ApplyAsync(0);
        Probe views = new([.. Enumerable.Repeat(ProbeOf(0).Fingers[0], Limits.RowsPerEncounter)], []);
        Search heavy = Ask(0) with { Probe = views };
        SearchBatch batch = new([.. Enumerable.Repeat(heavy, Limits.SearchesPerBatch)]);
        grain.Arrived.Clear();
        PartitionAnswer answer = await partition.SearchAsync(batch, SearchBudget.Of(Limits.LongestDeadline));

        Assert.True(grain.Arrived.Count > 1, $"{string.Join(' ', grain.Arrived)}");
        Assert.All(grain.Arrived, bytes => Assert.InRange(bytes, 1, MessageLimits.RequestBytes));
        Assert.Equal((PartitionOutcome.Complete, 1L), (answer.Outcome, answer.IdentitiesSearched));
        Assert.Equal(Limits.SearchesPerBatch, answer.Results.Count);
        Assert.All(answer.Results, result => Assert.Equal(IdOf(0), Assert.Single(result.Hits).PersonId));
    }

    [Fact]
    public async Task A_template_beyond_its_limit_is_refused_before_the_call_and_the_rest_is_sent()
    {
        Encounter tooLong = EncounterOf(1) with
        {
            Samples = [EncounterOf(1).Samples[0] with { Template = new byte[Limits.FingerTemplateBytes + 1] }],
        };
        WriteAck ack = await partition.ApplyAsync(
            new WriteBatch([new Write.Create(tooLong), new Write.Create(EncounterOf(0))]), Budget);

        Assert.Equal("sample 0: a template of 65537 bytes, wanted 1 to 65536", ack.Results[0].Refusal?.Reason);
        Assert.True(ack.Results[1].IsApplied);
    }

    public static TheoryData<Exception> Moves() =>
    [
        new SiloUnavailableException(), new GatewayTooBusyException(), new ConnectionFailedException("refused"),
        new ObjectDisposedException("a silo that stops"),
    ];

    [Theory]
    [MemberData(nameof(Moves))]
    public async Task A_search_waits_for_a_partition_that_moves_and_a_write_says_that_it_may_have_happened(
        Exception move)
    {
        await ApplyAsync(0);
        grain.Failures.Enqueue(move);
        grain.Failures.Enqueue(move);
        Assert.Equal(PartitionOutcome.Complete, (await SearchAsync(Budget)).Outcome);

        grain.Failures.Enqueue(move);
        Outage? outage = (await ApplyAsync(1)).Outage;
        Assert.Contains($"out of reach ({move.GetType().Name}); the write may have been applied", outage?.Reason);
        Assert.True(outage?.MayRetry);
    }

    [Fact]
    public async Task Silence_ends_at_the_deadline_and_the_answer_says_how_many_were_not_searched()
    {
        await ApplyAsync(0);
        await SearchAsync(Budget);
        grain.IsSilent = true;
        PartitionAnswer answer = await SearchAsync(SearchBudget.Of(TimeSpan.FromMilliseconds(100)))
            .WaitAsync(TimeSpan.FromMinutes(2)); // without the deadline it never ends

        Assert.Equal((PartitionOutcome.Unavailable, 1L, 0L),
            (answer.Outcome, answer.IdentitiesHeld, answer.IdentitiesSearched));
        Assert.Contains("did not answer before the deadline", answer.Reason);
        Assert.NotNull(answer.RetryAfter);
    }

    [Fact]
    public async Task After_a_part_without_an_answer_the_parts_behind_it_are_not_sent()
    {
        grain.Failures.Enqueue(new SiloUnavailableException());
        Write[] writes = [.. Enumerable.Range(0, 4).Select(i => new Write.Create(Large(i)))];
        WriteAck ack = await partition.ApplyAsync(new WriteBatch(writes), Budget);

        Assert.Single(grain.Arrived);
        Assert.Contains("may have been applied", ack.Results[0].Outage?.Reason);
        Assert.Contains("not sent, because a write before it failed", ack.Results[3].Outage?.Reason);
        Assert.All(ack.Results, result => Assert.True(result.Outage?.MayRetry));
    }

    [Fact]
    public async Task A_grain_that_cannot_take_the_call_is_an_outage_that_a_retry_does_not_mend()
    {
        grain.Failures.Enqueue(new CallRejectedException("found frame version 2, wanted version 1"));
        PartitionAnswer answer = await SearchAsync(Budget);

        Assert.Equal(PartitionOutcome.Unavailable, answer.Outcome);
        Assert.Contains("found frame version 2", answer.Reason);
        Assert.Null(answer.RetryAfter);
    }

    private static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromSeconds(30));

    /// <summary>The largest encounter that the rules let through: about 4 MiB.</summary>
    private static Encounter Large(int number)
    {
        Sample sample = EncounterOf(0).Samples[0] with { Template = new byte[Limits.FingerTemplateBytes] };
        return EncounterOf(0) with
        {
            PersonId = $"P{number}",
            Samples = [.. Enumerable.Repeat(sample, Limits.SamplesPerEncounter)],
        };
    }

    private static Search Ask(int person) =>
        new() { Probe = ProbeOf(person), Gallery = "G", Threshold = 0, MaxCandidates = 10 };

    private async Task<PartitionAnswer> SearchAsync(SearchBudget budget) =>
        await partition.SearchAsync(new SearchBatch([Ask(0)]), budget);

    private async Task<WriteResult> ApplyAsync(int person) => Assert.Single((await partition.ApplyAsync(
        new WriteBatch([new Write.Create(EncounterOf(person))]), Budget)).Results);
}
