using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Templates;
using MatchCluster.Matching.Tests.Irises;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Scan;

/// <summary>What a fast search of irises takes, in blocks and finalists: never more than an exact one.</summary>
public sealed class FastWorkTests
{
    private const int People = 1100;
    private const int Blocks = 3;
    private const int Turns = 15;
    private const int Asked = 6;
    private static readonly IrisShape Shape = IrisShape.D2048;
    private static readonly int[] Eyes = [1, 2];
    private static readonly GalleryTable Table = Of(Enumerable.Range(0, People).Select(
        person => Samples(person, person % 50 == 0 ? [2] : [], Eyes, 0)));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void It_takes_no_more_work_than_an_exact_search_at_any_threshold(int eyes)
    {
        bool isSampledEver = false;
        bool isExactEver = false;
        long vainEver = 0;
        for (int threshold = 20; threshold <= 120; threshold += 10)
        {
            Search[] fast = [.. Enumerable.Range(0, Asked).Select(i => new Search
            {
                Probe = ProbeOf(i * 97, [], Eyes[..eyes]),
                Gallery = "G",
                Threshold = threshold,
                MaxCandidates = 5,
                FastIrises = true,
            })];
            ScanResult found = Scan(Table, fast);
            ScanResult exact = Scan(Table, [.. fast.Select(search => search with { FastIrises = false })]);
            for (int i = 0; i < fast.Length; i++)
            {
                IrisWork work = found.IrisWork[i];
                Assert.Equal(new IrisWork(0, Blocks * eyes, 0, 0), exact.IrisWork[i]);
                // A block that is compared exactly after all has been sampled for nothing, once in so many.
                long vain = work.Sampled + work.Exact - (Blocks * eyes);
                Assert.InRange(vain, 0, 1);
                vainEver += vain;
                Assert.True(
                    Cost(work) - (vain / (double)SampleBound.StepOf(Shape)) <= Cost(exact.IrisWork[i]),
                    $"{eyes} eyes, threshold {threshold}: {work}");
                Assert.Equal(work.SampledEyes, found.Results[i].SampledEyes);
                Assert.Null(exact.Results[i].SampledEyes);
                if (work.SampledEyes == 0)
                {
                    // Whoever is told that the search was exact gets what an exact search finds, and no first stage.
                    Assert.Null(found.Results[i].FirstStage);
                    Assert.Equal(Lists(exact.Results[i]), Lists(found.Results[i]));
                }

                isSampledEver |= work is { Sampled: 6 or 3, Exact: 0 };
                isExactEver |= work is { Sampled: 0, Exact: > 0, SampledEyes: 0 };
            }
        }

        Assert.True(isSampledEver && isExactEver);
        Assert.InRange(vainEver, 0, 1);
    }

    [Fact]
    public void A_gallery_whose_strangers_pass_the_sample_is_compared_exactly_from_its_first_block_on()
    {
        // Everybody lies a little beyond what the search asks, and well within what the sample lets through.
        IrisCode own = CodeOf(Samples(5, [], [1], 0)[0]);
        Random random = new(7);
        GalleryTable table = Of(Enumerable.Range(0, 3 * IrisBlock.Lanes).Select(i =>
            (IReadOnlyList<Sample>)[SampleOf(TestIrises.Turned(own, 0, i == 700 ? 0.05 : 0.32, random))]));
        Search search = new()
        {
            Probe = ProbeBuilder.Build([SampleOf(own)]).Value!,
            Gallery = "G",
            Threshold = 100,
            MaxCandidates = 5,
            FastIrises = true,
        };

        ScanResult fast = Scan(table, [search]);
        ScanResult exact = Scan(table, [search with { FastIrises = false }]);

        Assert.Equal(new IrisWork(Sampled: 1, Exact: 3, Finalists: 0, SampledEyes: 0), fast.IrisWork[0]);
        Assert.Equal(IdOf(700), Assert.Single(fast.Results[0].Hits).PersonId);
        Assert.Equal(Lists(exact.Results[0]), Lists(fast.Results[0]));
        Assert.Null(fast.Results[0].FirstStage);
    }

    [Fact]
    public void After_a_block_with_too_many_finalists_some_blocks_are_not_sampled()
    {
        int most = SampleChoice.MostFinalists(Shape, Turns, 1);
        Assert.InRange(most, IrisBlock.Lanes / 5, IrisBlock.Lanes / 3);
        Assert.InRange(SampleChoice.MostFinalists(Shape, Turns, BlockPass.MostProbes), IrisBlock.Lanes / 8, most - 1);
        Assert.True(SampleChoice.MostFinalists(IrisShape.W16384, 31, 1) > most);

        SampleChoice choice = new();
        Assert.True(choice.MayCount(most, most) && choice.Samples);
        Assert.False(choice.MayCount(most + 1, most));
        int skipped = 0;
        for (; !choice.Samples; skipped++)
        {
            choice.Skip();
        }

        Assert.Equal(SampleChoice.BlocksPerLook, skipped);
        Assert.True(choice.MayCount(0, most) && choice.Samples);
    }

    /// <summary>
    /// In blocks that are compared exactly: a sample compares one bit in so many, and as many finalists as may be
    /// counted cost what it saves.
    /// </summary>
    private static double Cost(IrisWork work)
    {
        double sample = 1.0 / SampleBound.StepOf(Shape);
        return work.Exact + (work.Sampled * sample)
            + (work.Finalists * (1 - sample) / SampleChoice.MostFinalists(Shape, Turns, Asked));
    }

    private static IEnumerable<(string, double)> Lists(SearchHits found) =>
        found.Hits.Select(hit => (hit.PersonId, hit.Score));

    private static IrisCode CodeOf(Sample sample) =>
        IrisTemplates.Decode(TemplateFormat.MatchClusterIris, sample.Template.Span).Value!;

    private static Sample SampleOf(IrisCode code) => new()
    {
        Position = code.Position,
        Format = TemplateFormat.MatchClusterIris,
        Template = IrisTemplates.EncodeMatchCluster(code),
    };

    private static ScanResult Scan(GalleryTable table, Search[] searches) => PartitionScan.Run(
        new SearchBatch(searches), table.Snapshot, table, SearchBudget.Of(TimeSpan.FromMinutes(1)), new ScanScratch());

    private static GalleryTable Of(IEnumerable<IReadOnlyList<Sample>> people)
    {
        GalleryTable table = new(MemoryBudget.Unlimited);
        table.Apply([.. people.Select((samples, i) => new TableChange(
            IdOf(i), "E1", EncounterOf(0) with { PersonId = IdOf(i) }, EncounterRows.Build(samples).Value!))]);
        return table;
    }
}
