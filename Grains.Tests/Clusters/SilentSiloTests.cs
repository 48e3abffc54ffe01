using MatchCluster.Grains.Clients;
using MatchCluster.Grains.Contracts;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Grains.Tests.Clusters;

/// <summary>
/// A silo that takes messages and answers none costs no search its deadline; one that is only slow is waited for.
/// Every search here has a minute, so that an answer that names a silent silo did not wait for its deadline.
/// </summary>
public sealed class SilentSiloTests
{
    private const int Enrolled = 24;
    private const int Partitions = 4;

    [Fact]
    public async Task Searches_answer_without_a_silent_silo_name_what_is_missing_and_are_complete_when_it_is_back()
    {
        Gate gate = new("Silo_1", isPingHeld: true);
        await using PartitionCluster cluster = await StartAsync(gate);
        GrainDirectory directory = await DirectoryAsync(cluster);
        SearchRoot root = new(directory, TimeProvider.System);
        int[] here = [.. Enumerable.Range(0, Partitions)
            .Where(number => directory.SiloOf(new PartitionId(number)) == "Silo_1")];
        int searchesBefore = gate.Searches;

        gate.Close();
        IdentifyAnswer[] first = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(person => People.FindAsync(root, person)));
        foreach (IdentifyAnswer answer in first)
        {
            AssertMissing(answer, here);
        }

        // Whoever comes later sends it nothing.
        int searches = gate.Searches;
        Assert.Equal(searchesBefore + 8, searches);
        for (int person = 0; person < 8; person++)
        {
            AssertMissing(await People.FindAsync(root, person), here);
        }

        Assert.Equal(searches, gate.Searches);

        // Nor do reads and writes of its persons wait, and a write is not sent.
        string persons = Enumerable.Range(0, Enrolled).Select(IdOf).First(
            id => here.Contains(((IPartitionDirectory)directory).Of(id).Id.Number));
        EncounterRoot encounters = new(directory);
        Assert.Contains("silent", (await encounters.ReadPersonAsync(persons, People.Budget)).Outage?.Reason);
        Assert.Contains("was not sent: silo Silo_1 is silent", (await ((IPartitionDirectory)directory).Of(persons)
            .ApplyAsync(new WriteBatch([new Write.DeletePerson(persons)]), People.Budget)).Results[0].Outage?.Reason);

        gate.Open();
        await PartitionWaits.UntilAsync(
            () => People.FindAsync(root, 0), answer => answer.Coverage.IsComplete);
        Assert.Equal(Enrolled, (await People.FindAsync(root, 0)).Candidates.Count);
    }

    [Fact]
    public async Task A_silo_that_is_busy_but_answers_pings_is_waited_for()
    {
        Gate gate = new("Silo_1", isPingHeld: false);
        await using PartitionCluster cluster = await StartAsync(gate);
        GrainDirectory directory = await DirectoryAsync(cluster);
        gate.Close();
        Task<IdentifyAnswer> asked = People.FindAsync(new SearchRoot(directory, TimeProvider.System), 0);

        // Each ping stands for a quarter of a second: longer than a silent silo is waited for.
        await gate.PingedAsync(8);
        Assert.False(asked.IsCompleted);
        gate.Open();

        IdentifyAnswer answer = await asked.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(answer.Coverage.IsComplete, string.Join("; ", answer.Coverage.Missing));
        Assert.Equal(Enrolled, answer.Candidates.Count);
    }

    private static async Task<PartitionCluster> StartAsync(Gate gate) => await PartitionCluster.StartAsync(
        silos: 3, Partitions, frontEnds: 1, configure: (name, silo) => silo.AddIncomingGrainCallFilter(gate.For(name)));

    private static async Task<GrainDirectory> DirectoryAsync(PartitionCluster cluster)
    {
        GrainDirectory directory = await GrainDirectory.ConnectAsync(cluster.FrontEnd);
        await cluster.SettledAsync(directory, "Silo_1:2 Silo_2:2");
        await People.EnrolAsync(directory, 0, Enrolled);
        Assert.True((await People.FindAsync(new SearchRoot(directory, TimeProvider.System), 0)).Coverage.IsComplete);
        return directory;
    }

    private static void AssertMissing(IdentifyAnswer answer, int[] numbers)
    {
        Assert.False(answer.Coverage.IsComplete);
        Assert.StartsWith(
            $"partitions {string.Join(", ", numbers)} were not searched: silo Silo_1 is silent",
            Assert.Single(answer.Coverage.Missing));
        Assert.Equal(answer.Coverage.IdentitiesSearched, answer.Candidates.Count);
        Assert.InRange(answer.Candidates.Count, 1, Enrolled - 1);
        Assert.Equal(Enrolled, answer.Coverage.IdentitiesHeld);
    }

    /// <summary>Holds the calls that a silo gets, as a paused process does, until it is opened.</summary>
    private sealed class Gate(string name, bool isPingHeld)
    {
        private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly bool isPingHeld = isPingHeld;
        private readonly SemaphoreSlim pings = new(0);
        private volatile bool isClosed;
        private int searches;

        /// <summary>Searches that arrived at the silo.</summary>
        public int Searches => Volatile.Read(ref searches);

        public void Close() => isClosed = true;

        public void Open()
        {
            isClosed = false;
            opened.TrySetResult();
        }

        public async Task PingedAsync(int times)
        {
            for (int i = 0; i < times; i++)
            {
                Assert.True(await pings.WaitAsync(TimeSpan.FromSeconds(60)));
            }
        }

        public IIncomingGrainCallFilter For(string silo) => new Filter(this, silo == name);

        private sealed class Filter(Gate gate, bool isHere) : IIncomingGrainCallFilter
        {
            public async Task Invoke(IIncomingGrainCallContext context)
            {
                bool isSearch = context.MethodName == nameof(ISiloGrain.SearchAsync);
                bool isPing = context.MethodName == nameof(ISiloGrain.PingAsync);
                if (isHere && context.Grain is ISiloGrain && (isSearch || isPing))
                {
                    _ = isPing ? gate.pings.Release() : Interlocked.Increment(ref gate.searches);
                    if (gate.isClosed && (isSearch || gate.isPingHeld))
                    {
                        await gate.opened.Task;
                    }
                }

                await context.Invoke();
            }
        }
    }
}
