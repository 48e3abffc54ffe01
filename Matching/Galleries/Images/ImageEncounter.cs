using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Galleries.Images;

/// <summary>
/// One encounter of an image: person id, encounter id (text), record id (16), number of its combination of galleries
/// (4), flags (1: bit 0 active, bit 1 came from another person, bit 2 expires, bit 3 held), year of birth (4, 0
/// unknown), sex (1), expiry (4, seconds since 1970-01-01Z) where it expires, rows (length 4, bytes): each position
/// code (1) and row. An encounter that has expired is written as one that does, so that it expires again.
/// </summary>
internal static class ImageEncounter
{
    private const byte Active = 1;
    private const byte Moved = 2;
    private const byte Expires = 4;
    private const byte Held = 8;
    private const int MostRowsBytes = Limits.RowsPerEncounter * 32 * 1024;

    public static void Write(FrameWriter writer, in SlotColumns columns, ReadOnlySpan<byte> rows)
    {
        writer.Text("person id", columns.Identity.PersonId, 1, Limits.IdBytes);
        writer.Text("encounter id", columns.EncounterId, 1, Limits.IdBytes);
        writer.Guid(columns.RecordId);
        writer.Int32(columns.GallerySet);
        writer.Byte((byte)((columns.IsActive ? Active : 0) | (columns.IsMoved ? Moved : 0)
            | (columns.ExpiresAt != 0 ? Expires : 0) | (columns.IsHeld ? Held : 0)));
        writer.Int32(columns.YearOfBirth);
        writer.Byte((byte)columns.Sex);
        if (columns.ExpiresAt != 0)
        {
            writer.Int32(unchecked((int)columns.ExpiresAt));
        }

        writer.Bytes("rows", rows, 0, MostRowsBytes);
    }

    /// <summary>
    /// The next encounter and how many bytes its rows are, the last before the reader; its rejection says where it is
    /// none.
    /// </summary>
    public static (SlotFacts Facts, int RowsBytes) Read(ref FrameReader reader, IReadOnlyList<string[]> sets)
    {
        string person = reader.Text("person id", 1, Limits.IdBytes);
        string encounter = reader.Text("encounter id", 1, Limits.IdBytes);
        Guid record = reader.Guid("record id");
        int at = reader.At;
        int set = reader.Int32("gallery set");
        if (set < 0 || set >= sets.Count)
        {
            reader.Reject(at, $"gallery set {set}", $"0 to {sets.Count - 1}");
            set = 0;
        }

        byte flags = reader.Byte("flags");
        SlotFacts facts = new()
        {
            PersonId = person,
            EncounterId = encounter,
            RecordId = record,
            Galleries = sets.Count == 0 ? [] : sets[set],
            IsActive = (flags & Active) != 0,
            IsMoved = (flags & Moved) != 0,
            IsHeld = (flags & Held) != 0,
            YearOfBirth = (short)reader.Int32("year of birth"),
            Sex = (Sex)reader.Byte("sex"),
            ExpiresAt = (flags & Expires) != 0 ? unchecked((uint)reader.Int32("expiry")) : 0,
        };
        return (facts, reader.View("rows", 0, MostRowsBytes).Length);
    }
}
