using MatchCluster.Matching.Images;
using MatchCluster.Matching.IrisImages;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Scatter;

/// <summary>
/// From pictures of eyes to an answer: both codes of a template are searched, and each score says by what.
/// </summary>
public sealed class EncodedEyeTests
{
    private static readonly EyeView View = new(640, 480, 320, 240, 120);

    private static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromSeconds(60));

    [Fact]
    public async Task A_person_is_found_by_a_picture_and_only_codes_of_our_encoder_have_its_calibration()
    {
        await using MemoryGalleryStore store = new(2);
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 2 });
        await engine.Loaded;
        Write[] writes =
        [
            .. Enumerable.Range(1, 5).Select(eye => new Write.Create(EncounterOf($"named {eye}", eye, named: true))),
            new Write.Create(EncounterOf("nameless 1", 1, named: false)),
        ];
        Assert.All(await new EncounterRoot(engine).ApplyAsync(writes, Budget), r => Assert.True(r.IsApplied));

        Probe probe = ProbeBuilder.Build(
            [SampleOf(1, View with { Rotation = 0.01, PupilRatio = 0.46, Capture = 8 }, named: true)]).Value!;
        IdentifyAnswer answer = (await new SearchRoot(engine, TimeProvider.System).IdentifyAsync(
            [new IdentifyRequest { Probe = probe, Gallery = "G", MaxCandidates = 10, Threshold = 30 }], Budget))[0];

        Assert.Equal(["named 1", "nameless 1"], answer.Candidates.Select(candidate => candidate.PersonId));
        Candidate named = answer.Candidates[0];
        Candidate nameless = answer.Candidates[1];
        Assert.Equal(2, named.Details.Count);
        Assert.All(named.Details, detail => Assert.Equal(IrisEncoderId.MatchCluster1, detail.Encoder));
        Assert.All(nameless.Details, detail => Assert.Equal(IrisEncoderId.Unknown, detail.Encoder));
        Assert.True(named.Score >= nameless.Score, $"found {named.Score} and {nameless.Score}");
    }

    private static Encounter EncounterOf(string person, int eye, bool named) => new()
    {
        PersonId = person,
        EncounterId = "E",
        RecordId = new Guid(eye, (short)(named ? 1 : 2), 3, [4, 5, 6, 7, 8, 9, 10, 11]),
        Status = EncounterStatus.Active,
        EncounterType = "T",
        Galleries = ["G"],
        Created = DateTimeOffset.UnixEpoch,
        Updated = DateTimeOffset.UnixEpoch,
        Samples = [SampleOf(eye, View, named)],
    };

    private static Sample SampleOf(int eye, EyeView view, bool named)
    {
        GrayImage image = new SyntheticEye((ulong)eye).Take(view);
        IrisEncoded encoded = IrisEncoder.Encode(image, BiometricPosition.LeftEye).Value!;
        return new Sample
        {
            Position = BiometricPosition.LeftEye,
            Format = TemplateFormat.MatchClusterIris,
            Template = IrisTemplates.Encode(
                TemplateFormat.MatchClusterIris,
                [.. encoded.Codes.Select(code => named ? code : code with { Encoder = IrisEncoderId.Unknown })]),
        };
    }
}
