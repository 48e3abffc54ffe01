using System.Diagnostics.CodeAnalysis;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Scan;

/// <summary>
/// The engine's own threads: every comparison and every preparation of a probe or of an encounter's rows runs here,
/// never on a request thread or a grain's scheduler. What a host does on its own threads is linear in the bytes that
/// it was sent: it reads the body and decodes its templates.
/// </summary>
/// <remarks>
/// Single calls (a probe to prepare, a verification) go before searches, because a search waits for its probe, but
/// take every second turn at most. One turn in <see cref="TurnsPerPreparation"/> belongs to the
/// preparation of rows. So none starves another.
/// </remarks>
internal sealed class ScanThreads : IDisposable
{
    private const int TurnsPerPreparation = 8;
    private const int TurnsPerCall = 2;

    private readonly Lock gate = new();
    private readonly SemaphoreSlim waiting = new(0);
    private readonly Queue<Action<ScanScratch>> calls = new();
    private readonly Queue<Action<ScanScratch>> searches = new();
    private readonly Queue<Action<ScanScratch>> preparations = new();
    private readonly Thread[] threads;
    private int turn;
    private bool stopped;

    /// <param name="count">How many.</param>
    /// <param name="calibration">What they score by; null takes the committed curves.</param>
    public ScanThreads(int count, ScoreCalibration? calibration = null)
    {
        Calibration = calibration ?? ScoreCalibration.Default;
        threads = new Thread[count];
        for (int i = 0; i < count; i++)
        {
            threads[i] = new Thread(Run) { IsBackground = true, Name = $"matchcluster scan {i}" };
            threads[i].Start();
        }
    }

    public int Count => threads.Length;

    /// <summary>What they score by.</summary>
    public ScoreCalibration Calibration { get; }

    public Task<T> CallAsync<T>(Func<ScanScratch, T> work) => Enqueue(calls, work);

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
        ScanScratch scratch = new(Calibration);
        while (true)
        {
            waiting.Wait();
            Action<ScanScratch>? work;
            lock (gate)
            {
                // What was queued before the stop is still done: its callers are waiting.
                if (!TryNext(out work))
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

    private bool TryNext([NotNullWhen(true)] out Action<ScanScratch>? work)
    {
        int now = turn++;
        if (now % TurnsPerPreparation == 0 && preparations.TryDequeue(out work))
        {
            return true;
        }

        return (now % TurnsPerCall == 0 ? calls : searches).TryDequeue(out work)
            || (now % TurnsPerCall == 0 ? searches : calls).TryDequeue(out work)
            || preparations.TryDequeue(out work);
    }
}
