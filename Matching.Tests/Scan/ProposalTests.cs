using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Scan;

/// <summary>What proposers leave of a gallery gives the answers of the full pass: candidates, order, scores.</summary>
public sealed class ProposalTests
{
    private const int People = 700;
    private static readonly SyntheticPopulation Population = new(31);
    private static readonly GalleryTable Table = Gallery();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 10)]
    [InlineData(5, 10)]
    [InlineData(20, 50)]
    [InlineData(60, 10)]
    [InlineData(150, 1000)]
    public void Answers_equal_those_of_the_full_pass(double threshold, int candidates)
    {
        Search[] searches =
        [
            .. Probes().Select((probe, i) => new Search
            {
                Probe = probe,
                Gallery = i % 3 == 0 ? "even" : Search.AllGalleries,
                Threshold = threshold,
                MaxCandidates = candidates,
                Filter = (i % 4) switch
                {
                    1 => new SearchFilter { YearOfBirthMin = 1970 },
                    2 => new SearchFilter { Modalities = [Modality.Iris] },
                    _ => SearchFilter.None,
                },
            }),
        ];

        ScanResult full = Run(searches, visitAll: true);
        ScanResult proposed = Run(searches, visitAll: false);
        Assert.Equal(full.IdentitiesSearched, proposed.IdentitiesSearched);
        Assert.True(proposed.Comparisons >= full.Comparisons);
        for (int i = 0; i < searches.Length; i++)
        {
            Assert.Equal(full.Results[i].Hits.Count, proposed.Results[i].Hits.Count);
            for (int hit = 0; hit < full.Results[i].Hits.Count; hit++)
            {
                Hit wanted = full.Results[i].Hits[hit];
                Hit found = proposed.Results[i].Hits[hit];
                Assert.Equal((i, wanted.PersonId, wanted.Score), (i, found.PersonId, found.Score));
                Assert.Equal(wanted.Details, found.Details);
            }
        }

        // The mated persons are there: the test compares more than empty lists.
        Assert.True(threshold > 60 || full.Results[0].Hits.Count > 0);
    }

    [Fact]
    public void Most_slots_are_not_visited()
    {
        Search search = new()
        {
            Probe = ProbeOf(Sample(4, 1, 1), Sample(4, 2, 1)),
            Gallery = Search.AllGalleries,
            Threshold = 50,
            MaxCandidates = 5,
        };
        List<SearchScan> scans = [new SearchScan(search, Table.Snapshot, ComparisonBudget.Unlimited)];
        CandidateSlots visits = new(scans, visitAll: false);
        visits.Propose(Table.Snapshot.Segments[0], 0, new ScanScratch());
        int visited = visits.Of(0).ToArray().Sum(word => System.Numerics.BitOperations.PopCount(word));
        Assert.InRange(visited, 1, 200);

        // Person 0 has two encounters, so that the mated person, person 4, lies in slot 5.
        Assert.NotEqual(0UL, visits.Of(0)[0] & (1UL << 5));
    }

    /// <summary>
    /// Eyes pass from waiting to a block while searches run: each snapshot's newest person is found in it.
    /// </summary>
    [Fact]
    public void Whoever_a_snapshot_holds_is_found_while_others_are_enrolled()
    {
        const int Newcomers = 640;
        GalleryTable table = new(MemoryBudget.Unlimited);
        TableChange[] changes = [.. Enumerable.Range(0, Newcomers).AsParallel().AsOrdered().Select(i =>
            Put(2 * i, "a", [Sample(2 * i, 1, 0)]))];
        Probe[] probes = [.. Enumerable.Range(0, Newcomers).AsParallel().AsOrdered().Select(i =>
            ProbeOf(Sample(2 * i, 1, 0)))];
        Task writing = Task.Run(() =>
        {
            foreach (TableChange change in changes)
            {
                table.Apply([change]);
            }
        });

        ScanScratch scratch = new();
        bool last;
        do
        {
            last = writing.IsCompleted;
            GallerySnapshot gallery = table.Snapshot;
            int newest = (int)gallery.Encounters - 1;
            if (newest < 0 || 2 * newest % 61 == 60)
            {
                continue;
            }

            Search search = new()
            {
                Probe = probes[newest],
                Gallery = "even",
                Threshold = 100,
                MaxCandidates = 2,
            };
            ScanResult found = PartitionScan.Run(
                new SearchBatch([search]), gallery, table, SearchBudget.Of(TimeSpan.FromMinutes(5)), scratch);
            Assert.Equal($"p{2 * newest}", Assert.Single(found.Results[0].Hits).PersonId);
        }
        while (!last);
    }

    [Fact]
    public void The_floor_of_a_sample_follows_the_fusion()
    {
        Random random = new(6);
        for (int round = 0; round < 2000; round++)
        {
            double[] scores = new double[random.Next(1, 5)];
            foreach (ref double score in scores.AsSpan())
            {
                score = Math.Round(90 * random.NextDouble() * random.NextDouble(), 2);
            }

            double floor = FusionFloor.Of(Fusion.Fuse(scores), random.Next(scores.Length, 7));
            Assert.True(scores.Max() >= floor, $"{string.Join(", ", scores)}: floor {floor}");
        }

        Assert.Equal(0, FusionFloor.Of(0, 2));
        Assert.InRange(FusionFloor.Of(80, 1), 79.9, 80);
        Assert.InRange(FusionFloor.Of(80, 2), 40, 50);
    }

    private static ScanResult Run(Search[] searches, bool visitAll) => PartitionScan.Run(
        new SearchBatch(searches), Table.Snapshot, Table, SearchBudget.Of(TimeSpan.FromMinutes(5)), new ScanScratch(),
        visitAll);

    private static Probe[] Probes() =>
    [
        ProbeOf(Sample(4, 1, 1), Sample(4, 2, 1)),
        ProbeOf(Sample(600, 1, 1)),
        ProbeOf(Sample(9, 2, 1), Finger(9, 1)),
        ProbeOf(Sample(520, 2, 1) with { Position = BiometricPosition.UnknownEye }),
        ProbeOf(Sample(12, 1, 1), Sample(77, 2, 1)),
        ProbeOf(Sample(5000, 1, 1), Sample(5000, 2, 1)),
        ProbeOf([.. Enumerable.Range(0, 5).Select(i => Sample(40, 1 + (i % 2), 1 + i))]),
    ];

    private static Probe ProbeOf(params Sample[] samples) => ProbeBuilder.Build(samples).Value!;

    private static Sample Sample(int person, int eye, int impression, bool wide = false)
    {
        IrisShape shape = wide ? IrisShape.OpenIris12800 : IrisShape.D2048;
        IrisCode code = Population.Person(person).Iris(eye, impression, shape) with
        {
            // A block holds codes of several encoders; each pair has the calibration that both allow.
            Encoder = person % 3 == 0 ? IrisEncoderId.MatchCluster1 : IrisEncoderId.Unknown,
        };
        return new Sample
        {
            Position = code.Position,
            Format = TemplateFormat.MatchClusterIris,
            Template = IrisTemplates.EncodeMatchCluster(code with { Position = BiometricPosition.UnknownEye }),
        };
    }

    private static Sample Finger(int person, int finger) => new()
    {
        Position = BiometricPosition.OfFinger(finger),
        Format = TemplateFormat.Iso19794v2005,
        Template = FingerRecords.Encode(
            TemplateFormat.Iso19794v2005, [Population.Person(person).Finger(finger, 1)]),
    };

    /// <summary>
    /// Two eyes each, but for some: one eye, the same eye twice, wide codes, a second encounter, deleted, inactive.
    /// </summary>
    private static GalleryTable Gallery()
    {
        GalleryTable table = new(MemoryBudget.Unlimited);
        List<TableChange> changes = [];
        for (int person = 0; person < People; person++)
        {
            Sample[] samples = (person % 50) switch
            {
                11 => [Sample(person, 1, 0)],
                12 => [Sample(person, 1, 0), Sample(person, 1, 2), Sample(person, 2, 0)],
                13 => [Sample(person, 1, 0, wide: true)],
                14 => [Sample(person, 1, 0) with { Position = BiometricPosition.UnknownEye }],
                15 => [Finger(person, 1), Sample(person, 2, 0)],
                _ => [Sample(person, 1, 0), Sample(person, 2, 0)],
            };
            changes.Add(Put(person, "a", samples));
            if (person % 40 == 0)
            {
                changes.Add(Put(person, "b", [Sample(person, 1 + (person % 80 / 40), 3)]));
            }

            if (person % 33 == 32)
            {
                changes.Add(new TableChange($"p{person}", "a"));
            }
        }

        foreach (TableChange[] part in changes.Chunk(100))
        {
            table.Apply(part);
        }

        return table;
    }

    private static TableChange Put(int person, string encounter, Sample[] samples)
    {
        Encounter content = new()
        {
            PersonId = $"p{person}",
            EncounterId = encounter,
            RecordId = Guid.Empty,
            Status = person % 61 == 60 ? EncounterStatus.Inactive : EncounterStatus.Active,
            EncounterType = "test",
            Galleries = person % 2 == 0 ? ["even", "all"] : ["all"],
            YearOfBirth = person % 7 == 0 ? null : 1940 + (person % 60),
            Created = DateTimeOffset.UnixEpoch,
            Updated = DateTimeOffset.UnixEpoch,
            Samples = samples,
        };
        return new TableChange(content.PersonId, encounter, content, EncounterRows.Build(samples).Value);
    }
}
