using MatchCluster.Grains.Contracts;
using MatchCluster.Matching;
using MatchCluster.Matching.Frames;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Grains.Tests.Clusters;

public sealed class CancellationTests
{
    private const int Enrolled = 600;

    [Fact]
    public async Task A_caller_that_goes_ends_the_scan_in_the_silo()
    {
        AnswerTap tap = new();
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(
            silos: 1, partitions: 1, configure: (_, silo) => silo.AddIncomingGrainCallFilter(tap));
        IPartition partition = (await cluster.ReadyAsync()).All[0];
        await EnrolAsync(partition);

        // One thread compares 64 probes with 600 identities for the best part of a second.
        using CancellationTokenSource going = new();
        Search[] searches = [.. Enumerable.Range(0, Limits.SearchesPerBatch).Select(_ => new Search
        {
            Probe = ProbeOf(0, fingers: [1, 2]),
            Gallery = "G",
            Threshold = 0,
            MaxCandidates = 1,
        })];
        SearchBudget budget = SearchBudget.Of(TimeSpan.FromSeconds(60), going.Token);
        Task<PartitionAnswer> asked = partition.SearchAsync(new SearchBatch(searches), budget).AsTask();
        await tap.Arrived.WaitAsync(TimeSpan.FromSeconds(30));
        await going.CancelAsync();

        PartitionAnswer answer = await asked;
        Assert.Equal(PartitionOutcome.Unavailable, answer.Outcome);
        Assert.Contains("stopped waiting", answer.Reason);
        PartitionAnswer ended = await tap.Answered.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(PartitionOutcome.Partial, ended.Outcome);
        Assert.Equal(Enrolled, ended.IdentitiesHeld);
        Assert.InRange(ended.IdentitiesSearched, 0, Enrolled - 1);
    }

    private static async Task EnrolAsync(IPartition partition)
    {
        Encounter[] templates = [.. Enumerable.Range(0, 4).Select(person => EncounterOf(person, fingers: [1, 2]))];
        Write[] writes = [.. Enumerable.Range(0, Enrolled).Select(i => new Write.Create(
            templates[i % templates.Length] with { PersonId = $"P{i}" }))];
        WriteAck ack = await partition.ApplyAsync(new WriteBatch(writes), People.Budget);
        Assert.All(ack.Results, result => Assert.True(result.IsApplied));
    }

    /// <summary>Listens in the silo, where the answer is made even when nobody waits for it.</summary>
    private sealed class AnswerTap : IIncomingGrainCallFilter
    {
        private readonly TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private readonly TaskCompletionSource<PartitionAnswer> answered =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Arrived => arrived.Task;

        public Task<PartitionAnswer> Answered => answered.Task;

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            bool isSearch = context.Grain is IIdentityPartitionGrain
                && context.MethodName == nameof(IIdentityPartitionGrain.SearchAsync);
            if (isSearch)
            {
                arrived.TrySetResult();
            }

            await context.Invoke();
            if (isSearch && context.Result is PartitionFrame frame)
            {
                answered.TrySetResult(PartitionAnswerFrame.Decode(frame.Bytes).Value!);
            }
        }
    }
}
