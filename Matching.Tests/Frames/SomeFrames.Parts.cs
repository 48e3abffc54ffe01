using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Fingers.Ridges;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Tests.Templates;

namespace MatchCluster.Matching.Tests.Frames;

/// <summary>What the frames are made of.</summary>
internal static partial class SomeFrames
{
    private static Transit Mark(TransitKind kind) => new(
        kind, new Guid(2, 3, 4, [5, 6, 7, 8, 9, 10, 11, 12]), "other", DateTimeOffset.UnixEpoch);

    /// <summary>A finger that was turned, beside one that was not.</summary>
    private static PartitionAnswer WithTurns()
    {
        HitDetail thumb = new()
        {
            EncounterId = "E",
            ProbePosition = BiometricPosition.OfFinger(1),
            GalleryPosition = BiometricPosition.OfFinger(1),
            Score = 51.25,
            Raw = 0.25,
        };
        HitDetail index = thumb with
        {
            ProbePosition = BiometricPosition.OfFinger(2),
            GalleryPosition = BiometricPosition.UnknownFinger,
            Turn = 270,
        };
        return Answer() with { Results = [new SearchHits(true, false, [new Hit("P", 60.5, [thumb, index])])] };
    }

    /// <summary>An eye that agreed upside down and under the label of the other one.</summary>
    private static PartitionAnswer WithTurnedEye()
    {
        HitDetail eye = new()
        {
            EncounterId = "E",
            ProbePosition = BiometricPosition.RightEye,
            GalleryPosition = BiometricPosition.LeftEye,
            Score = 71.25,
            Raw = 0.25,
            Normalised = 0.125,
            ValidBits = 1500,
            Rotation = -3,
            Turn = 180,
            Encoder = IrisEncoderId.MatchCluster1,
        };
        return Answer() with { Results = [new SearchHits(true, false, [new Hit("P", 71.25, [eye])])] };
    }

    private static GalleryLease[] Leases => [new("A", 1), new("civil", GalleryLease.HighestEpoch)];

    private static SearchBatch Searches() => new(
    [
        new Search
        {
            Gallery = "G\u00e9",
            Threshold = 42.5,
            MaxCandidates = 7,
            OnlyPerson = "P",
            Filter = new SearchFilter
            {
                YearOfBirthMin = 1970,
                YearOfBirthMax = 1980,
                Sex = Sex.Female,
                Modalities = [Modality.Finger, Modality.Iris],
            },
            Probe = new Probe([Finger()], [Iris()]),
        },
        new Search { Gallery = "ALL", Threshold = 0, MaxCandidates = 1000, Probe = new Probe([], []) },
    ]);

    private static FingerProbe Finger() => new(
        BiometricPosition.OfFinger(2),
        FingerTemplate.Prepare(new FingerView
        {
            Position = BiometricPosition.OfFinger(2),
            Width = 100,
            Height = 100,
            ResolutionX = 197,
            ResolutionY = 197,
            Minutiae = [],
        }));

    /// <summary>Two cylinders of one bit each, and what the ridges do.</summary>
    private static FingerTemplate WithRidges()
    {
        FingerView view = SomeRidges.View(2);
        Cylinder[] cylinders = [.. MinutiaeSelection.Best(view).OrderBy(placed => placed.Angle).Select(
            placed => new Cylinder { X = placed.X, Y = placed.Y, Angle = placed.Angle, [0] = 1 })];
        return FingerTemplate.FromRow(FingerRow.Write(cylinders, 2, ridges: RidgeColumns.Of(view, cylinders)));
    }

    private static IrisProbe Iris(IrisEncoderId encoder = IrisEncoderId.Unknown) => new(
        new IrisCode
        {
            Position = BiometricPosition.LeftEye,
            Shape = SmallShape,
            Code = new ulong[] { 0x0123456789ABCDEF },
            Mask = new ulong[] { 0xFFFF0000FFFF0000 },
            Encoder = encoder,
        },
        rotations: 3);

