using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Searching;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Unique;

/// <summary>A request that waits for its galleries' turn, and then for its answer.</summary>
internal sealed class UniqueWaiting(UniqueRequest request, Probe probe, Asker asker, SearchBudget budget)
{
    private const int Waits = 0;
    private const int Taken = 1;
    private const int Left = 2;

    private readonly TaskCompletionSource<UniqueAnswer> answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int state;

    public UniqueRequest Request => request;

    /// <summary>What was prepared of its samples, for the first search.</summary>
    public Probe Probe => probe;

    public Asker Asker => asker;

    public SearchBudget Budget => budget;

    /// <summary>On whose behalf, so that requests of one caller are searched together.</summary>
    public Use Use { get; } = budget.Use with { Decided = null };

    public bool HasLeft => Volatile.Read(ref state) == Left;

    /// <summary>False where it does not wait any more.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref state, Taken, Waits) == Waits;

    public void Answer(UniqueAnswer given) => answer.TrySetResult(given);

    public void Throw(Exception bug) => answer.TrySetException(bug);

    /// <summary>
    /// The answer. Whoever leaves before its turn is not enrolled; later it may be, and the same transaction asked
    /// again says so.
    /// </summary>
    public async ValueTask<UniqueAnswer> AnsweredAsync()
    {
        try
        {
            return await answer.Task.WaitAsync(budget.Remaining, budget.Cancel);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            bool isOut = Interlocked.CompareExchange(ref state, Left, Waits) == Waits;
            return answer.Task.IsCompletedSuccessfully ? await answer.Task : UniqueAnswer.Undecided(
                Failure.DeadlinePassed with
                {
                    Message = isOut
                        ? "the deadline passed before the gallery's turn; nobody was enrolled"
                        : "the deadline passed before an answer; ask again with the same transactionId",
                });
        }
    }
}
