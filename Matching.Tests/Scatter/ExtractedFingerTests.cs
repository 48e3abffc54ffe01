using MatchCluster.Matching.Explain;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Scatter;

/// <summary>From stored records to an answer: each score says by what curves, whatever the door.</summary>
public sealed class ExtractedFingerTests
{
    private static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromSeconds(60));

    [Fact]
    public async Task Only_prints_of_our_extractor_on_both_sides_have_its_calibration()
    {
        await using MemoryGalleryStore store = new(2);
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 2 });
        await engine.Loaded;
        Write[] writes =
        [
            new Write.Create(EncounterOf("named", 1, FingerExtractorId.MatchCluster1)),
            new Write.Create(EncounterOf("nameless", 1, FingerExtractorId.Unknown)),
        ];
        Assert.All(await new EncounterRoot(engine).ApplyAsync(writes, Budget), r => Assert.True(r.IsApplied));

        foreach (FingerExtractorId probe in Enum.GetValues<FingerExtractorId>())
        {
            Sample sample = SampleOf(1, 1, probe);
            IdentifyAnswer answer = (await new SearchRoot(engine, TimeProvider.System).IdentifyAsync(
                [new IdentifyRequest
                {
                    Probe = ProbeBuilder.Build([sample]).Value!, Gallery = "G", MaxCandidates = 10, Threshold = 1,
                }],
                Budget))[0];

            Assert.Equal(2, answer.Candidates.Count);
            Assert.All(answer.Candidates, candidate =>
            {
                FingerExtractorId row = candidate.PersonId == "named"
                    ? FingerExtractorId.MatchCluster1 : FingerExtractorId.Unknown;
                HitDetail detail = Assert.Single(candidate.Details);
                Assert.Equal(FingerCurves.CommonOf(probe, row), detail.Extractor);

                // One against one and explained: the same score by the same curves.
                Sample reference = SampleOf(1, 0, row);
                VerifyAnswer verified = PairComparison.Compare(
                    ProbeBuilder.Build([sample]).Value!, [reference], 1, Budget).Value!;
                Assert.Equal((detail.Score, detail.Extractor),
                    (verified.Details[0].Score, verified.Details[0].Extractor));
                FingerExplanation explained = Assert.Single(
                    CandidateExplanation.Of([sample], [reference], Budget).Value!.Fingers);
                Assert.Equal(detail.Score, explained.Score);
                Assert.Equal(ScoreCalibration.Default.NameOf(detail.Extractor), explained.Calibration);
            });
        }
    }

    private static Encounter EncounterOf(string person, int of, FingerExtractorId extractor) => new()
    {
        PersonId = person,
        EncounterId = "E",
        RecordId = new Guid(of, (short)extractor, 3, [4, 5, 6, 7, 8, 9, 10, 11]),
        Status = EncounterStatus.Active,
        EncounterType = "T",
        Galleries = ["G"],
        Created = DateTimeOffset.UnixEpoch,
        Updated = DateTimeOffset.UnixEpoch,
        Samples = [SampleOf(of, 0, extractor)],
    };

    private static Sample SampleOf(int person, int capture, FingerExtractorId extractor) => new()
    {
        Position = BiometricPosition.OfFinger(2),
        Format = TemplateFormat.Iso19794v2005,
        Template = FingerRecords.Encode(
            TemplateFormat.Iso19794v2005,
            [new SyntheticPopulation(3).Person(person).Finger(2, capture) with { Extractor = extractor }]),
    };
}
