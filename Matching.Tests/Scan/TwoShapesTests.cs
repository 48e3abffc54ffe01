using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Scan;

/// <summary>An eye in a narrow and a wide code: the wide one decides, and in a fast search the narrow finds.</summary>
public sealed class TwoShapesTests
{
    private const int People = 130;
    private static readonly IrisShape Wide = IrisShape.OpenIris12800;
    private static readonly SyntheticPopulation Population = new(91);
    private static readonly GalleryTable Table = Fill(everybodyInBoth: false);

    [Fact]
    public void The_wide_code_decides_alone_where_both_were_compared()
    {
        Search both = SearchOf(3, IrisShape.D2048, Wide);
        Hit decided = Assert.Single(Scan(both).Hits);
        Hit wide = Assert.Single(Scan(SearchOf(3, Wide)).Hits);

        Assert.Equal(wide.Score, decided.Score);
        Assert.Equal(2, decided.Details.Count);

        // Who is enrolled in one code alone is compared by that.
        Assert.Equal(Scan(SearchOf(1, IrisShape.D2048)).Hits.Single().Score, Scan(SearchOf(1, IrisShape.D2048, Wide))
            .Hits.Single().Score);
        Assert.Equal(Scan(SearchOf(2, Wide)).Hits.Single().Score, Scan(SearchOf(2, IrisShape.D2048, Wide))
            .Hits.Single().Score);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(100)]
    public void An_exact_search_of_both_equals_the_full_pass_and_a_fast_one_finds_the_same(double threshold)
    {
        for (int person = 0; person < 12; person++)
        {
            Search search = SearchOf(person, IrisShape.D2048, Wide) with { Threshold = threshold };
            SearchHits full = Scan(search, visitAll: true);
            SearchHits exact = Scan(search);
            SearchHits fast = Scan(search with { FastIrises = true });

            Assert.Equal($"p{person}", full.Hits[0].PersonId);
            foreach (SearchHits found in new[] { exact, fast })
            {
                Assert.Equal(
                    full.Hits.Select(hit => (hit.PersonId, hit.Score)),
                    found.Hits.Select(hit => (hit.PersonId, hit.Score)));
            }

            Assert.Equal(fast.SampledEyes == 0, fast.FirstStage is null);
            if (threshold > 40)
            {
                Assert.InRange(fast.FirstStage!.Passed, 1, People / 3);
            }
        }
    }

    [Fact]
    public void A_fast_search_that_leaves_wide_codes_to_the_narrow_ones_does_not_call_itself_exact()
    {
        GalleryTable both = Fill(everybodyInBoth: true);
        Search search = SearchOf(3, IrisShape.D2048, Wide) with { FastIrises = true };

        SearchHits left = Scan(search, both);
        SearchHits wide = Scan(SearchOf(3, Wide) with { FastIrises = true, Threshold = 20 }, both);

        Assert.Equal("p3", Assert.Single(left.Hits).PersonId);
        Assert.Equal(People, left.SampledEyes);
        Assert.Equal(0, wide.SampledEyes);
    }

    private static SearchHits Scan(Search search, bool visitAll = false) => Scan(search, Table, visitAll);

    private static SearchHits Scan(Search search, GalleryTable table, bool visitAll = false) => PartitionScan.Run(
        new SearchBatch([search]), table.Snapshot, table, SearchBudget.Of(TimeSpan.FromMinutes(1)), new ScanScratch(),
        visitAll).Results[0];

    private static Search SearchOf(int person, params IrisShape[] shapes) => new()
    {
        Probe = ProbeBuilder.Build(Samples(person, 1, shapes)).Value!,
        Gallery = "G",
        Threshold = 40,
        MaxCandidates = 5,
    };

    private static Sample[] Samples(int person, int impression, params IrisShape[] shapes) =>
    [
        .. shapes.Select(shape => new Sample
        {
            Position = BiometricPosition.RightEye,
            Format = TemplateFormat.MatchClusterIris,
            Template = IrisTemplates.EncodeMatchCluster(Population.Person(person).Iris(1, impression, shape)),
        }),
    ];

    /// <summary>Everybody in both codes, but for the second and third person where not everybody is.</summary>
    private static GalleryTable Fill(bool everybodyInBoth)
    {
        GalleryTable table = new(MemoryBudget.Unlimited);
        table.Apply([.. Enumerable.Range(0, People).Select(person =>
        {
            Sample[] samples = person switch
            {
                1 when !everybodyInBoth => Samples(person, 0, IrisShape.D2048),
                2 when !everybodyInBoth => Samples(person, 0, Wide),
                _ => Samples(person, 0, IrisShape.D2048, Wide),
            };
            return new TableChange($"p{person}", "E1", Content(person, samples), EncounterRows.Build(samples).Value);
        })]);
        return table;
    }

    private static Encounter Content(int person, Sample[] samples) =>
        TestPeople.EncounterOf(0) with { PersonId = $"p{person}", Samples = samples };
}
