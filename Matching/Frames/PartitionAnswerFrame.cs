using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Frames;

/// <summary>What a partition found, on its way back.</summary>
/// <remarks>
/// After the header: partition (4), outcome (1), presence (1: bit 0 reason, 1 retry after), reason (text) and
/// retry after (8, ticks) where present, identities held, searched and comparisons (8 each), queue and scan
/// time (8 each, ticks), results (count 4). A result: flags (1: bit 0 gallery known, 1 person known, 2 first
/// stage, 3 counts), where the third is set encounters, passed, reached, audited, missed and comparisons (8
/// each), where the fourth is set identities held, searched, comparable and reached (8 each), hits (count 4);
/// a hit: person (text), score (8, IEEE), details (count 4); a detail: encounter (text), probe and gallery
/// position (1 each), score, raw (8 each), presence (1: bit 0 normalised, 1 valid bits, 2 rotation), and
/// these (8, 4, 4) where present. Version 2 is written only where galleries are named or eyes were sampled.
/// Flag 4 of a result says that galleries are named: its combinations of galleries
/// (<see cref="GalleryNames"/>) stand before its hits, and each detail ends with the number of its
/// combination (4; -1: none). Flag 5 says that the number of sampled eyes (8) stands before those
/// combinations. Version 3 is written only where a finger was turned or an eye's score has a calibration of
/// its own: bit 3 of a detail's presence says that the quarters of a turn (1), bit 4 that the encoder (1)
/// follow the rotation. Version 4 is written only where the first stage states its loss or a finger's score has a
/// calibration of its own: flag 6 of a result says that the expected and the highest loss (8 each, IEEE) follow the
/// first stage's numbers, bit 5 of a detail's presence that the extractor (1) follows. Version 5 is written only where
/// the state of the gallery is stated: flag 7 of a result says that its hash (32) and its encounters (8) stand before
/// the combinations of galleries.
/// </remarks>
public static class PartitionAnswerFrame
{
    private const int MostDetails = 2 * Limits.RowsPerEncounter;
    private const int GalleryKnown = 1;
    private const int PersonKnown = 2;
    private const int HasFirstStage = 4;
    private const int HasCount = 8;
    private const int HasGalleries = 16;
    private const int HasSampledEyes = 32;
    private const int FlagsOfVersion1 = 15;
    private const int FlagsOfVersion2 = 63;
    private const int HasLoss = 64;
    private const int FlagsOfVersion4 = 127;
    private const int HasState = 128;
    private const int FlagsOfVersion5 = 255;
    private const ushort WithGalleriesOrSampled = 2;
    private const ushort WithTurnsOrEncoders = 3;
    private const ushort WithLossOrExtractors = 4;
    private const ushort Newest = 5;
    private const int MostHits = Limits.CandidatesPerSearch + 1;
    private const int HasNormalised = 1;
    private const int HasValidBits = 2;
    private const int HasRotation = 4;
    private const int HasTurn = 8;
    private const int HasEncoder = 16;
    private const int HasExtractor = 32;
    private const int PresenceOfVersion2 = 7;
    private const int PresenceOfVersion3 = 31;
    private const int PresenceOfVersion4 = 63;
    private const int Quarter = 90;

    public static byte[] Encode(PartitionAnswer answer)
    {
        FrameWriter writer = FrameHeader.Begin(4 * 1024);
        writer.Int32(answer.Partition.Number);
        writer.Byte((byte)answer.Outcome);
        FrameParts.WriteReason(writer, answer.Reason, answer.RetryAfter);
        writer.Int64(answer.IdentitiesHeld);
        writer.Int64(answer.IdentitiesSearched);
        writer.Int64(answer.Comparisons);
        writer.Int64(answer.QueueTime.Ticks);
        writer.Int64(answer.ScanTime.Ticks);
        writer.Count("results", answer.Results.Count, Limits.SearchesPerBatch);
        ushort version = 1;
        foreach (SearchHits result in answer.Results)
        {
            GalleryNames? names = GalleryNames.Of(result.Hits);
            version = Math.Max(version, VersionOf(result, names));
            writer.Byte((byte)((result.GalleryKnown ? GalleryKnown : 0) | (result.PersonKnown ? PersonKnown : 0)
                | (result.FirstStage is null ? 0 : HasFirstStage)
                | (result.Count is null ? 0 : HasCount)
                | (names is null ? 0 : HasGalleries)
                | (result.SampledEyes is null ? 0 : HasSampledEyes)
                | (result.FirstStage?.Loss is null ? 0 : HasLoss)
                | (result.State is null ? 0 : HasState)));
            if (result.FirstStage is { } stage)
            {
                Write(writer, stage);
            }

            if (result.Count is { } count)
            {
                writer.Int64(count.Held);
                writer.Int64(count.Searched);
                writer.Int64(count.Comparable);
                writer.Int64(count.Reached);
            }

            if (result.SampledEyes is { } sampled)
            {
                writer.Int64(sampled);
            }

            if (result.State is { } state)
            {
                FrameParts.WriteState(writer, state);
            }

            names?.Write(writer);
            writer.Count("hits", result.Hits.Count, MostHits);
            foreach (Hit hit in result.Hits)
            {
                writer.Text("person id", hit.PersonId, 1, Limits.IdBytes);
                writer.Double(hit.Score);
                writer.Count("details", hit.Details.Count, MostDetails);
                foreach (HitDetail detail in hit.Details)
                {
                    Write(writer, detail);
                    names?.WriteNumber(writer, detail);
                }
            }
        }

        return FrameHeader.Seal(writer, FrameKind.PartitionAnswer, version);
    }

