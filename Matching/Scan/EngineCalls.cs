using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scan;

/// <summary>
/// The work of single calls that belongs to no partition, on the engine's threads: a probe to prepare, two sets of
/// samples to compare. Its caller waits no longer than its budget; what has not begun by then is never begun.
/// </summary>
public sealed class EngineCalls : IDisposable
{
    private readonly ScanThreads threads;
    private readonly bool isOwner;

    /// <summary>Makes one with threads of its own, for a front end without partitions.</summary>
    /// <param name="threads">How many; 0 takes one per core.</param>
    /// <param name="calibration">What they score by; null takes the committed curves.</param>
    public EngineCalls(int threads = 0, ScoreCalibration? calibration = null)
        : this(new ScanThreads(threads > 0 ? threads : Environment.ProcessorCount, calibration), isOwner: true)
    {
    }

    internal EngineCalls(ScanThreads threads, bool isOwner = false)
    {
        this.threads = threads;
        this.isOwner = isOwner;
    }

    /// <summary>What comparisons of single calls are scored by: the same as searches.</summary>
    public ScoreCalibration Calibration => threads.Calibration;

    /// <summary>Runs some work in its turn.</summary>
    /// <param name="work">Looks at the budget itself where it may take long.</param>
    /// <param name="budget">How long its caller waits.</param>
    /// <param name="ended">
    /// Called once when the thread is free again: after the work, or where its turn came too late. That may be long
    /// after the caller has left, so what counts the threads that are busy is given back here.
    /// </param>
    /// <returns>What the work gave, or that the budget ended first.</returns>
    public async ValueTask<CallResult<T>> RunAsync<T>(Func<T> work, SearchBudget budget, Action? ended = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        Task<CallResult<T>> running = Begin(work, budget, ended);
        try
        {
            return await running.WaitAsync(budget.Remaining, budget.Cancel);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException && !running.IsFaulted)
        {
            return default;
        }
    }

    private Task<CallResult<T>> Begin<T>(Func<T> work, SearchBudget budget, Action? ended)
    {
        bool isQueued = false;
        try
        {
            Task<CallResult<T>> running = threads.CallAsync(
                _ =>
                {
                    try
                    {
                        return budget.IsSpent ? default : new CallResult<T>(true, work());
                    }
                    finally
                    {
                        ended?.Invoke();
                    }
                },
                budget.Standing, budget);
            isQueued = true;
            return running;
        }
        finally
        {
            if (!isQueued)
            {
                ended?.Invoke();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (isOwner)
        {
            threads.Dispose();
        }
    }
}

/// <summary>What a call's work gave.</summary>
/// <param name="IsInTime">False where the budget ended before it.</param>
/// <param name="Value">Meaningful only where it is in time.</param>
public readonly record struct CallResult<T>(bool IsInTime, T? Value);
