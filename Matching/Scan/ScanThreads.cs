using System.Diagnostics.CodeAnalysis;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Turns;

namespace MatchCluster.Matching.Scan;

/// <summary>
/// The engine's own threads: every comparison and every preparation of a probe or of an encounter's rows runs here,
/// never on a request thread or a grain's scheduler. What a host does on its own threads is linear in the bytes that
/// it was sent: it reads the body and decodes its templates.
/// </summary>
/// <remarks>
/// Single calls (a probe to prepare, a verification) go before searches, because a search waits for its probe, but
/// take every second turn at most. One turn in <see cref="TurnsPerPreparation"/> belongs to the
/// preparation of rows. So none starves another. Among themselves calls and searches have the order of
/// <see cref="TurnOrder{T}"/>: by priority, then fairly between partners. A silo that several front ends ask is
/// where they meet, and each of them orders only its own.
/// </remarks>
internal sealed class ScanThreads : IDisposable
{
    private const int TurnsPerPreparation = 8;
    private const int TurnsPerCall = 2;

    /// <summary>One turn in so many begins background work, which then lets the others pass.</summary>
    private const int TurnsPerBackground = 64;

    private readonly Lock gate = new();
    private readonly SemaphoreSlim waiting = new(0);
    private readonly TurnOrder<Job> calls = new();
    private readonly TurnOrder<Job> searches = new();
    private readonly Queue<Job> preparations = new();
    private readonly Queue<Job> background = new();
    private readonly Thread[] threads;
    private int busy;
    private int turn;
    private int urgent;
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

    /// <summary>Does the work of a single call.</summary>
    /// <param name="work">It looks at the budget itself.</param>
    /// <param name="standing">Whose it is.</param>
    /// <param name="budget">Work whose budget has ended when its turn comes is not counted as the partner's.</param>
    public Task<T> CallAsync<T>(
        Func<ScanScratch, T> work, Standing standing = default, SearchBudget? budget = null) =>
        Enqueue(job => calls.Add(job, standing, cost: 1), work, budget);

    /// <summary>Does the work of a search over a partition.</summary>
    /// <param name="work">It looks at the budget itself.</param>
    /// <param name="standing">Whose it is.</param>
    /// <param name="cost">What it will probably take (<see cref="SearchCost"/>).</param>
    /// <param name="budget">Work whose budget has ended when its turn comes is not counted as the partner's.</param>
    public Task<T> SearchAsync<T>(
        Func<ScanScratch, T> work, Standing standing = default, double cost = 1, SearchBudget? budget = null) =>
        Enqueue(job => searches.Add(job, standing, cost), work, budget);

    public Task<T> PrepareAsync<T>(Func<T> work) => Enqueue(preparations.Enqueue, _ => work(), budget: null);

    /// <summary>
    /// Does work that nobody waits for: it begins where nothing else waits, and every time that it looks at its budget
    /// whatever came meanwhile goes first on its thread (<see cref="ScanScratch.LetOthersPass"/>).
    /// </summary>
    /// <param name="work">Calls what lets others pass every few milliseconds.</param>
    public Task<T> BackgroundAsync<T>(Func<ScanScratch, T> work) =>
        Enqueue(background.Enqueue, work, budget: null, isBackground: true);

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

    private Task<T> Enqueue<T>(
        Action<Job> enqueue, Func<ScanScratch, T> work, SearchBudget? budget, bool isBackground = false)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(stopped, this);
            enqueue(new Job(Run, budget, isBackground));
            urgent += isBackground ? 0 : 1;
        }

        waiting.Release();
        return done.Task;

        void Run(ScanScratch scratch)
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
        }
    }

    private void Run()
    {
        ScanScratch scratch = new(Calibration);
        ScanScratch? spare = null;
        while (true)
        {
            waiting.Wait();
            if (!TryBegin(others: true, out Job? job))
            {
                if (Volatile.Read(ref stopped))
                {
                    return;
                }

                continue;
            }

            scratch.LetOthersPass = job.IsBackground ? () => Pass(spare ??= new ScanScratch(Calibration)) : null;
            job.Work(scratch);
            End();
        }
    }

    /// <summary>Does what is more urgent than the background work under way on this thread.</summary>
    private void Pass(ScanScratch spare)
    {
        while (Volatile.Read(ref urgent) > 0 && waiting.Wait(0))
        {
            if (!TryBegin(others: false, out Job? job))
            {
                // Another thread was faster: the permit was that of background work, or of nothing.
                waiting.Release();
                return;
            }

            job.Work(spare);
            End();
        }
    }

    private bool TryBegin(bool others, [NotNullWhen(true)] out Job? job)
    {
        lock (gate)
        {
            // What was queued before the stop is still done: its callers are waiting.
            if (!TryNext(others, out job))
            {
                return false;
            }

            busy++;
            urgent -= job.IsBackground ? 0 : 1;
            return true;
        }
    }

    private void End()
    {
        lock (gate)
        {
            if (--busy == 0)
            {
                calls.EndBusyTime();
                searches.EndBusyTime();
            }
        }
    }

    private bool TryNext(bool others, [NotNullWhen(true)] out Job? job)
    {
        int now = turn++;
        if (now % TurnsPerPreparation == 0 && preparations.TryDequeue(out job))
        {
            return true;
        }

        if (others && now % TurnsPerBackground == 0 && background.TryDequeue(out job))
        {
            return true;
        }

        job = null;
        return (now % TurnsPerCall == 0 ? calls : searches).TryTake(out job, IsOver)
            || (now % TurnsPerCall == 0 ? searches : calls).TryTake(out job, IsOver)
            || preparations.TryDequeue(out job)
            || (others && background.TryDequeue(out job));
    }

    private static bool IsOver(Job job) => job.Budget?.IsSpent == true;

    private sealed record Job(Action<ScanScratch> Work, SearchBudget? Budget, bool IsBackground);
}