    /// <summary>The answer in a frame, or why the bytes are not one. Never throws.</summary>
    public static Decoded<PartitionAnswer> Decode(ReadOnlySpan<byte> frame)
    {
        if (FrameHeader.Check(frame, FrameKind.PartitionAnswer, Newest) is { } wrong)
        {
            return wrong;
        }

        FrameReader reader = new(frame, FrameHeader.Bytes);
        int partition = reader.Int32("partition");
        PartitionOutcome outcome = (PartitionOutcome)reader.Small("outcome", 0, (int)PartitionOutcome.Unavailable);
        (string? reason, TimeSpan? retryAfter) = FrameParts.ReadReason(ref reader);
        PartitionAnswer answer = new()
        {
            Partition = new PartitionId(partition),
            Outcome = outcome,
            Reason = reason,
            RetryAfter = retryAfter,
            IdentitiesHeld = reader.Int64("identities held"),
            IdentitiesSearched = reader.Int64("identities searched"),
            Comparisons = reader.Int64("comparisons"),
            QueueTime = new TimeSpan(reader.Int64("queue time")),
            ScanTime = new TimeSpan(reader.Int64("scan time")),
            Results = ReadResults(ref reader, FrameHeader.VersionOf(frame)),
        };
        reader.End();
        return reader.Rejection is { } rejection ? rejection : answer;
    }

    private static List<SearchHits> ReadResults(ref FrameReader reader, int version)
    {
        int count = reader.Count("results", Limits.SearchesPerBatch);
        List<SearchHits> results = new(count);
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            int at = reader.At;
            int flags = reader.Small("flags", 0, version switch
            {
                1 => FlagsOfVersion1,
                < WithLossOrExtractors => FlagsOfVersion2,
                WithLossOrExtractors => FlagsOfVersion4,
                _ => FlagsOfVersion5,
            });
            bool hasLoss = (flags & HasLoss) != 0;
            if (hasLoss && (flags & HasFirstStage) == 0)
            {
                reader.Reject(at, "a loss without a first stage", "flag 6 beside flag 2 only");
                break;
            }

            FirstStage? stage = (flags & HasFirstStage) != 0 ? ReadFirstStage(ref reader, hasLoss) : null;
            SearchCount? counted = (flags & HasCount) != 0 ? ReadCount(ref reader) : null;
            long? sampled = (flags & HasSampledEyes) != 0 ? reader.Int64("sampled eyes") : null;
            GalleryState? state = (flags & HasState) != 0 ? FrameParts.ReadState(ref reader) : null;
            GalleryNames? names = (flags & HasGalleries) != 0 ? GalleryNames.Read(ref reader) : null;
            int hits = reader.Count("hits", MostHits);
            List<Hit> found = new(hits);
            for (int j = 0; j < hits && reader.Rejection is null; j++)
            {
                found.Add(ReadHit(ref reader, names, version));
            }

            results.Add(new SearchHits(
                (flags & GalleryKnown) != 0, (flags & PersonKnown) != 0, found, stage, counted, sampled, state));
        }

