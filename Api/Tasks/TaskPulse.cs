namespace MatchCluster.Api.Tasks;

/// <summary>Tells the workers of this process that something may be due, before they look for themselves.</summary>
internal sealed class TaskPulse
{
    private readonly Lock guard = new();
    private TaskCompletionSource next = New();

    /// <summary>Completes at the next beat; taken before looking, so that none is missed.</summary>
    public Task Next
    {
        get
        {
            lock (guard)
            {
                return next.Task;
            }
        }
    }

    public void Beat()
    {
        TaskCompletionSource beaten;
        lock (guard)
        {
            (beaten, next) = (next, New());
        }

        beaten.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
