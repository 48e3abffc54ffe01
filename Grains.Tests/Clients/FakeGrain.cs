using MatchCluster.Grains.Contracts;
using MatchCluster.Grains.Silos;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Grains.Tests.Clients;

/// <summary>The silo's end without a silo: counts what arrives, answers or fails as it is told.</summary>
internal sealed class FakeGrain(IPartition partition) : IIdentityPartitionGrain
{
    private readonly PartitionEndpoint endpoint = new(partition);

    /// <summary>Bytes of each frame that arrived.</summary>
    public List<int> Arrived { get; } = [];

    /// <summary>Thrown instead of an answer to the next calls, in order; null answers.</summary>
    public Queue<Exception?> Failures { get; } = [];

    /// <summary>Done after each read, before its answer arrives.</summary>
    public Func<Task>? AfterRead { get; set; }

    /// <summary>Whether calls are never answered.</summary>
    public bool IsSilent { get; set; }

    public Task<PartitionFrame> SearchAsync(
        PartitionFrame batch, long budgetMilliseconds, CancellationToken cancel) =>
        AnswerAsync(batch, () => endpoint.SearchAsync(batch, budgetMilliseconds, cancel), cancel);

    public Task<PartitionFrame> ApplyAsync(
        PartitionFrame writes, long budgetMilliseconds, CancellationToken cancel) =>
        AnswerAsync(writes, () => endpoint.ApplyAsync(writes, budgetMilliseconds, cancel), cancel);

    public async Task<PartitionFrame> ReadAsync(
        PartitionFrame query, long budgetMilliseconds, CancellationToken cancel)
    {
        PartitionFrame answer = await AnswerAsync(
            query, () => endpoint.ReadAsync(query, budgetMilliseconds, cancel), cancel);
        await (AfterRead?.Invoke() ?? Task.CompletedTask);
        return answer;
    }

    public Task<PartitionFrame> StatusAsync(CancellationToken cancel) => endpoint.StatusAsync(cancel);

    private async Task<PartitionFrame> AnswerAsync(
        PartitionFrame frame, Func<Task<PartitionFrame>> answer, CancellationToken cancel)
    {
        Arrived.Add(frame.Bytes.Length);
        if (IsSilent)
        {
            await Task.Delay(Timeout.Infinite, cancel);
        }

        return Failures.TryDequeue(out Exception? failure) && failure is not null ? throw failure : await answer();
    }
}
