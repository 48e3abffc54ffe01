using System.Collections.Concurrent;
using MatchCluster.Grains.Clients;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Grains.Tests.Clusters;

public sealed class ScatterTests
{
    private const int Enrolled = 40;
    private const int Partitions = 12;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_cluster_answers_exactly_what_the_embedded_engine_answers(int silos)
    {
        await using MemoryGalleryStore store = new(Partitions);
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 1 });
        await engine.Loaded;
        await People.EnrolAsync(engine, 0, Enrolled);
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(silos, Partitions);
        GrainDirectory directory = await cluster.ReadyAsync();
        await People.EnrolAsync(directory, 0, Enrolled);

        SearchRoot embedded = new(engine, TimeProvider.System);
        SearchRoot clustered = new(directory, TimeProvider.System);
        for (int person = 0; person < 5; person++)
        {
            IdentifyAnswer expected = await People.FindAsync(embedded, person);
            IdentifyAnswer answer = await People.FindAsync(clustered, person);
            Assert.Equal(Enrolled, answer.Candidates.Count);
            Assert.Equal(People.Flat(expected), People.Flat(answer));
            Assert.True(answer.Coverage.IsComplete);

            // The silos state together what they searched; another store has another key.
            GalleryState? held = EncounterRoot.StateOf(
                answer.Gallery, await new EncounterRoot(directory).StatusAsync(default));
            Assert.Equal((held, (long?)Enrolled), (answer.State, answer.State?.Encounters));
            Assert.NotEqual(expected.State, answer.State);
        }
    }

    [Theory]
    [InlineData(false)] // finalists only: right thumbs, index fingers in each other's place
    [InlineData(true)] // everybody: all fingers under the labels of the other hand
    public async Task Swapped_fingers_are_found_through_silos_as_in_the_embedded_engine(bool asked)
    {
        const int person = 3;
        int[] fingers = asked ? [2, 7] : [1, 2, 6, 7];
        int[] labels = asked ? [7, 2] : [1, 7, 6, 2];
        IdentifyRequest request = People.Ask(People.Relabelled(person, fingers, labels)) with { SwappedHands = asked };
        await using MemoryGalleryStore store = new(Partitions);
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 1 });
        await engine.Loaded;
        await People.EnrolAsync(engine, 0, Enrolled, 1, 2, 6, 7);
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(silos: 2, Partitions);
        GrainDirectory directory = await cluster.ReadyAsync();
        await People.EnrolAsync(directory, 0, Enrolled, 1, 2, 6, 7);

        IdentifyAnswer expected = await People.FindAsync(new SearchRoot(engine, TimeProvider.System), request);
        IdentifyAnswer answer = await People.FindAsync(new SearchRoot(directory, TimeProvider.System), request);

        Assert.Equal(Matching.Tests.TestPeople.IdOf(person), answer.Candidates[0].PersonId);
        Assert.Equal(
            [(2, 7), (7, 2)],
            answer.Candidates[0].Details.Where(detail => detail.IsSwapped)
                .Select(detail => ((int)detail.GalleryPosition.Finger, (int)detail.ProbePosition.Finger)).Order());
        Assert.Equal(People.Flat(expected), People.Flat(answer));
        Assert.True(answer.Coverage.IsComplete);
    }

    [Theory]
    [InlineData(new[] { 0, 2 }, Rotation.Normal, null)] // a finalist: the thumb upright, the index finger turned
    [InlineData(new[] { 2, 2 }, Rotation.Normal, new[] { 0, 180 })] // nobody upright: the retry
    [InlineData(new[] { 2, 2 }, Rotation.Full, new[] { 0, 90, 180, 270 })]
    public async Task Turned_fingers_are_found_through_silos_as_in_the_embedded_engine(
        int[] quarters, Rotation rotation, int[]? turns)
    {
        const int person = 3;
        IdentifyRequest request =
            People.Ask(People.Turned(person, [1, 2], quarters)) with { Rotation = rotation, Threshold = 40 };
        await using MemoryGalleryStore store = new(Partitions);
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 1 });
        await engine.Loaded;
        await People.EnrolAsync(engine, 0, Enrolled, 1, 2, 6, 7);
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(silos: 2, Partitions);
        GrainDirectory directory = await cluster.ReadyAsync();
        await People.EnrolAsync(directory, 0, Enrolled, 1, 2, 6, 7);

        IdentifyAnswer expected = await People.FindAsync(new SearchRoot(engine, TimeProvider.System), request);
        IdentifyAnswer answer = await People.FindAsync(new SearchRoot(directory, TimeProvider.System), request);

        Assert.Equal(Matching.Tests.TestPeople.IdOf(person), Assert.Single(answer.Candidates).PersonId);
        Assert.Equal(People.Flat(expected), People.Flat(answer));
        Assert.Equal(turns, answer.Turns);
        Assert.Equal(
            expected.Candidates[0].Details.Select(detail => detail.Turn),
            answer.Candidates[0].Details.Select(detail => detail.Turn));
        Assert.True(answer.Candidates[0].AreFingersTurned);
        Assert.True(answer.Coverage.IsComplete);
    }

    [Fact]
    public async Task Eyes_upside_down_with_swapped_labels_are_found_through_silos_as_in_the_embedded_engine()
    {
        const int person = 3;
        IdentifyRequest request = People.Ask(People.MisplacedEyes(person)) with
        {
            Rotation = Rotation.Full,
            SwappedEyes = true,
            Threshold = 40,
        };
        await using MemoryGalleryStore store = new(Partitions);
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 1 });
        await engine.Loaded;
        await People.EnrolEyesAsync(engine, Enrolled);
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(silos: 2, Partitions);
        GrainDirectory directory = await cluster.ReadyAsync();
        await People.EnrolEyesAsync(directory, Enrolled);

        IdentifyAnswer expected = await People.FindAsync(new SearchRoot(engine, TimeProvider.System), request);
        IdentifyAnswer answer = await People.FindAsync(new SearchRoot(directory, TimeProvider.System), request);

        Candidate found = Assert.Single(answer.Candidates);
        Assert.Equal(Matching.Tests.TestPeople.IdOf(person), found.PersonId);
        Assert.True(found.AreEyesTurned && found.AreEyesSwapped);
        Assert.Equal(People.Flat(expected), People.Flat(answer));
        Assert.Equal([0, 180], answer.Turns);
        Assert.All(found.Details, detail => Assert.Equal(180, detail.Turn));
    }

    [Fact]
    public async Task A_search_costs_one_message_per_silo_and_so_does_the_status_of_all_partitions()
    {
        CallCount calls = new();
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(
            silos: 4, Partitions, frontEnds: 1, configure: (_, silo) => silo.AddIncomingGrainCallFilter(calls));
        GrainDirectory directory = await GrainDirectory.ConnectAsync(cluster.FrontEnd);
        await cluster.SettledAsync(directory, "Silo_1:4 Silo_2:4 Silo_3:4");
        await People.EnrolAsync(directory, 0, 10);
        SearchRoot root = new(directory, TimeProvider.System);
        await People.FindAsync(root, 3);

        calls.Clear();
        IdentifyAnswer answer = await People.FindAsync(root, 3);
        Assert.True(answer.Coverage.IsComplete);
        Assert.Equal(10, answer.Candidates.Count);
        Assert.Equal((3, 0), (calls.Of("ISiloGrain.SearchAsync"), calls.Of("IIdentityPartitionGrain.SearchAsync")));

        calls.Clear();
        Assert.Equal(10, (await ((IPartitionDirectory)directory).StatusAllAsync(default)).Sum(s => s.Identities));
        Assert.Equal((3, 0), (calls.Of("ISiloGrain.StatusAsync"), calls.Of("IIdentityPartitionGrain.StatusAsync")));
    }

    [Fact]
    public async Task A_member_without_partitions_hosts_none_and_searches_them_all()
    {
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(silos: 3, Partitions, frontEnds: 1);
        GrainDirectory directory = await GrainDirectory.ConnectAsync(cluster.FrontEnd);
        await PartitionCluster.ReadyAsync(directory);
        await People.EnrolAsync(directory, 0, 10);
        IdentifyAnswer answer = await People.FindAsync(new SearchRoot(directory, TimeProvider.System), 3);

        Assert.Equal(Matching.Tests.TestPeople.IdOf(3), answer.Candidates[0].PersonId);
        Assert.True(answer.Coverage.IsComplete);
        Assert.DoesNotContain("Silo_0", cluster.Owners());
        await cluster.SettledAsync(directory, "Silo_1:6 Silo_2:6");
    }

    /// <summary>Calls that arrive at grains of any silo, by interface and method.</summary>
    private sealed class CallCount : IIncomingGrainCallFilter
    {
        private readonly ConcurrentDictionary<string, int> counts = new();

        public int Of(string method) => counts.GetValueOrDefault(method);

        public void Clear() => counts.Clear();

        public Task Invoke(IIncomingGrainCallContext context)
        {
            string called = $"{context.InterfaceMethod.DeclaringType?.Name}.{context.MethodName}";
            counts.AddOrUpdate(called, 1, (_, count) => count + 1);
            return context.Invoke();
        }
    }
}
