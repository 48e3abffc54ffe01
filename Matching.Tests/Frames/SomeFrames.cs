using MatchCluster.Matching.Frames;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Tests.Frames;

/// <summary>One value of every frame with every field set, small and the same for ever.</summary>
internal static partial class SomeFrames
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
        ["search-batch-order"] = SearchBatchFrame.Encode(new SearchBatch(
            [new Search
            {
                Gallery = "G", Threshold = 1, MaxCandidates = 1, OnlyAfter = "P\u00e9",
                Probe = new([], [Iris(IrisEncoderId.MatchCluster1)]),
            }])
        {
            IsBackground = true,
        }),
        ["read-probes"] = ReadQueryFrame.Encode(new ReadQuery.Probes("G", 64)
        {
            After = "P\u00e9",
            Since = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123),
        }),
        ["read-answer-probes"] = ReadAnswerFrame.Encode(new ReadAnswer
        {
            GalleryKnown = true,
            Probes = [new StoredProbe("P", "E", new([], [Iris(IrisEncoderId.MatchCluster1)]))],
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
        "read-person" or "read-gallery" or "read-gallery-after" or "read-probes" =>
            ReadQueryFrame.Decode(bytes).Rejection,
        "read-answer" or "read-answer-probes" => ReadAnswerFrame.Decode(bytes).Rejection,
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
        "read-person" or "read-gallery" or "read-gallery-after" or "read-probes" =>
            ReadQueryFrame.Encode(ReadQueryFrame.Decode(bytes).Value!),
        "read-answer" or "read-answer-probes" => ReadAnswerFrame.Encode(ReadAnswerFrame.Decode(bytes).Value!),
        "partition-status" or "partition-status-states" =>
            PartitionStatusFrame.Encode(PartitionStatusFrame.Decode(bytes).Value!),
        "journal-mark" => JournalMarkFrame.Encode(JournalMarkFrame.Decode(bytes).Value!),
        "journal-tail" => JournalTailFrame.Encode(JournalTailFrame.Decode(bytes).Value!),
        _ => throw new ArgumentException(name, nameof(name)),
    };
}
