using System.Buffers.Binary;
using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Feeds;

/// <summary>
/// The stored forms of the change log. A row: version 1 (1), kind (1), time (8, ticks), record (16), person and
/// encounter (text), 1 with state and encounters (32, 8) or 0. An entry of an outbox: "C" (1), gallery (text), then
/// as a row, with the difference in place of the state; or "B" (1), count (4), and for each gallery its name (text),
/// state and encounters of a partition (32, 8).
/// </summary>
internal static class FeedCodec
{
    private const byte Version = 1;
    private const byte OfChange = (byte)'C';
    private const byte OfBegin = (byte)'B';
    private const int MostGalleries = 1 << 20;
    private const int StateBytes = StateHash.Bytes + sizeof(long);

    public static byte[] Row(FeedEntry entry, GalleryState? state)
    {
        FrameWriter writer = new(128);
        Write(writer, entry, state);
        return writer.ToArray();
    }

    /// <summary>A row read back; null where it is none.</summary>
    public static Change? ReadRow(long sequence, ReadOnlySpan<byte> row)
    {
        FrameReader reader = new(row, 0);
        Change change = Read(ref reader, sequence);
        reader.End();
        return reader.Rejection is null ? change : null;
    }

    public static byte[] Entry(FeedEntry entry)
    {
        FrameWriter writer = new(160);
        writer.Byte(OfChange);
        writer.Text("gallery", entry.Gallery, 1, Limits.IdBytes);
        Write(writer, entry, entry.Difference);
        return writer.ToArray();
    }

    public static byte[] Begin(IReadOnlyDictionary<string, GalleryState> states)
    {
        FrameWriter writer = new(16 + (64 * states.Count));
        writer.Byte(OfBegin);
        writer.Count("galleries", states.Count, MostGalleries);
        foreach ((string gallery, GalleryState state) in states)
        {
            writer.Text("gallery", gallery, 1, Limits.IdBytes);
            writer.Raw(State(state));
        }

        return writer.ToArray();
    }

    /// <summary>An entry of an outbox: one of the two, or neither where it cannot be read.</summary>
    public static (FeedEntry? Entry, Dictionary<string, GalleryState>? Begin) ReadEntry(ReadOnlySpan<byte> bytes)
    {
        FrameReader reader = new(bytes, 0);
        if (reader.Byte("type") == OfChange)
        {
            string gallery = reader.Text("gallery", 1, Limits.IdBytes);
            Change change = Read(ref reader, 0);
            reader.End();
            return reader.Rejection is null && change.State is { } difference
                ? (new FeedEntry(
                    gallery, change.Kind, change.PersonId, change.EncounterId, change.RecordId, change.At, difference),
                    null)
                : (null, null);
        }

        Dictionary<string, GalleryState> states = new(StringComparer.Ordinal);
        int count = reader.Count("galleries", MostGalleries);
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            string gallery = reader.Text("gallery", 1, Limits.IdBytes);
            states[gallery] = ReadState(reader.Raw("state", StateBytes));
        }

        reader.End();
        return (null, reader.Rejection is null && bytes[0] == OfBegin ? states : null);
    }

    /// <summary>A state in 40 bytes.</summary>
    public static byte[] State(GalleryState state)
    {
        byte[] bytes = new byte[StateBytes];
        state.Hash.Write(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(StateHash.Bytes), state.Encounters);
        return bytes;
    }

    /// <summary>A state read back; that of an empty gallery where the bytes are none.</summary>
    public static GalleryState ReadState(ReadOnlySpan<byte> bytes) => bytes.Length != StateBytes
        ? default
        : new GalleryState(new StateHash(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes[StateHash.Bytes..]));

    private static void Write(FrameWriter writer, FeedEntry entry, GalleryState? state)
    {
        writer.Byte(Version);
        writer.Byte((byte)entry.Kind);
        writer.Instant(entry.At);
        writer.Guid(entry.RecordId);
        writer.Text("person id", entry.PersonId, 0, Limits.IdBytes);
        writer.Text("encounter id", entry.EncounterId, 0, Limits.IdBytes);
        writer.Byte(state is null ? (byte)0 : (byte)1);
        if (state is { } known)
        {
            writer.Raw(State(known));
        }
    }

    private static Change Read(ref FrameReader reader, long sequence)
    {
        reader.Small("version", Version, Version);
        ChangeKind kind = (ChangeKind)reader.Small("kind", (int)ChangeKind.Added, (int)ChangeKind.Expired);
        DateTimeOffset at = reader.Instant("time");
        Guid record = reader.Guid("record id");
        string person = reader.Text("person id", 0, Limits.IdBytes);
        string encounter = reader.Text("encounter id", 0, Limits.IdBytes);
        GalleryState? state = reader.Small("whether a state follows", 0, 1) == 1
            ? ReadState(reader.Raw("state", StateBytes)) : null;
        return new Change(sequence, kind, person, encounter, record, at) { State = state };
    }
}
