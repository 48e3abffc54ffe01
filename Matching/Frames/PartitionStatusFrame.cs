using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Frames;

/// <summary>
/// A partition's status. After the header: partition (4), state (1), reason (see <see cref="FrameParts"/>),
/// loaded, to load, unreadable, epoch, identities, encounters, finger rows, iris rows, dead encounters, row
/// bytes (8 each), segments, queued batches (4 each), galleries (count 4, name text and encounters 8). In version 2,
/// which is written where the state is stated, the state hash (32) of each gallery follows its encounters, and that of
/// all encounters follows the galleries.
/// </summary>
public static class PartitionStatusFrame
{
    private const int MostGalleries = 1_000_000;
    private const ushort WithStates = 2;

    public static byte[] Encode(PartitionStatus status)
    {
        FrameWriter writer = FrameHeader.Begin(1024);
        writer.Int32(status.Partition.Number);
        writer.Byte((byte)status.State);
        FrameParts.WriteReason(writer, status.Reason, null);
        foreach (long value in (ReadOnlySpan<long>)
            [
                status.Loaded, status.ToLoad, status.Unreadable, status.Epoch, status.Identities, status.Encounters,
                status.FingerRows, status.IrisRows, status.DeadEncounters, status.RowBytes,
            ])
        {
            writer.Int64(value);
        }

        writer.Int32(status.Segments);
        writer.Int32(status.QueuedBatches);
        writer.Count("galleries", status.Galleries.Count, MostGalleries);
        foreach ((string gallery, long encounters) in status.Galleries)
        {
            writer.Text("gallery", gallery, 1, Limits.IdBytes);
            writer.Int64(encounters);
            if (status.States is { } states)
            {
                FrameParts.WriteHash(writer, states.GetValueOrDefault(gallery));
            }
        }

        if (status.States is null)
        {
            return FrameHeader.Seal(writer, FrameKind.PartitionStatus);
        }

        FrameParts.WriteHash(writer, status.StateOfAll);
        return FrameHeader.Seal(writer, FrameKind.PartitionStatus, WithStates);
    }

    /// <summary>The status in a frame, or why the bytes are not one. Never throws.</summary>
    public static Decoded<PartitionStatus> Decode(ReadOnlySpan<byte> frame)
    {
        if (FrameHeader.Check(frame, FrameKind.PartitionStatus, WithStates) is { } wrong)
        {
            return wrong;
        }

        Dictionary<string, StateHash>? states =
            FrameHeader.VersionOf(frame) == WithStates ? new(StringComparer.Ordinal) : null;
        FrameReader reader = new(frame, FrameHeader.Bytes);
        int partition = reader.Int32("partition");
        PartitionState state = (PartitionState)reader.Small("state", 0, (int)PartitionState.Failed);
        string? reason = FrameParts.ReadReason(ref reader).Reason;
        PartitionStatus status = new()
        {
            Partition = new PartitionId(partition),
            State = state,
            Reason = reason,
            Loaded = reader.Int64("loaded"),
            ToLoad = reader.Int64("to load"),
            Unreadable = reader.Int64("unreadable"),
            Epoch = reader.Int64("epoch"),
            Identities = reader.Int64("identities"),
            Encounters = reader.Int64("encounters"),
            FingerRows = reader.Int64("finger rows"),
            IrisRows = reader.Int64("iris rows"),
            DeadEncounters = reader.Int64("dead encounters"),
            RowBytes = reader.Int64("row bytes"),
            Segments = reader.Int32("segments"),
            QueuedBatches = reader.Int32("queued batches"),
            Galleries = ReadGalleries(ref reader, states),
            States = states,
            StateOfAll = states is null ? default : FrameParts.ReadHash(ref reader),
        };
        reader.End();
        return reader.Rejection is { } rejection ? rejection : status;
    }

    private static Dictionary<string, long> ReadGalleries(
        ref FrameReader reader, Dictionary<string, StateHash>? states)
    {
        int count = reader.Count("galleries", MostGalleries);
        Dictionary<string, long> galleries = new(StringComparer.Ordinal);
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            string gallery = reader.Text("gallery", 1, Limits.IdBytes);
            galleries[gallery] = reader.Int64("encounters");
            if (states is not null)
            {
                states[gallery] = FrameParts.ReadHash(ref reader);
            }
        }

        return galleries;
    }
}
