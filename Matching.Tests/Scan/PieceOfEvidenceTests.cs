using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Templates;
using MatchCluster.Matching.Tests.Fingers;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Scan;

/// <summary>A finger or an eye is one piece of evidence, however often it was captured; an empty one is none.</summary>
public sealed class PieceOfEvidenceTests
{
    private const int Gallery = 200;
    private const double Nominal = 0.05;

    [Theory]
    [InlineData(true, 1, 1)]
    [InlineData(true, 2, 1)]
    [InlineData(true, 4, 1)]
    [InlineData(true, 4, 3)]
    [InlineData(false, 1, 1)]
    [InlineData(false, 4, 1)]
    [InlineData(false, 2, 2)]
    public void Strangers_bring_a_candidate_as_rarely_as_the_target_says_however_often_a_place_was_captured(
        bool iris, int captures, int encounters)
    {
        const int Probes = 150;
        GalleryTable table = new(MemoryBudget.Unlimited);
        table.Apply([.. Enumerable.Range(0, Gallery).SelectMany(person => Enumerable.Range(0, encounters).Select(
            encounter => Put(IdOf(person), $"E{encounter}", Captures(person, iris, 2 * encounter, 1))))]);
        Search[] searches = [.. Enumerable.Range(0, Probes).Select(i => new Search
        {
            Probe = ProbeBuilder.Build(Captures(1000 + i, iris, 1, captures)).Value!,
            Gallery = "G",
            Threshold = 0,
            TargetFpir = Nominal,
            MaxCandidates = 1,
            Exhaustive = true,
        })];

        int found = searches.Chunk(50).Sum(batch => Scan(table, batch).Results.Count(hits => hits.Hits.Count > 0));

        // Seeded. Of 150 at 5 % more than 17 are a chance of 1 in 1,000; independent captures gave 40 and more.
        Assert.InRange(found, 0, 17);
    }

    [Fact]
    public void One_template_sent_several_times_scores_as_once()
    {
        IReadOnlyList<Sample> one = Samples(3, [2], [1], 1);
        Assert.Equal(Verify(one, Samples(3, [2], [1], 0)), Verify([.. one, .. one, .. one], Samples(3, [2], [1], 0)));
    }

    [Fact]
    public void One_print_under_every_label_is_one_piece_of_evidence()
    {
        Sample index = Samples(3, [2], [], 1)[0];
        Sample[] everywhere =
            [.. Enumerable.Range(1, 10).Select(code => Relabelled(index, BiometricPosition.OfFinger(code)))];

        double alone = Verify([index], Samples(3, [2], [], 0));
        double among = Verify(everywhere, Samples(3, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [], 0));

        // The best of ten comparisons: 10 dB less.
        Assert.InRange(among, alone - 11, alone - 9);
        Assert.Equal(1, ProbeBuilder.Build(everywhere).Value!.Places.Count);
    }

    [Fact]
    public void Several_captures_of_one_finger_score_as_the_best_of_them()
    {
        Sample[] three = [.. Enumerable.Range(1, 3).Select(impression => Samples(3, [2], [], impression)[0])];
        double best = three.Max(sample => Verify([sample], Samples(3, [2], [], 0)));

        double all = Verify(three, Samples(3, [2], [], 0));

        Assert.Equal(Fusion.BestOf(best, 3), all, 0.011);
    }

