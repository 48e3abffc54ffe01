using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// Waits for a move that is in the way, a few milliseconds at a time and longer each time, and ends it where its mover
/// is gone. It gives up after <see cref="Limits.WaitForMove"/> or with the caller's budget.
/// </summary>
internal sealed class MoveWait(TimeProvider clock, SearchBudget budget)
{
    private const int LongestPauseMilliseconds = 64;

    private readonly long begun = clock.GetTimestamp();
    private int pause = 1;

    /// <returns>False where it has waited long enough.</returns>
    public async ValueTask<bool> ForAsync(MoveEnding ending, string person)
    {
        if (budget.IsSpent || clock.GetElapsedTime(begun) > Limits.WaitForMove)
        {
            return false;
        }

        await ending.EndOfAsync(person, clock, budget);
        await Task.Delay(pause, CancellationToken.None);
        pause = Math.Min(2 * pause, LongestPauseMilliseconds);
        return true;
    }
}
