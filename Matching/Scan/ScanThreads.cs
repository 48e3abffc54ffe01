namespace MatchCluster.Matching.Scan;

/// <summary>
/// The engine's own threads: all CPU work of searches and enrolments runs here, never on a request thread or a
/// grain's scheduler. Searches go first, but one turn in <see cref="TurnsPerPreparation"/> belongs to preparation,
/// so that neither starves the other.
/// </summary>
internal sealed class ScanThreads : IDisposable
{
    private const int TurnsPerPreparation = 8;

    private readonly Lock gate = new();
    private readonly SemaphoreSlim waiting = new(0);
    private readonly Queue<Action<ScanScratch>> searches = new();
    private readonly Queue<Action<ScanScratch>> preparations = new();
    private readonly Thread[] threads;
    private int turn;
    private bool stopped;

    public ScanThreads(int count)
    {
        threads = new Thread[count];
        for (int i = 0; i < count; i++)
        {
            threads[i] = new Thread(Run) { IsBackground = true, Name = $"matchcluster scan {i}" };
            threads[i].Start();
        }
    }

    public int Count => threads.Length;

    public Task<T> SearchAsync<T>(Func<ScanScratch, T> work) => Enqueue(searches, work);

    public Task<T> PrepareAsync<T>(Func<T> work) => Enqueue(preparations, _ => work());

    public void Dispose()
    {
        lock (gate)
        {
            stopped = true;
        }

        waiting.Release(threads.Length);
        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        waiting.Dispose();
    }

    private Task<T> Enqueue<T>(Queue<Action<ScanScratch>> queue, Func<ScanScratch, T> work)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(stopped, this);
            queue.Enqueue(scratch =>
            {
                try
                {
                    done.TrySetResult(work(scratch));
                }
                catch (Exception bug)
                {
                    // A bug belongs to the caller that hit it; the thread goes on for the others.
                    done.TrySetException(bug);
                }
            });
        }

        waiting.Release();
        return done.Task;
    }

    private void Run()
    {
        ScanScratch scratch = new();
        while (true)
        {
            waiting.Wait();
            Action<ScanScratch>? work;
            lock (gate)
            {
                // What was queued before the stop is still done: its callers are waiting.
                bool preparation = turn++ % TurnsPerPreparation == 0;
                if (!(preparation ? preparations : searches).TryDequeue(out work)
                    && !(preparation ? searches : preparations).TryDequeue(out work))
                {
                    if (stopped)
                    {
                        return;
                    }

                    continue;
                }
            }

            work(scratch);
        }
    }
}