    [Fact]
    public void A_capture_without_a_label_adds_nothing_to_the_same_finger_with_one()
    {
        Sample labelled = Samples(3, [2], [], 1)[0];
        Sample other = Relabelled(Samples(3, [2], [], 2)[0], BiometricPosition.UnknownFinger);
        IReadOnlyList<Sample> enrolled = Samples(3, [1, 2, 3], [], 0);
        double best = Math.Max(
            Verify([labelled], enrolled), Verify([Relabelled(other, BiometricPosition.OfFinger(2))], enrolled));

        Assert.InRange(Verify([labelled, other], enrolled), 0, best);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void Empty_records_do_not_argue_against_their_owner(int empty)
    {
        int[] all = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        IReadOnlyList<Sample> good = Samples(3, [2], [], 1);
        IEnumerable<Sample> nothing = all.Where(code => code != 2).Take(empty).Select(code => Empty(code));
        IReadOnlyList<Sample> enrolled = Samples(3, all, [], 0);

        double alone = Verify(good, enrolled);

        Assert.Equal(alone, Verify([.. good, .. nothing], enrolled));
        Assert.Equal(alone, Verify(good, [.. enrolled, Empty(2)]));
        Assert.Equal(
            Verify(Samples(3, [2, 3], [], 1), enrolled),
            Verify(Samples(3, [2, 3], [], 1), [.. enrolled, .. nothing]));
    }

    [Fact]
    public void Empty_fingers_are_no_rows_and_not_compared()
    {
        EncounterRows rows = EncounterRows.Build([.. Samples(3, [2], [1], 0), Empty(3), Empty(4)]).Value!;
        Assert.Equal((2, 1), (rows.Count, rows.Fingers));

        // Also where a probe was put together without the builder.
        GalleryTable table = new(MemoryBudget.Unlimited);
        table.Apply([Put("P", "E", Samples(3, [2, 3], [], 0))]);
        Probe probe = new(
            [
                .. ProbeOf(3).Fingers,
                new(BiometricPosition.OfFinger(3), FingerTemplate.Prepare(RandomFingers.View(new(1), 0))),
            ],
            []);
        Search search = new() { Probe = probe, Gallery = "G", Threshold = 0, MaxCandidates = 1 };
        HitDetail detail = Assert.Single(Scan(table, [search]).Results[0].Hits[0].Details);
        Assert.Equal(BiometricPosition.OfFinger(2), detail.ProbePosition);
    }

    [Fact]
    public void The_mate_is_found_by_large_probes()
    {
        // As many captures as a probe may bring, of one eye and of one finger: no sum and no counter wraps.
        GalleryTable table = new(MemoryBudget.Unlimited);
        table.Apply([.. Enumerable.Range(0, Gallery).Select(
            person => Put(IdOf(person), "E", Samples(person, [2], [1], 0)))]);
        Sample[] eyes = [.. Enumerable.Range(1, Limits.RowsPerProbe).Select(i => Samples(5, [], [1], i)[0])];
        Sample[] fingers = [.. Enumerable.Range(1, Limits.RowsPerProbe).Select(i => Samples(5, [2], [], i)[0])];

        foreach (Sample[] samples in (Sample[][])[eyes, fingers])
        {
            Search search = new()
            {
                Probe = ProbeBuilder.Build(samples).Value!,
                Gallery = "G",
                Threshold = 25,
                MaxCandidates = 5,
            };
            Assert.Equal(IdOf(5), Scan(table, [search]).Results[0].Hits[0].PersonId);
        }

        Assert.InRange(Fusion.Fuse([.. Enumerable.Repeat(150.0, 256)]), 20_000, 38_400);
    }

    [Fact]
    public void A_weak_capture_beside_a_good_one_does_not_hide_the_finger_from_the_first_stage()
    {
        GalleryTable table = new(MemoryBudget.Unlimited);
        table.Apply([.. Enumerable.Range(0, Gallery).Select(
            person => Put(IdOf(person), "E", Samples(person, [2], [], 0)))]);

        // Four prints of somebody else under the same label are weak captures.
        Sample[] samples =
        [
            .. Enumerable.Range(0, 4).Select(i => Samples(900 + i, [2], [], 1)[0]),
            Samples(5, [2], [], 1)[0],
        ];
        Search search = new()
        {
            Probe = ProbeBuilder.Build(samples).Value!,
            Gallery = "G",
            Threshold = 35,
            MaxCandidates = 5,
        };
        SearchHits found = Scan(table, [search]).Results[0];
        Assert.Equal(IdOf(5), found.Hits[0].PersonId);
        Assert.True(found.FirstStage!.Reached > 0, "found by the audit alone");
    }

    private static IReadOnlyList<Sample> Captures(int person, bool iris, int first, int count) =>
    [
        .. Enumerable.Range(first, count).Select(
            impression => Samples(person, iris ? [] : [2], iris ? [1] : [], impression)[0]),
    ];

    private static double Verify(IReadOnlyList<Sample> probe, IReadOnlyList<Sample> reference) =>
        PairComparison.Compare(
            ProbeBuilder.Build(probe).Value!, reference, 40, SearchBudget.Of(TimeSpan.FromMinutes(1))).Value!.Score;

    private static Sample Empty(int code) => Encoded(RandomFingers.View(new(1), 0), BiometricPosition.OfFinger(code));

    private static Sample Relabelled(Sample sample, BiometricPosition position) =>
        Encoded(FingerRecords.Decode(sample.Format, sample.Template.Span).Value!.Views[0], position);

    private static Sample Encoded(FingerView view, BiometricPosition position) => new()
    {
        Position = position,
        Format = TemplateFormat.Iso19794v2005,
        Template = FingerRecords.Encode(TemplateFormat.Iso19794v2005, [view with { Position = position }]),
    };

    private static ScanResult Scan(GalleryTable table, Search[] searches) => PartitionScan.Run(
        new SearchBatch(searches), table.Snapshot, table, SearchBudget.Of(TimeSpan.FromMinutes(1)), new ScanScratch());

    private static TableChange Put(string person, string encounter, IReadOnlyList<Sample> samples) => new(
        person, encounter, EncounterOf(0, encounter) with { PersonId = person }, EncounterRows.Build(samples).Value!);
}
