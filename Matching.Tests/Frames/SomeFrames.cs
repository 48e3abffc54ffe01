using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Fingers.Ridges;
using MatchCluster.Matching.Frames;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Tests.Templates;

namespace MatchCluster.Matching.Tests.Frames;

/// <summary>One value of every frame with every field set, small and the same for ever.</summary>
internal static class SomeFrames
{
    private static readonly IrisShape SmallShape = new(1, 64, 1, 1);

    public static IReadOnlyDictionary<string, byte[]> All { get; } = new Dictionary<string, byte[]>
    {
        ["search-batch"] = SearchBatchFrame.Encode(Searches()),
        ["partition-answer"] = PartitionAnswerFrame.Encode(Answer()),
        ["search-batch-exhaustive"] = SearchBatchFrame.Encode(new SearchBatch(
            [new Search { Gallery = "G", Threshold = 1, MaxCandidates = 1, Probe = new([], []), Exhaustive = true }])),
        ["search-batch-fast"] = SearchBatchFrame.Encode(new SearchBatch(
            [new Search { Gallery = "G", Threshold = 1, MaxCandidates = 1, Probe = new([], []), FastIrises = true }])),
        ["partition-answer-first-stage"] = PartitionAnswerFrame.Encode(Answer() with
        {
            Results =
            [
                new SearchHits(true, false, [], new FirstStage
                {
                    Encounters = 1_000_000, Passed = 30_000, Reached = 4, Audited = 5_000, Missed = 1,
                    Comparisons = 2_100_000,
                }),
            ],
        }),
        ["partition-answer-loss"] = PartitionAnswerFrame.Encode(Answer() with
        {
            Results =
            [
                new SearchHits(true, false, [], new FirstStage
                {
                    Encounters = 1_000_000, Passed = 30_000, Comparisons = 2_100_000,
                    Loss = new StageLoss(0.001, 0.007),
                }),
                new SearchHits(true, false, [], new FirstStage { Encounters = 3, Passed = 3 }),
            ],
        }),
        ["search-batch-target"] = SearchBatchFrame.Encode(new SearchBatch(
            [new Search
            {
                Gallery = "G", Threshold = 1, MaxCandidates = 1001, Probe = new([], []), TargetFpir = 0.01,
            }])),
        ["partition-answer-count"] = PartitionAnswerFrame.Encode(Answer() with
        {
            Results = [new SearchHits(true, false, [], Count: new SearchCount(1_000_000, 6, 900_000, 3))],
        }),
        ["partition-answer-galleries"] = PartitionAnswerFrame.Encode(WithGalleries()),
        ["partition-answer-sampled"] = PartitionAnswerFrame.Encode(Answer() with
        {
            Results = [new SearchHits(true, false, [], SampledEyes: 1_999_488)],
        }),
        ["partition-answer-state"] = PartitionAnswerFrame.Encode(Answer() with
        {
            Results =
            [
                new SearchHits(
                    true, false, [], Count: new SearchCount(1_000_000, 6, 900_000, 3),
                    State: new GalleryState(Hash(0), 1_234_567)),
            ],
        }),
        ["partition-answer-turned"] = PartitionAnswerFrame.Encode(WithTurns()),
        ["partition-answer-turned-eye"] = PartitionAnswerFrame.Encode(WithTurnedEye()),
        ["search-batch-encoder"] = SearchBatchFrame.Encode(new SearchBatch(
            [new Search
            {
                Gallery = "G", Threshold = 1, MaxCandidates = 1,
                Probe = new([], [Iris(), Iris(IrisEncoderId.MatchCluster1)]),
            }])),
        ["search-batch-ridges"] = SearchBatchFrame.Encode(new SearchBatch(
            [new Search
            {
                Gallery = "G", Threshold = 1, MaxCandidates = 1,
                Probe = new([new FingerProbe(BiometricPosition.OfFinger(2), WithRidges())], []),
            }])),
        ["search-batch-standing"] = SearchBatchFrame.Encode(Searches() with
        {
            Standing = new Standing(0x8877665544332211, 300, 9),
        }),
        ["partition-answer-extractor"] = PartitionAnswerFrame.Encode(WithExtractor()),
        ["partition-answer-encoder"] = PartitionAnswerFrame.Encode(WithEncoder()),
        ["search-batch-leases"] = SearchBatchFrame.Encode(Searches() with { Leases = Leases }),
        ["write-batch-leases"] = WriteBatchFrame.Encode(new WriteBatch([new Write.DeletePerson("P")])
        {
            Owned = new HashSet<string> { "G" },
            Leases = Leases,
        }),
        ["write-batch"] = WriteBatchFrame.Encode(Writes()),
        ["write-batch-owned"] = WriteBatchFrame.Encode(
            Writes() with { Owned = new HashSet<string> { "own", "other" } }),
        ["write-batch-hold"] = WriteBatchFrame.Encode(new WriteBatch([new Write.SetHold("P", "E", IsHeld: true)])),
        ["write-batch-move"] = WriteBatchFrame.Encode(new WriteBatch(
        [
            new Write.Leave("P", "E", new Guid(1, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]), Mark(TransitKind.Leaving), 2),
            new Write.Arrive(Encounter() with { Transit = Mark(TransitKind.Arrived) }),
            new Write.EndMove("P", "E", Mark(TransitKind.Leaving).Move, Keep: false),
            new Write.EndMove("Q", "E", Mark(TransitKind.Leaving).Move, Keep: true),
        ],
        AllOrNothing: true)),
        ["write-ack"] = WriteAckFrame.Encode(new WriteAck(
        [
            WriteResult.Applied,
            new WriteResult(new Refusal(RefusalKind.Overloaded, "full", TimeSpan.FromSeconds(2))),
            new WriteResult(Outage: new Outage("disk full", MayRetry: true)),
        ])),
        ["write-ack-full"] = WriteAckFrame.Encode(new WriteAck(
            [new WriteResult(new Refusal(RefusalKind.Full, "full"))])),
        ["write-ack-forbidden"] = WriteAckFrame.Encode(new WriteAck(
            [new WriteResult(Refusal.Of(UseRule.NotOwner, "another's"))])),
        ["read-person"] = ReadQueryFrame.Encode(new ReadQuery.Person("P")),
        ["read-gallery"] = ReadQueryFrame.Encode(new ReadQuery.Gallery("G", 3, 5)),
        ["read-gallery-after"] = ReadQueryFrame.Encode(
            new ReadQuery.Gallery("G", 0, 5) { After = new GalleryMember("P", "E\u00e9") }),
        ["read-answer"] = ReadAnswerFrame.Encode(new ReadAnswer
        {
            GalleryKnown = true,
            Encounters = [Encounter()],
            Members = [new GalleryMember("P", "E"), new GalleryMember("Q", "F")],
        }),
        ["partition-status"] = PartitionStatusFrame.Encode(Status()),
        ["partition-status-states"] = PartitionStatusFrame.Encode(Status() with
        {
            States = new Dictionary<string, StateHash> { ["G"] = Hash(0) },
            StateOfAll = Hash(StateHash.Bytes),
        }),
        ["journal-mark"] = JournalMarkFrame.Encode(new JournalMark(7, 41)),
        ["journal-tail"] = JournalTailFrame.Encode(new JournalTail(7, 41, 43, ["P", "Q"])),
    };

    /// <summary>What a decoder of the named frame says of some bytes; null where it takes them.</summary>
    public static Rejection? Decode(string name, byte[] bytes) => name switch
    {
        _ when name.StartsWith("search-batch", StringComparison.Ordinal) =>
            SearchBatchFrame.Decode(bytes).Rejection,
        "partition-answer" or "partition-answer-first-stage" or "partition-answer-count"
            or "partition-answer-galleries" or "partition-answer-sampled" or "partition-answer-turned"
            or "partition-answer-state"
            or "partition-answer-turned-eye" or "partition-answer-encoder" or "partition-answer-extractor"
            or "partition-answer-loss" =>
            PartitionAnswerFrame.Decode(bytes).Rejection,
        _ when name.StartsWith("write-batch", StringComparison.Ordinal) =>
            WriteBatchFrame.Decode(bytes).Rejection,
        "write-ack" or "write-ack-full" or "write-ack-forbidden" => WriteAckFrame.Decode(bytes).Rejection,
        "read-person" or "read-gallery" or "read-gallery-after" => ReadQueryFrame.Decode(bytes).Rejection,
        "read-answer" => ReadAnswerFrame.Decode(bytes).Rejection,
        "partition-status" or "partition-status-states" => PartitionStatusFrame.Decode(bytes).Rejection,
        "journal-mark" => JournalMarkFrame.Decode(bytes).Rejection,
        "journal-tail" => JournalTailFrame.Decode(bytes).Rejection,
        _ => throw new ArgumentException(name, nameof(name)),
    };

    /// <summary>Decodes and encodes again.</summary>
    public static byte[] Again(string name, byte[] bytes) => name switch
    {
        _ when name.StartsWith("search-batch", StringComparison.Ordinal) =>
            SearchBatchFrame.Encode(SearchBatchFrame.Decode(bytes).Value!),
        "partition-answer" or "partition-answer-first-stage" or "partition-answer-count"
            or "partition-answer-galleries" or "partition-answer-sampled" or "partition-answer-turned"
            or "partition-answer-state"
            or "partition-answer-turned-eye" or "partition-answer-encoder" or "partition-answer-extractor"
            or "partition-answer-loss" =>
            PartitionAnswerFrame.Encode(PartitionAnswerFrame.Decode(bytes).Value!),
        _ when name.StartsWith("write-batch", StringComparison.Ordinal) =>
            WriteBatchFrame.Encode(WriteBatchFrame.Decode(bytes).Value!),
        "write-ack" or "write-ack-full" or "write-ack-forbidden" =>
            WriteAckFrame.Encode(WriteAckFrame.Decode(bytes).Value!),
        "read-person" or "read-gallery" or "read-gallery-after" =>
            ReadQueryFrame.Encode(ReadQueryFrame.Decode(bytes).Value!),
        "read-answer" => ReadAnswerFrame.Encode(ReadAnswerFrame.Decode(bytes).Value!),
        "partition-status" or "partition-status-states" =>
            PartitionStatusFrame.Encode(PartitionStatusFrame.Decode(bytes).Value!),
        "journal-mark" => JournalMarkFrame.Encode(JournalMarkFrame.Decode(bytes).Value!),
        "journal-tail" => JournalTailFrame.Encode(JournalTailFrame.Decode(bytes).Value!),
        _ => throw new ArgumentException(name, nameof(name)),
    };

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
