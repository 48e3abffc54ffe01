using MatchCluster.Grains.Partitions;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;

namespace MatchCluster.Grains.Clients;

/// <summary>
/// One call of a partition's grain: with a deadline of its own (Orleans' response time-out is 30 s and a killed silo
/// would use all of it), and with every way in which the cluster can fail it turned into an outage.
/// </summary>
internal static class GrainCall
{
    /// <summary>Pause before the next try while a partition moves: a fresh one needs tens of ms.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(320);

    public delegate Decoded<T> Decode<T>(ReadOnlySpan<byte> frame)
        where T : class;

    /// <summary>Calls once.</summary>
    /// <param name="id">The partition that is called.</param>
    /// <param name="call">Sends the call; its token is cancelled at the deadline or when the caller goes.</param>
    /// <param name="decode">Reads the answer.</param>
    /// <param name="patience">Time until the call is given up.</param>
    /// <param name="caller">Cancelled when nobody waits any longer.</param>
    public static async ValueTask<Reply<T>> OnceAsync<T>(
        PartitionId id, Func<CancellationToken, Task<PartitionFrame>> call, Decode<T> decode, TimeSpan patience,
        CancellationToken caller)
        where T : class
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(caller);
        deadline.CancelAfter(patience);
        try
        {
            PartitionFrame frame = await call(deadline.Token);
            Decoded<T> answer = decode(frame.Bytes);
            return answer.IsAccepted
                ? new Reply<T>(answer.Value, null)
                : Failed<T>($"partition {id} answered with a frame that cannot be read: {answer.Rejection}", false);
        }
        catch (OperationCanceledException)
        {
            return Failed<T>(
                caller.IsCancellationRequested
                    ? $"the caller stopped waiting for partition {id}"
                    : $"partition {id} did not answer before the deadline",
                mayRetry: true);
        }
        catch (TimeoutException)
        {
            return Failed<T>($"partition {id} did not answer before the cluster's response time-out", mayRetry: true);
        }
        catch (CallRejectedException refused)
        {
            return Failed<T>($"partition {id} cannot take the call: {refused.Message}", mayRetry: false);
        }
        catch (Exception moved) when (moved is OrleansException or ObjectDisposedException)
        {
            // A silo that died, stops or is not reached, a gateway that is full, an activation on its way.
            string reason = $"partition {id} is out of reach ({moved.GetType().Name})";
            return new Reply<T>(null, new Outage(reason, MayRetry: true), IsMoving: true);
        }
    }

    /// <summary>
    /// Calls until there is an answer or the deadline has passed, for calls that change nothing: while a partition
    /// moves its searches wait. A silence is not asked again, only a failure.
    /// </summary>
    public static async ValueTask<Reply<T>> UntilDeadlineAsync<T>(
        PartitionId id, Func<CancellationToken, Task<PartitionFrame>> call, Decode<T> decode, SearchBudget budget,
        TimeSpan answerTime)
        where T : class
    {
        TimeSpan pause = FirstPause;
        while (true)
        {
            Reply<T> reply = await OnceAsync(id, call, decode, budget.Remaining + answerTime, budget.Cancel);
            if (!reply.IsMoving || budget.Cancel.IsCancellationRequested || budget.Remaining < pause)
            {
                return reply;
            }

            await Task.Delay(pause, CancellationToken.None);
            pause = pause < LongestPause ? 2 * pause : pause;
        }
    }

    private static Reply<T> Failed<T>(string reason, bool mayRetry)
        where T : class =>
        new(null, new Outage(reason, mayRetry));
}

/// <summary>The answer to a call, or the outage that stands in its place.</summary>
/// <param name="Answer">Null exactly where <paramref name="Failure"/> is set.</param>
/// <param name="Failure">Why there is no answer.</param>
/// <param name="IsMoving">Whether the partition may be found elsewhere in a moment.</param>
internal readonly record struct Reply<T>(T? Answer, Outage? Failure, bool IsMoving = false)
    where T : class;