    private static PartitionAnswer Answer() => new()
    {
        Partition = new PartitionId(5),
        Outcome = PartitionOutcome.Partial,
        Reason = "the deadline passed",
        RetryAfter = TimeSpan.FromSeconds(1),
        IdentitiesHeld = 1_000_000_007,
        IdentitiesSearched = 6,
        Comparisons = 12,
        QueueTime = TimeSpan.FromMilliseconds(1),
        ScanTime = TimeSpan.FromMilliseconds(2),
        Results =
        [
            new SearchHits(true, false,
            [
                new Hit("P", 51.25,
                [
                    new HitDetail
                    {
                        EncounterId = "E",
                        ProbePosition = BiometricPosition.LeftEye,
                        GalleryPosition = BiometricPosition.UnknownEye,
                        Score = 51.25,
                        Raw = 0.25,
                        Normalised = 0.3,
                        ValidBits = 900,
                        Rotation = -3,
                    },
                ]),
            ]),
            new SearchHits(false, true, []),
        ],
    };

    /// <summary>Two combinations, one of them twice, and a detail that names none.</summary>
    private static PartitionAnswer WithGalleries()
    {
        HitDetail detail = Answer().Results[0].Hits[0].Details[0];
        return Answer() with
        {
            Results =
            [
                new SearchHits(true, false,
                [
                    new Hit("P", 51.25, [detail with { Galleries = ["A", "B\u00e9"] }, detail]),
                    new Hit("Q", 50, [detail with { Galleries = ["C"] }, detail with { Galleries = ["A", "B\u00e9"] }]),
                ]),
                Answer().Results[0],
            ],
        };
    }

    /// <summary>An eye whose score has a calibration of its own, beside one that has the default.</summary>
    private static PartitionAnswer WithEncoder() =>
        WithCalibrationOf(detail => detail with { Encoder = IrisEncoderId.MatchCluster1, Galleries = ["A"] });

    private static PartitionAnswer WithExtractor() =>
        WithCalibrationOf(detail => detail with { Extractor = FingerExtractorId.MatchCluster1 });

    private static PartitionAnswer WithCalibrationOf(Func<HitDetail, HitDetail> make)
    {
        HitDetail detail = Answer().Results[0].Hits[0].Details[0];
        HitDetail own = make(detail);
        return Answer() with
        {
            Results = [new SearchHits(true, false, [new Hit("P", 51.25, [own, detail])])],
        };
    }

    private static Encounter Encounter() => new()
    {
        PersonId = "P",
        EncounterId = "E",
        RecordId = new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
        Status = EncounterStatus.Active,
        EncounterType = "T",
        Galleries = ["G"],
        Created = DateTimeOffset.UnixEpoch,
        Updated = DateTimeOffset.UnixEpoch,
        Samples = [],
    };

    private static WriteBatch Writes() => new(
        [
            new Write.Create(Encounter()),
            new Write.Update(Encounter()),
            new Write.SetStatus("P", "E", EncounterStatus.Inactive),
            new Write.SetGalleries("P", "E", ["G", "H"]),
            new Write.Delete("P", "E", new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)),
            new Write.Delete("P", "F"),
            new Write.DeletePerson("P"),
        ],
        AllOrNothing: true);

    private static StateHash Hash(int first) =>
        new([.. Enumerable.Range(first, StateHash.Bytes).Select(i => (byte)i)]);

    private static PartitionStatus Status() => new()
    {
        Partition = new PartitionId(5),
        State = PartitionState.Loading,
        Reason = "why",
        Loaded = 1,
        ToLoad = 2,
        Unreadable = 3,
        Epoch = 4,
        Identities = 5,
        Encounters = 6,
        FingerRows = 7,
        IrisRows = 8,
        DeadEncounters = 9,
        Segments = 10,
        RowBytes = 11,
        QueuedBatches = 12,
        Galleries = new Dictionary<string, long> { ["G"] = 13 },
    };
}
