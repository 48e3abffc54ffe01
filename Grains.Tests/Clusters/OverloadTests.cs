using MatchCluster.Matching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scatter;
using Microsoft.Extensions.DependencyInjection;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Grains.Tests.Clusters;

public sealed class OverloadTests
{
    private const int TooMany = 20;

    [Fact]
    public async Task What_a_full_silo_cannot_queue_is_refused_at_once_and_what_it_took_is_answered()
    {
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(silos: 1, partitions: 1);
        IPartitionDirectory directory = await cluster.ReadyAsync();
        await People.EnrolAsync(directory, from: 0, count: 1);
        SearchRoot root = new(directory, TimeProvider.System);
        PartitionHost host = cluster.Silos[0].ServiceProvider.GetRequiredService<PartitionHost>();
        using ManualResetEventSlim free = new();
        Task<bool> busy = host.Scanning.SearchAsync(_ => free.Wait(TimeSpan.FromSeconds(60)));

        // One probe for all of them: what is tried is the queue.
        IdentifyRequest request = People.Ask(0);
        Task<IReadOnlyList<IdentifyAnswer>>[] asked =
        [
            .. Enumerable.Range(0, Limits.QueuedBatchesPerPartition + TooMany)
                .Select(_ => root.IdentifyAsync([request], People.Budget).AsTask()),
        ];
        Refusal[] refusals = [.. (await FirstAsync(asked, TooMany)).Select(answer => answer.Refusal!)];
        free.Set();

        Assert.True(await busy);
        Assert.All(refusals, refusal =>
        {
            Assert.Equal(RefusalKind.Overloaded, refusal.Kind);
            Assert.Contains($"{Limits.QueuedBatchesPerPartition} search batches waiting", refusal.Reason);
            Assert.NotNull(refusal.RetryAfter);
        });
        IdentifyAnswer[] answers = [.. (await Task.WhenAll(asked)).Select(answer => answer[0])];
        IdentifyAnswer[] taken = [.. answers.Where(answer => answer.Refusal is null)];
        Assert.Equal(Limits.QueuedBatchesPerPartition, taken.Length);
        Assert.All(taken, answer => Assert.Equal(IdOf(0), Assert.Single(answer.Candidates).PersonId));
    }

    private static async Task<List<IdentifyAnswer>> FirstAsync(Task<IReadOnlyList<IdentifyAnswer>>[] asked, int count)
    {
        List<IdentifyAnswer> first = [];
        await foreach (Task<IReadOnlyList<IdentifyAnswer>> one in Task.WhenEach(asked))
        {
            first.Add((await one)[0]);
            if (first.Count == count)
            {
                break;
            }
        }

        return first;
    }
}
