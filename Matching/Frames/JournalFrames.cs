using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;

namespace MatchCluster.Matching.Frames;

/// <summary>A mark in a partition's changes. After the header: epoch, sequence (8 each).</summary>
public static class JournalMarkFrame
{
    public static byte[] Encode(JournalMark mark)
    {
        FrameWriter writer = FrameHeader.Begin(2 * sizeof(long));
        writer.Int64(mark.Epoch);
        writer.Int64(mark.Sequence);
        return FrameHeader.Seal(writer, FrameKind.JournalMark);
    }

    /// <summary>The mark in a frame, or why the bytes are not one. Never throws.</summary>
    public static Decoded<JournalMark> Decode(ReadOnlySpan<byte> frame)
    {
        if (FrameHeader.Check(frame, FrameKind.JournalMark) is { } wrong)
        {
            return wrong;
        }

        FrameReader reader = new(frame, FrameHeader.Bytes);
        JournalMark mark = new(reader.Int64("epoch"), reader.Int64("sequence"));
        reader.End();
        return reader.Rejection is { } rejection ? rejection : mark;
    }
}

/// <summary>
/// Whom a partition's owner changed. After the header: epoch, from, to (8 each), persons (count 4, id text
/// each).
/// </summary>
public static class JournalTailFrame
{
    public static byte[] Encode(JournalTail tail)
    {
        ArgumentNullException.ThrowIfNull(tail);
        FrameWriter writer = FrameHeader.Begin(1024);
        writer.Int64(tail.Epoch);
        writer.Int64(tail.From);
        writer.Int64(tail.To);
        writer.Count("persons", tail.Persons.Count, Limits.JournalPersons);
        foreach (string person in tail.Persons)
        {
            writer.Text("person id", person, 1, Limits.IdBytes);
        }

        return FrameHeader.Seal(writer, FrameKind.JournalTail);
    }

    /// <summary>The changes in a frame, or why the bytes are not some. Never throws.</summary>
    public static Decoded<JournalTail> Decode(ReadOnlySpan<byte> frame)
    {
        if (FrameHeader.Check(frame, FrameKind.JournalTail) is { } wrong)
        {
            return wrong;
        }

        FrameReader reader = new(frame, FrameHeader.Bytes);
        long epoch = reader.Int64("epoch");
        long from = reader.Int64("from");
        long to = reader.Int64("to");
        int count = reader.Count("persons", Limits.JournalPersons);
        List<string> persons = new(count);
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            persons.Add(reader.Text("person id", 1, Limits.IdBytes));
        }

        reader.End();
        return reader.Rejection is { } rejection ? rejection : new JournalTail(epoch, from, to, persons);
    }
}
