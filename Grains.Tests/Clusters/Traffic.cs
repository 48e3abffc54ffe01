using System.Diagnostics;
using MatchCluster.Grains.Clients;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Grains.Tests.Clusters;

/// <summary>
/// Searches and enrolments, one of each at a time, while a test changes the cluster. Every answer is held to its word:
/// it is complete, or it counts what is missing.
/// </summary>
internal sealed class Traffic : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource stopping = new();
    private readonly SearchRoot root;
    private readonly EncounterRoot encounters;
    private readonly int enrolled;
    private int acked;
    private Task searching = Task.CompletedTask;
    private Task enrolling = Task.CompletedTask;
    private TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Traffic(GrainDirectory directory, int enrolled)
    {
        root = new SearchRoot(directory, TimeProvider.System);
        encounters = new EncounterRoot(directory);
        this.enrolled = acked = enrolled;
    }

    public int Searches { get; private set; }

    /// <summary>Answers that did not search everything.</summary>
    public int Partial { get; private set; }

    /// <param name="directory">The directory of the cluster.</param>
    /// <param name="enrolled">People to begin with.</param>
    /// <param name="areThere">They are enrolled already.</param>
    public static async Task<Traffic> StartAsync(GrainDirectory directory, int enrolled, bool areThere = false)
    {
        if (!areThere)
        {
            await People.EnrolAsync(directory, 0, enrolled);
        }

        Traffic traffic = new(directory, enrolled);
        await traffic.SearchAsync();
        traffic.searching = Task.Run(traffic.SearchOnAsync);
        traffic.enrolling = Task.Run(traffic.EnrolOnAsync);
        return traffic;
    }

    /// <summary>Goes on until a state is reached and a search that was asked afterwards has been answered.</summary>
    public async Task UntilAsync(Func<bool> isReached)
    {
        Stopwatch waited = Stopwatch.StartNew();
        bool wasReached = false;
        for (int after = 0; after < 2; after += wasReached ? 1 : 0)
        {
            Task next = Volatile.Read(ref answered).Task;
            await Task.WhenAny(next, searching, enrolling);
            await (searching.IsFaulted ? searching : enrolling.IsFaulted ? enrolling : next);
            wasReached = wasReached || isReached();
            Assert.True(waited.Elapsed < Longest, $"not reached after {waited.Elapsed}");
        }
    }

    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await searching;
        await enrolling;
    }

    /// <summary>Everybody who was acked, once, and complete.</summary>
    public async Task AllAckedAreFoundAsync()
    {
        IdentifyAnswer answer = await People.FindAsync(root, 0);
        Assert.True(answer.Coverage.IsComplete, string.Join("; ", answer.Coverage.Missing));
        Assert.Equal(
            Enumerable.Range(0, acked).Select(IdOf).Order(StringComparer.Ordinal),
            answer.Candidates.Select(c => c.PersonId).Order(StringComparer.Ordinal));
        ReadAnswer read = await encounters.ReadPersonAsync(IdOf(acked - 1), People.Budget);
        Assert.Equal("E1", Assert.Single(read.Encounters).EncounterId);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(searching, enrolling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task SearchOnAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            await SearchAsync();
        }
    }

    private async Task SearchAsync()
    {
        int before = Volatile.Read(ref acked);
        IdentifyAnswer answer = await People.FindAsync(
            root, Searches % enrolled, SearchBudget.Of(TimeSpan.FromSeconds(10)));
        Coverage coverage = answer.Coverage;
        Assert.Null(answer.Refusal);
        Assert.InRange(coverage.IdentitiesHeld, coverage.IdentitiesSearched, long.MaxValue);
        Assert.Equal(coverage.IdentitiesSearched, answer.Candidates.Count);
        Assert.Equal(coverage.IsComplete, coverage.Missing.Count == 0);
        if (coverage.IsComplete)
        {
            Assert.InRange(answer.Candidates.Count, before, int.MaxValue);
        }

        Searches++;
        Partial += coverage.IsComplete ? 0 : 1;
        Interlocked.Exchange(ref answered, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>A write whose fate is not known is asked for again, as a caller would.</summary>
    private async Task EnrolOnAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            int person = acked;
            WriteResult result = Assert.Single(await encounters.ApplyAsync(
                [new Write.Create(EncounterOf(person))], SearchBudget.Of(TimeSpan.FromSeconds(10))));
            if (result.IsApplied || await IsEnrolledAsync(person))
            {
                Volatile.Write(ref acked, person + 1);
            }
            else
            {
                Assert.True(result.Outage?.MayRetry ?? result.Refusal?.RetryAfter is not null, $"{result}");
            }
        }
    }

    private async Task<bool> IsEnrolledAsync(int person) =>
        (await encounters.ReadPersonAsync(IdOf(person), People.Budget)).Encounters.Count == 1;
}
