using System.Buffers.Binary;
using System.Text;
using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Frames;

/// <summary>Pieces that several frames share.</summary>
internal static class FrameParts
{
    /// <summary>A sentence for the caller; longer ones are cut, they carry no data.</summary>
    public const int ReasonBytes = 1024;

    private const int HasReason = 1;
    private const int HasRetryAfter = 2;

    /// <summary>Turns of galleries: count (1), each as gallery (text) and epoch (8).</summary>
    public static void WriteLeases(FrameWriter writer, IReadOnlyList<GalleryLease> leases)
    {
        writer.Small("number of turns", leases.Count, 1, Limits.GalleriesPerEncounter);
        foreach (GalleryLease lease in leases)
        {
            writer.Text("gallery", lease.Gallery, 1, Limits.IdBytes);
            writer.Int64(lease.Epoch);
        }
    }

    public static List<GalleryLease> ReadLeases(ref FrameReader reader)
    {
        int count = reader.Small("number of turns", 1, Limits.GalleriesPerEncounter);
        List<GalleryLease> leases = new(count);
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            string gallery = reader.Text("gallery", 1, Limits.IdBytes);
            int at = reader.At;
            long epoch = reader.Int64("epoch of a turn");
            if (reader.Rejection is null && epoch is < 0 or > GalleryLease.HighestEpoch)
            {
                reader.Reject(at, $"epoch {epoch} of a turn", $"0 to {GalleryLease.HighestEpoch}");
            }

            leases.Add(new GalleryLease(gallery, epoch));
        }

        return leases;
    }

    /// <summary>Presence (1), reason (text) and retry after (8, ticks) where present.</summary>
    public static void WriteReason(FrameWriter writer, string? reason, TimeSpan? retryAfter)
    {
        writer.Byte((byte)((reason is null ? 0 : HasReason) | (retryAfter is null ? 0 : HasRetryAfter)));
        if (reason is not null)
        {
            writer.Text("reason", Cut(reason), 0, ReasonBytes);
        }

        if (retryAfter is { } wait)
        {
            writer.Int64(wait.Ticks);
        }
    }

    public static (string? Reason, TimeSpan? RetryAfter) ReadReason(ref FrameReader reader)
    {
        int presence = reader.Small("presence", 0, HasReason | HasRetryAfter);
        string? reason = (presence & HasReason) != 0 ? reader.Text("reason", 0, ReasonBytes) : null;
        return (reason, (presence & HasRetryAfter) != 0 ? new TimeSpan(reader.Int64("retry after")) : null);
    }

    /// <summary>Presence (1); a refusal's kind (1), reason and retry after; an outage's flag (1) and reason.</summary>
    public static void WriteFailure(FrameWriter writer, Refusal? refusal, Outage? outage)
    {
        writer.Byte((byte)(refusal is not null ? 1 : outage is not null ? 2 : 0));
        if (refusal is not null)
        {
            writer.Byte((byte)refusal.Kind);
            WriteReason(writer, refusal.Reason, refusal.RetryAfter);
        }
        else if (outage is not null)
        {
            writer.Byte((byte)(outage.MayRetry ? 1 : 0));
            WriteReason(writer, outage.Reason, null);
        }
    }

    public static (Refusal? Refusal, Outage? Outage) ReadFailure(ref FrameReader reader)
    {
        switch (reader.Small("failure", 0, 2))
        {
            case 1:
                RefusalKind kind = (RefusalKind)reader.Small("refusal", 0, (int)RefusalKind.Forbidden);
                (string? reason, TimeSpan? retryAfter) = ReadReason(ref reader);

                // A partition knows one rule of uses: whose an encounter is.
                return (new Refusal(kind, reason ?? "", retryAfter)
                {
                    Rule = kind == RefusalKind.Forbidden ? UseRule.NotOwner : null,
                }, null);
            case 2:
                bool mayRetry = reader.Small("may retry", 0, 1) != 0;
                return (null, new Outage(ReadReason(ref reader).Reason ?? "", mayRetry));
            default:
                return (null, null);
        }
    }

    /// <summary>
    /// As many whole characters as fit. Half a surrogate pair, which a message of the system's may hold, becomes the
    /// sign of broken text: a failure is answered whatever its sentence is.
    /// </summary>
    private static string Cut(string reason)
    {
        StringBuilder cut = new(reason.Length);
        int bytes = 0;
        foreach (Rune rune in reason.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > ReasonBytes)
            {
                break;
            }

            cut.Append(rune.ToString());
        }

        return cut.ToString();
    }

    /// <summary>A stored encounter's own frame: length (4), bytes; null where it is rejected.</summary>
    public static Encounter? ReadEncounter(ref FrameReader reader)
    {
        int at = reader.At;
        Decoded<Encounter> encounter =
            EncounterCodec.Decode(reader.Bytes("encounter", 1, WriteBatchFrame.LargestEncounterBytes));
        if (!encounter.IsAccepted)
        {
            reader.Reject(at, encounter.Rejection.Found, encounter.Rejection.Wanted);
        }

        return encounter.Value;
    }

    /// <summary>A gallery's state: its hash (32) and its encounters (8).</summary>
    public static void WriteState(FrameWriter writer, GalleryState state)
    {
        WriteHash(writer, state.Hash);
        writer.Int64(state.Encounters);
    }

    public static GalleryState ReadState(ref FrameReader reader) =>
        new(ReadHash(ref reader), reader.Int64("encounters of the state"));

    public static void WriteHash(FrameWriter writer, StateHash hash)
    {
        Span<byte> bytes = stackalloc byte[StateHash.Bytes];
        hash.Write(bytes);
        for (int at = 0; at < bytes.Length; at += sizeof(long))
        {
            writer.Int64(BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]));
        }
    }

    public static StateHash ReadHash(ref FrameReader reader)
    {
        Span<byte> bytes = stackalloc byte[StateHash.Bytes];
        for (int at = 0; at < bytes.Length; at += sizeof(long))
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes[at..], reader.Int64("state"));
        }

        return new StateHash(bytes);
    }

    public static BiometricPosition ReadPosition(ref FrameReader reader)
    {
        int at = reader.At;
        byte code = reader.Byte("position");
        if (BiometricPosition.TryFromCode(code, out BiometricPosition? position))
        {
            return position.Value;
        }

        reader.Reject(at, $"position code {code}", "0 to 10 or 16 to 18");
        return BiometricPosition.UnknownFinger;
    }
}