        return results;
    }

    private static void Write(FrameWriter writer, FirstStage stage)
    {
        writer.Int64(stage.Encounters);
        writer.Int64(stage.Passed);
        writer.Int64(stage.Reached);
        writer.Int64(stage.Audited);
        writer.Int64(stage.Missed);
        writer.Int64(stage.Comparisons);
        if (stage.Loss is { } loss)
        {
            writer.Double(loss.Expected);
            writer.Double(loss.AtMost);
        }
    }

    private static SearchCount ReadCount(ref FrameReader reader) => new(
        reader.Int64("identities held by the gallery"), reader.Int64("identities searched of the gallery"),
        reader.Int64("identities comparable"), reader.Int64("identities that reached the threshold"));

    private static FirstStage ReadFirstStage(ref FrameReader reader, bool hasLoss) => new()
    {
        Encounters = reader.Int64("encounters"),
        Passed = reader.Int64("passed"),
        Reached = reader.Int64("reached"),
        Audited = reader.Int64("audited"),
        Missed = reader.Int64("missed"),
        Comparisons = reader.Int64("comparisons of the first stage"),
        Loss = hasLoss ? new StageLoss(reader.Double("expected loss"), reader.Double("highest loss")) : null,
    };

    private static Hit ReadHit(ref FrameReader reader, GalleryNames? names, int version)
    {
        string person = reader.Text("person id", 1, Limits.IdBytes);
        double score = reader.Double("score");
        int count = reader.Count("details", MostDetails);
        List<HitDetail> details = new(count);
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            HitDetail detail = ReadDetail(ref reader, version);
            details.Add(names is null ? detail : detail with { Galleries = names.ReadNumber(ref reader) });
        }

        return new Hit(person, score, details);
    }

    private static void Write(FrameWriter writer, HitDetail detail)
    {
        writer.Text("encounter id", detail.EncounterId, 0, Limits.IdBytes);
        writer.Byte(detail.ProbePosition.Code);
        writer.Byte(detail.GalleryPosition.Code);
        writer.Double(detail.Score);
        writer.Double(detail.Raw);
        writer.Byte((byte)((detail.Normalised is null ? 0 : HasNormalised)
            | (detail.ValidBits is null ? 0 : HasValidBits)
            | (detail.Rotation is null ? 0 : HasRotation)
            | (detail.Turn is null ? 0 : HasTurn)
            | (detail.Encoder == IrisEncoderId.Unknown ? 0 : HasEncoder)
            | (detail.Extractor == FingerExtractorId.Unknown ? 0 : HasExtractor)));
        if (detail.Normalised is { } normalised)
        {
            writer.Double(normalised);
        }

        if (detail.ValidBits is { } bits)
        {
            writer.Int32(bits);
        }

        if (detail.Rotation is { } rotation)
        {
            writer.Int32(rotation);
        }

        if (detail.Turn is { } turn)
        {
            writer.Small("quarters of a turn", turn / Quarter, 1, 3);
        }

        if (detail.Encoder != IrisEncoderId.Unknown)
        {
            writer.Byte((byte)detail.Encoder);
        }

        if (detail.Extractor != FingerExtractorId.Unknown)
        {
            writer.Byte((byte)detail.Extractor);
        }
    }

    private static ushort VersionOf(SearchHits result, GalleryNames? names) =>
        result.State is not null ? Newest
        : result.FirstStage?.Loss is not null || Names(result, detail => detail.Extractor != FingerExtractorId.Unknown)
            ? WithLossOrExtractors
        : Names(result, detail => detail.Turn is not null || detail.Encoder != IrisEncoderId.Unknown)
            ? WithTurnsOrEncoders
        : names is null && result.SampledEyes is null ? (ushort)1 : WithGalleriesOrSampled;

    private static bool Names(SearchHits result, Func<HitDetail, bool> which) =>
        result.Hits.Any(hit => hit.Details.Any(which));

    private static HitDetail ReadDetail(ref FrameReader reader, int version)
    {
        string encounter = reader.Text("encounter id", 0, Limits.IdBytes);
        BiometricPosition probe = FrameParts.ReadPosition(ref reader);
        BiometricPosition gallery = FrameParts.ReadPosition(ref reader);
        double score = reader.Double("score");
        double raw = reader.Double("raw");
        int presence = reader.Small(
            "presence", 0,
            version < WithTurnsOrEncoders ? PresenceOfVersion2
                : version < WithLossOrExtractors ? PresenceOfVersion3 : PresenceOfVersion4);
        return new HitDetail
        {
            EncounterId = encounter,
            ProbePosition = probe,
            GalleryPosition = gallery,
            Score = score,
            Raw = raw,
            Normalised = (presence & HasNormalised) != 0 ? reader.Double("normalised") : null,
            ValidBits = (presence & HasValidBits) != 0 ? reader.Int32("valid bits") : null,
            Rotation = (presence & HasRotation) != 0 ? reader.Int32("rotation") : null,
            Turn = (presence & HasTurn) != 0 ? Quarter * reader.Small("quarters of a turn", 1, 3) : null,
            Encoder = (presence & HasEncoder) != 0
                ? (IrisEncoderId)reader.Small("encoder", 1, (int)IrisEncoderId.MatchCluster1) : IrisEncoderId.Unknown,
            Extractor = (presence & HasExtractor) != 0
                ? (FingerExtractorId)reader.Small("extractor", 1, (int)FingerExtractorId.MatchCluster1)
                : FingerExtractorId.Unknown,
        };
    }
}
