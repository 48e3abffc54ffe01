using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// Turns of a gallery that one process serves: a holder cannot be paused without everybody else, so that no lease is
/// needed. Galleries share a fixed number of locks by the hash of their name.
/// </summary>
public sealed class ProcessTurns : IGalleryTurns
{
    private const int Locks = 256;

    private readonly SemaphoreSlim[] locks = [.. Enumerable.Range(0, Locks).Select(_ => new SemaphoreSlim(1, 1))];

    /// <inheritdoc/>
    public async ValueTask<IGalleryTurn?> TakeAsync(
        IReadOnlyList<string> galleries, TimeSpan within, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(galleries);
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(within);
        List<SemaphoreSlim> taken = [];
        try
        {
            // In the order of the locks, which two holders share even where their galleries differ.
            foreach (int number in galleries.Select(LockOf).Distinct().Order())
            {
                await locks[number].WaitAsync(late.Token);
                taken.Add(locks[number]);
            }

            return new Turn(taken);
        }
        catch (OperationCanceledException)
        {
            taken.ForEach(one => one.Release());
            cancel.ThrowIfCancellationRequested();
            return null;
        }
    }

    private static int LockOf(string gallery) => (gallery.GetHashCode(StringComparison.Ordinal) & int.MaxValue) % Locks;

    private sealed class Turn(List<SemaphoreSlim> taken) : IGalleryTurn
    {
        public IReadOnlyList<GalleryLease> Leases => [];

        public ValueTask DisposeAsync()
        {
            taken.ForEach(one => one.Release());
            taken.Clear();
            return ValueTask.CompletedTask;
        }
    }
}
