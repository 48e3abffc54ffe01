using MatchCluster.Grains.Contracts;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Grains.Clients;

/// <summary>
/// One call into the cluster: with a deadline of its own (Orleans' response time-out is 30 s and a killed silo
/// would use all of it), and with every way in which the cluster can fail it turned into an outage.
/// </summary>
internal static class GrainCall
{
    /// <summary>Pause before the next try while a partition moves: a fresh one needs tens of ms.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(320);

    public delegate Decoded<T> Decode<T>(ReadOnlySpan<byte> frame)
        where T : class;

    /// <summary>Makes one call.</summary>
    /// <param name="who">What is called, for the reason of an outage: "partition 3", "silo silo-1".</param>
    /// <param name="call">Sends the call; its token is cancelled at the deadline or when the caller goes.</param>
    /// <param name="patience">Time until the call is given up.</param>
    /// <param name="caller">Cancelled when nobody waits any longer.</param>
    public static async ValueTask<Reply<T>> OnceAsync<T>(
        string who, Func<CancellationToken, Task<T>> call, TimeSpan patience, CancellationToken caller)
        where T : class
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(caller);
        deadline.CancelAfter(patience);
        try
        {
            return new Reply<T>(await call(deadline.Token).WaitAsync(deadline.Token), null);
        }
        catch (OperationCanceledException)
        {
            return Reply<T>.Failed(
                caller.IsCancellationRequested
                    ? $"the caller stopped waiting for {who}"
                    : $"{who} did not answer before the deadline",
                mayRetry: true);
        }
        catch (TimeoutException)
        {
            return Reply<T>.Failed($"{who} did not answer before the cluster's response time-out", mayRetry: true);
        }
        catch (CallRejectedException refused)
        {
            return Reply<T>.Failed($"{who} cannot take the call: {refused.Message}", mayRetry: false);
        }
        catch (Exception moved) when (moved is OrleansException or ObjectDisposedException)
        {
            // A silo that died, stops or is not reached, a gateway that is full, an activation on its way.
            return new Reply<T>(null, new Outage($"{who} is out of reach ({moved.GetType().Name})", MayRetry: true),
                IsMoving: true);
        }
    }

    /// <summary>
    /// Calls until there is an answer or the deadline has passed, for calls that change nothing: while a partition
    /// moves its searches wait. A silence is not asked again, only a failure.
    /// </summary>
    public static async ValueTask<Reply<T>> UntilDeadlineAsync<T>(
        string who, Func<CancellationToken, Task<T>> call, SearchBudget budget, TimeSpan answerTime)
        where T : class
    {
        TimeSpan pause = FirstPause;
        while (true)
        {
            Reply<T> reply = await OnceAsync(who, call, budget.Remaining + answerTime, budget.Cancel);
            if (!reply.IsMoving || budget.Cancel.IsCancellationRequested || budget.Remaining < pause)
            {
                return reply;
            }

            await Task.Delay(pause, CancellationToken.None);
            pause = pause < LongestPause ? 2 * pause : pause;
        }
    }

    /// <summary>Reads the frame of an answer.</summary>
    public static Reply<T> Read<T>(this Reply<PartitionFrame> reply, string who, Decode<T> decode)
        where T : class
    {
        if (reply.Answer is not { } frame)
        {
            return new Reply<T>(null, reply.Failure, reply.IsMoving);
        }

        Decoded<T> answer = decode(frame.Bytes);
        return answer.IsAccepted
            ? new Reply<T>(answer.Value, null)
            : Reply<T>.Failed($"{who} answered with a frame that cannot be read: {answer.Rejection}", mayRetry: false);
    }
}

/// <summary>The answer to a call, or the outage that stands in its place.</summary>
/// <param name="Answer">Null exactly where <paramref name="Failure"/> is set.</param>
/// <param name="Failure">Why there is no answer.</param>
/// <param name="IsMoving">Whether what was called may be found elsewhere in a moment.</param>
internal readonly record struct Reply<T>(T? Answer, Outage? Failure, bool IsMoving = false)
    where T : class
{
    public static Reply<T> Failed(string reason, bool mayRetry) => new(null, new Outage(reason, mayRetry));
}
