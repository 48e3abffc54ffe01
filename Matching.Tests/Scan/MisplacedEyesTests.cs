using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Scan;

/// <summary>Eyes that are upside down or bear each other's labels: who finds them and what is said.</summary>
public sealed class MisplacedEyesTests
{
    private const int People = 30;

    private static readonly Encounter[] Everybody =
        [.. Enumerable.Range(0, People).Select(person => EncounterOf(person, fingers: [2, 7], eyes: [1, 2]))];

    private static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromMinutes(1));

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Eyes_alone_are_found_when_the_caller_asks_and_said_in_any_partitioning(bool turned, bool swapped)
    {
        IdentifyRequest request = Ask(Eyes(3, turned, swapped));
        double right = (await AskAsync(2, Ask(Eyes(3, false, false)))).Candidates[0].Score;
        Assert.Empty((await AskAsync(2, request)).Candidates);
        foreach (int partitions in (int[])[1, 3])
        {
            IdentifyAnswer answer = await AskAsync(partitions, request with
            {
                SwappedEyes = swapped,
                Rotation = turned ? Rotation.Full : Rotation.Normal,
            });
            Candidate found = Assert.Single(answer.Candidates);
            Assert.Equal(IdOf(3), found.PersonId);
            Assert.Equal(EyeLooks.Score(right, turned, swapped), found.Score, 0.011);
            Assert.Equal((turned, swapped), (found.AreEyesTurned, found.AreEyesSwapped));
            Assert.False(found.AreFingersSwapped || found.AreFingersTurned || found.DoEyesDisagree);
            Assert.Equal(turned ? [0, 180] : null, answer.Turns);
            Assert.All(found.Details, detail => Assert.Equal(
                swapped ? detail.GalleryPosition.OtherEye : detail.GalleryPosition, detail.ProbePosition));
            Assert.All(found.Details, detail => Assert.Equal(turned ? 180 : null, detail.Turn));
        }
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Eyes_beside_a_finger_that_agrees_are_found_without_asking(bool turned, bool swapped)
    {
        Probe probe = new(ProbeOf(5, [2]).Fingers, Eyes(5, turned, swapped).Irises);
        IdentifyAnswer finger = await AskAsync(2, Ask(ProbeOf(5, [2])));
        foreach (int partitions in (int[])[1, 3])
        {
            Candidate found = Assert.Single((await AskAsync(partitions, Ask(probe))).Candidates);
            Assert.Equal(IdOf(5), found.PersonId);
            Assert.True(found.Score > finger.Candidates[0].Score + 30, $"found {found.Score}");
            Assert.Equal((turned, swapped), (found.AreEyesTurned, found.AreEyesSwapped));
        }
    }

    [Fact]
    public async Task Eyes_as_they_should_be_score_as_if_nobody_had_looked_again()
    {
        IdentifyRequest request = Ask(Eyes(7, false, false));
        IdentifyAnswer plain = await AskAsync(2, request);
        IdentifyAnswer full = await AskAsync(2, request with { SwappedEyes = true, Rotation = Rotation.Full });
        Assert.Equal(plain.Candidates[0].Score, full.Candidates[0].Score);
        Assert.False(full.Candidates[0].AreEyesSwapped || full.Candidates[0].AreEyesTurned);
    }

    [Fact]
    public async Task A_mixed_probe_at_full_rotation_finds_its_person_however_its_parts_are_turned()
    {
        Probe fingers = ProbeOf(9, [2, 7]);
        Probe upsideDown = new(
            [.. fingers.Fingers.Select(finger => finger with { Template = finger.Template.Turned(2) })], []);
        foreach ((Probe f, bool areEyesTurned) in ((Probe, bool)[])
            [(fingers, true), (upsideDown, true), (upsideDown, false)])
        {
            Probe probe = new(f.Fingers, Eyes(9, areEyesTurned, false).Irises);
            IdentifyAnswer answer = await AskAsync(2, Ask(probe) with
            {
                Rotation = Rotation.Full,
            });
            Candidate found = Assert.Single(answer.Candidates);
            Assert.Equal([0, 90, 180, 270], answer.Turns);
            Assert.Equal((IdOf(9), areEyesTurned), (found.PersonId, found.AreEyesTurned));
            Assert.Equal(f == upsideDown, found.AreFingersTurned);
            Assert.All(found.Details, detail => Assert.True(detail.Score > 20, $"found {detail.Score}"));
        }
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_comparison_of_two_always_looks_and_a_stranger_stays_one(bool turned, bool swapped)
    {
        VerifyAnswer own =
            PairComparison.Compare(Eyes(11, turned, swapped), Samples(11, [], [1, 2], 0), 40, Budget).Value!;
        VerifyAnswer other =
            PairComparison.Compare(Eyes(12, turned, swapped), Samples(11, [], [1, 2], 0), 40, Budget).Value!;
        Assert.True(own.Decision);
        Assert.All(
            own.Details, detail => Assert.Equal((turned ? 180 : null, swapped), (detail.Turn, detail.IsSwapped)));
        Assert.False(other.Decision);
        Assert.All(other.Details, detail => Assert.Equal((null, false), (detail.Turn, detail.IsSwapped)));
    }

    [Fact]
    public void One_eye_sent_twice_is_not_evidence_of_both()
    {
        IrisProbe left = ProbeOf(13, [], [2]).Irises[0];
        IrisProbe again = ProbeOf(13, [], [2], impression: 2).Irises[0].Swapped;
        VerifyAnswer answer =
            PairComparison.Compare(new Probe([], [left, again]), Samples(13, [], [1, 2], 0), 40, Budget).Value!;
        Assert.True(answer.Decision);
        Assert.All(answer.Details, detail => Assert.False(detail.IsSwapped));
        Assert.True(EyesDisagree.In(answer.Details));
    }

    [Fact]
    public void Two_eyes_of_which_one_is_somebody_elses_disagree()
    {
        Probe mixed = new([], [ProbeOf(15, [], [1]).Irises[0], ProbeOf(16, [], [2]).Irises[0]]);
        VerifyAnswer answer = PairComparison.Compare(mixed, Samples(15, [], [1, 2], 0), 40, Budget).Value!;
        Assert.True(answer.Decision);
        Assert.True(EyesDisagree.In(answer.Details));
        Assert.Equal(
            [BiometricPosition.LeftEye],
            answer.Details.Where(d => EyesDisagree.IsDiffering(d, answer.Details)).Select(d => d.ProbePosition));
        VerifyAnswer whole =
            PairComparison.Compare(Eyes(15, false, false), Samples(15, [], [1, 2], 0), 40, Budget).Value!;
        Assert.False(EyesDisagree.In(whole.Details));
    }

    [Fact]
    public void A_person_with_too_many_eyes_is_scored_as_labelled()
    {
        GalleryTable table = new(MemoryBudget.Unlimited);
        EncounterRows rows = EncounterRows.Build(Samples(13, [], [1, 2], 0)).Value!;
        int encounters = (MisplacedEyes.MostComparisons / (2 * 2 * 3)) + 1;
        table.Apply([.. Enumerable.Range(0, encounters).Select(i => new TableChange(
            IdOf(13), $"E{i}", EncounterOf(13, $"E{i}", eyes: [1, 2]), rows))]);
        Hit many = Scan(table, Eyes(13, true, false));
        table.Apply([new TableChange(IdOf(13), "E1")]);
        Hit fewer = Scan(table, Eyes(13, true, false));
        Assert.All(many.Details, detail => Assert.Null(detail.Turn));
        Assert.All(fewer.Details, detail => Assert.Equal(180, detail.Turn));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void An_explanation_says_how_the_eyes_agree(bool turned, bool swapped)
    {
        IrisCode[] probe =
        [
            .. Samples(17, [], [1, 2], 1).SelectMany(sample => SampleDecoder.Decode(sample, 0).Value!.Irises)
                .Select(code => Sent(code, turned, swapped)),
        ];
        IReadOnlyList<Sample> sent = [.. probe.Select(code => new Sample
        {
            Position = code.Position,
            Format = TemplateFormat.MatchClusterIris,
            Template = Matching.Templates.IrisTemplates.EncodeMatchCluster(code),
        })];
        CandidateExplanation found = CandidateExplanation.Of(sent, Samples(17, [], [1, 2], 0), Budget).Value!;
        Assert.Equal(2, found.Irises.Count);
        Assert.All(found.Irises, eye =>
        {
            Assert.Equal(turned ? 180 : null, eye.ProbeTurn);
            Assert.Equal(swapped, eye.ProbePosition != eye.ReferencePosition);
            Assert.True(eye.Score > 30, $"found {eye.Score}");
        });
    }

    private static IrisCode Sent(IrisCode code, bool turned, bool swapped) =>
        (turned ? TurnedViews.UpsideDown(code) : code) with
        {
            Position = swapped ? code.Position.OtherEye : code.Position,
        };

    private static Probe Eyes(int person, bool turned, bool swapped) => new(
        [],
        [
            .. ProbeOf(person, [], [1, 2]).Irises.Select(eye => turned ? eye.UpsideDown : eye)
                .Select(eye => swapped ? eye.Swapped : eye),
        ]);

    private static IdentifyRequest Ask(Probe probe) =>
        new() { Probe = probe, Gallery = "G", Threshold = 40, MaxCandidates = 5 };

    private static Hit Scan(GalleryTable table, Probe probe)
    {
        Search search = new()
        {
            Probe = probe,
            Gallery = "G",
            Threshold = 0,
            MaxCandidates = 1,
            OnlyPerson = IdOf(13),
        };
        return PartitionScan.Run(
            new SearchBatch([search]), table.Snapshot, table, Budget, new ScanScratch()).Results[0].Hits[0];
    }

    private static async Task<IdentifyAnswer> AskAsync(int partitions, IdentifyRequest request)
    {
        await using MemoryGalleryStore store = new(partitions);
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 2 });
        await engine.Loaded;
        Write[] writes = [.. Everybody.Select(person => new Write.Create(person))];
        await new EncounterRoot(engine).ApplyAsync(writes, Budget);
        return (await new SearchRoot(engine, TimeProvider.System).IdentifyAsync([request], Budget))[0];
    }
}
