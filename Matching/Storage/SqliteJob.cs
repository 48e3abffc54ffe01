using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// One thing for the writer thread to do. It runs inside the transaction of its group and is answered after
/// the group's commit, or runs alone outside a transaction. Until it is taken its token withdraws it.
/// </summary>
internal abstract class SqliteJob
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Withdrawn = 2;

    private int state;

    /// <summary>Bytes it holds in the queue.</summary>
    public long Bytes { get; init; }

    /// <summary>Maintenance, which SQLite does outside a transaction only.</summary>
    public bool RunsAlone { get; init; }

    /// <summary>False where it was withdrawn before.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref state, Taken, Waiting) == Waiting;

    /// <summary>Does the work and keeps its result; done again where the transaction was undone.</summary>
    public abstract void Run(SqliteSession session);

    /// <summary>Keeps a failure in place of the result; what it did was undone.</summary>
    public abstract void Fail(Outage outage);

    /// <summary>Answers the caller with what was kept.</summary>
    public abstract void Answer();

    /// <summary>Hands a bug to the caller.</summary>
    public abstract void Throw(Exception bug);

    protected bool TryWithdraw() => Interlocked.CompareExchange(ref state, Withdrawn, Waiting) == Waiting;
}

/// <param name="run">The work.</param>
/// <param name="failed">The answer that stands for an outage; it may throw, the caller then gets the
/// exception.</param>
internal sealed class SqliteJob<T>(Func<SqliteSession, T> run, Func<Outage, T> failed) : SqliteJob
{
    // Callers continue elsewhere: the writer thread has the next group to commit.
    private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration registration;
    private T? result;
    private Outage? outage;

    public Task<T> Answered => answer.Task;

    /// <summary>Called once, before the job is queued.</summary>
    public void WithdrawOn(CancellationToken cancel) =>
        registration = cancel.UnsafeRegister(
            static (job, token) => ((SqliteJob<T>)job!).Withdraw(token), this);

    public override void Run(SqliteSession session)
    {
        outage = null;
        result = run(session);
    }

    public override void Fail(Outage outage) => this.outage = outage;

    public override void Answer()
    {
        registration.Unregister();
        try
        {
            answer.TrySetResult(outage is null ? result! : failed(outage));
        }
        catch (Exception unusable)
        {
            answer.TrySetException(unusable);
        }
    }

    public override void Throw(Exception bug)
    {
        registration.Unregister();
        answer.TrySetException(bug);
    }

    private void Withdraw(CancellationToken token)
    {
        if (TryWithdraw())
        {
            answer.TrySetCanceled(token);
        }
    }
}
