using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Templates;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Scatter;

public sealed class MatchEngineTests
{
    private const int People = 30;

    private static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromSeconds(60));

    [Fact]
    public async Task The_answer_equals_the_plain_references_over_every_pair_and_does_not_depend_on_the_partitions()
    {
        Probe probe = ProbeOf(4, fingers: [1, 2], eyes: [1]);
        string[] expected = PlainRanking(probe);
        foreach (int partitions in (int[])[1, 2, 7])
        {
            await using Host host = await Host.OpenAsync(partitions);
            IdentifyAnswer answer = await host.IdentifyAsync(probe, People);

            Assert.Equal(expected, answer.Candidates.Select(c => $"{c.Rank} {c.PersonId} {c.Score:F2}"));
            Assert.True(answer.Coverage.IsComplete);
            Assert.Equal((partitions, People), (answer.Coverage.PartitionsAsked, answer.Coverage.IdentitiesSearched));
            Assert.Equal(People * 3, answer.Comparisons);
        }
    }

    [Fact]
    public async Task A_mated_probe_comes_back_first_and_the_default_threshold_keeps_strangers_out()
    {
        await using Host host = await Host.OpenAsync(2);
        for (int person = 0; person < 5; person++)
        {
            IdentifyAnswer mated = await host.IdentifyAsync(ProbeOf(person, [1, 2], [1]), 10, threshold: null);
            Candidate best = mated.Candidates[0];
            Assert.Equal((1, IdOf(person)), (best.Rank, best.PersonId));
            Assert.Equal(Fpir.At(best.Score, People), best.Fpir);
        }

        IdentifyAnswer stranger = await host.IdentifyAsync(ProbeOf(People + 50, [1, 2], [1]), 10, threshold: null);
        Assert.Equal(Fpir.ThresholdFor(0.01, People), stranger.Threshold);
        Assert.InRange(stranger.FpirAtThreshold, 0.0099, 0.0100001);
        Assert.True(stranger.Coverage.IsComplete);
        Assert.Empty(stranger.Candidates);
    }

    [Fact]
    public async Task An_unknown_gallery_is_a_refusal_and_not_an_empty_list()
    {
        await using Host host = await Host.OpenAsync(3);
        IdentifyAnswer answer = await host.IdentifyAsync(ProbeOf(0, [1], []), 5, gallery: "NONE");
        Assert.Equal(RefusalKind.Unknown, answer.Refusal?.Kind);
        Assert.Contains("NONE", answer.Refusal!.Reason);
    }

    [Fact]
    public async Task An_engine_that_opens_a_filled_store_answers_as_the_one_that_filled_it()
    {
        await using MemoryGalleryStore store = new(3);
        Probe probe = ProbeOf(4, [1, 2], [1]);
        IdentifyAnswer before;
        await using (Host first = await Host.OpenAsync(store))
        {
            before = await first.IdentifyAsync(probe, People);
        }

        await using MatchEngine second = MatchEngine.Open(store, new MatchEngineOptions { Threads = 2 });
        await second.Loaded;
        IdentifyAnswer after = await Host.IdentifyAsync(second, probe, People, 0, "G");
        Assert.Equal(
            before.Candidates.Select(c => (c.PersonId, c.Score, string.Join(';', c.Details))),
            after.Candidates.Select(c => (c.PersonId, c.Score, string.Join(';', c.Details))));
        PartitionStatus[] status = [.. await new EncounterRoot(second).StatusAsync(default)];
        Assert.All(status, s => Assert.Equal((PartitionState.Ready, s.ToLoad), (s.State, s.Loaded)));
        Assert.All(status, s => Assert.Equal(2, s.Epoch));
    }

    [Fact]
    public async Task Verification_decides_at_its_threshold_and_knows_who_is_not_there()
    {
        await using Host host = await Host.OpenAsync(2);
        SearchRoot root = new(host.Engine, TimeProvider.System);
        Probe probe = ProbeOf(3, [1, 2], [1]);

        VerifyAnswer own = await root.VerifyAsync(probe, "G", IdOf(3), 40, Budget);
        VerifyAnswer other = await root.VerifyAsync(probe, "G", IdOf(4), 40, Budget);
        Assert.True(own.Decision);
        Assert.False(other.Decision);
        Assert.True(own.Score > other.Score);
        Assert.Equal(3, own.Details.Count);
        Assert.Equal(RefusalKind.Unknown, (await root.VerifyAsync(probe, "G", "nobody", 40, Budget)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Unknown, (await root.VerifyAsync(probe, "X", IdOf(3), 40, Budget)).Refusal?.Kind);
    }

    [Fact]
    public async Task Galleries_are_listed_with_their_sizes_and_paged_across_partitions()
    {
        await using Host host = await Host.OpenAsync(4);
        EncounterRoot root = new(host.Engine);
        Assert.Equal([new GallerySize("G", People)], (await root.ReadGalleriesAsync(Budget)).Galleries);

        string[] ids = [.. Enumerable.Range(0, People).Select(IdOf).Order(StringComparer.Ordinal)];
        ReadAnswer page = await root.ReadGalleryAsync("G", 10, 7, Budget);
        Assert.Equal(ids[10..17], page.Members.Select(m => m.PersonId));
    }

    /// <summary>What the rules say, by the plain twins and a full sort.</summary>
    private static string[] PlainRanking(Probe probe)
    {
        List<(string Id, double Score)> all = [];
        for (int person = 0; person < People; person++)
        {
            EncounterRows rows = EncounterRows.Build(EncounterOf(person, fingers: [1, 2], eyes: [1]).Samples).Value!;
            double[] scores = [.. Enumerable.Range(0, rows.Count).Select(row => PlainScore(probe, rows, row))];
            all.Add((IdOf(person), Fusion.Fuse(scores)));
        }

        return [.. all.OrderByDescending(p => p.Score).ThenBy(p => p.Id, StringComparer.Ordinal)
            .Select((p, i) => $"{i + 1} {p.Id} {p.Score:F2}")];
    }

    private static double PlainScore(Probe probe, EncounterRows rows, int row)
    {
        ReadOnlySpan<byte> memory = rows.Row(row);
        if (rows.PositionOf(row).Modality == Modality.Finger)
        {
            FingerTemplate finger = probe.Fingers.Single(f => f.Position == rows.PositionOf(row)).Template;
            return FingerCalibration.Score(
                FingerMatcher.CompareReference(finger, memory).Strength,
                finger.Cylinders,
                FingerTemplate.CylindersAt(memory));
        }

        IrisCode code = EyeOfTheProbe();
        Assert.True(IrisScorer.TryCompareReference(
            code, IrisProbe.RotationsFor(code.Shape), memory, out IrisComparison comparison));
        return IrisCalibration.Score(comparison, code.Shape, IrisEncoderId.Unknown);
    }

    private static IrisCode EyeOfTheProbe() =>
        IrisTemplates.Decode(TemplateFormat.MatchClusterIris, Samples(4, [], [1], 1)[0].Template.Span).Value!;

    private sealed class Host : IAsyncDisposable
    {
        private Host(MatchEngine engine, MemoryGalleryStore? owned)
        {
            Engine = engine;
            Owned = owned;
        }

        public MatchEngine Engine { get; }

        private MemoryGalleryStore? Owned { get; }

        public static async Task<Host> OpenAsync(int partitions)
        {
            MemoryGalleryStore store = new(partitions);
            return new Host(await FillAsync(store), store);
        }

        public static async Task<Host> OpenAsync(MemoryGalleryStore store) => new(await FillAsync(store), null);

        public static async Task<IdentifyAnswer> IdentifyAsync(
            MatchEngine engine, Probe probe, int k, double? threshold, string gallery) =>
            (await new SearchRoot(engine, TimeProvider.System).IdentifyAsync(
                [
                    new IdentifyRequest
                    {
                        Probe = probe,
                        Gallery = gallery,
                        MaxCandidates = k,
                        Threshold = threshold,
                    },
                ],
                Budget))[0];

        public Task<IdentifyAnswer> IdentifyAsync(
            Probe probe, int k, double? threshold = 0, string gallery = "G") =>
            IdentifyAsync(Engine, probe, k, threshold, gallery);

        public async ValueTask DisposeAsync()
        {
            await Engine.DisposeAsync();
            if (Owned is not null)
            {
                await Owned.DisposeAsync();
            }
        }

        private static async Task<MatchEngine> FillAsync(MemoryGalleryStore store)
        {
            MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 2 });
            await engine.Loaded;
            Write[] writes = [.. Enumerable.Range(0, People).Select(
                i => new Write.Create(EncounterOf(i, fingers: [1, 2], eyes: [1])))];
            Assert.All(await new EncounterRoot(engine).ApplyAsync(writes, Budget), r => Assert.True(r.IsApplied));
            return engine;
        }
    }
}
