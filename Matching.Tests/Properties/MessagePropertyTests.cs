using CsCheck;
using MatchCluster.Matching.Frames;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Properties;

/// <summary>
/// What one process of a cluster sends, the other one understands. A frame has no checksum (its transport has one), so
/// that a byte that changes may give another message; it gives one that means the same when it is sent on.
/// </summary>
public sealed class MessagePropertyTests
{
    [Fact]
    public void A_batch_of_searches_comes_back() =>
        Holds(SomeMessages.Searches, 60, SearchBatchFrame.Encode, bytes => SearchBatchFrame.Decode(bytes));

    [Fact]
    public void The_answer_of_a_partition_comes_back() =>
        Holds(SomeMessages.Answer, 300, PartitionAnswerFrame.Encode, bytes => PartitionAnswerFrame.Decode(bytes));

    [Fact]
    public void The_status_of_a_partition_comes_back() =>
        Holds(SomeMessages.Status, 200, PartitionStatusFrame.Encode, bytes => PartitionStatusFrame.Decode(bytes));

    [Fact]
    public void A_batch_of_writes_comes_back() =>
        Holds(SomeMessages.Writes, 150, WriteBatchFrame.Encode, bytes => WriteBatchFrame.Decode(bytes));

    [Fact]
    public void The_answer_to_writes_comes_back() =>
        Holds(SomeMessages.Ack, 200, WriteAckFrame.Encode, bytes => WriteAckFrame.Decode(bytes));

    [Fact]
    public void A_read_comes_back() =>
        Holds(SomeMessages.Query, 200, ReadQueryFrame.Encode, bytes => ReadQueryFrame.Decode(bytes));

    [Fact]
    public void The_answer_to_a_read_comes_back() =>
        Holds(SomeMessages.ReadAnswer, 150, ReadAnswerFrame.Encode, bytes => ReadAnswerFrame.Decode(bytes));

    [Fact]
    public void A_mark_in_a_journal_comes_back() =>
        Holds(SomeMessages.Mark, 100, JournalMarkFrame.Encode, bytes => JournalMarkFrame.Decode(bytes));

    [Fact]
    public void The_changes_after_a_mark_come_back() =>
        Holds(SomeMessages.Tail, 100, JournalTailFrame.Encode, bytes => JournalTailFrame.Decode(bytes));

    private static void Holds<T>(Gen<T> cases, int times, Func<T, byte[]> encode, Func<byte[], Decoded<T>> decode)
        where T : class =>
        Property.Holds(Gen.Select(cases, Some.Damage), times, one =>
        {
            (T value, Damage damage) = one;
            byte[] frame = encode(value);
            Decoded<T> back = decode(frame);
            Assert.True(back.IsAccepted, back.Rejection?.ToString());
            Assert.Equal(ValueText.Of(value), ValueText.Of(back.Value));
            Assert.Equal(frame, encode(back.Value));

            byte[] cut = damage.Cut(frame);
            Assert.False(decode(cut).IsAccepted);
            Assert.False(decode(Resealed(cut)).IsAccepted);

            byte[] flipped = damage.Flip(frame);
            Decoded<T> other = decode(flipped);
            if (other.IsAccepted)
            {
                Decoded<T> again = decode(encode(other.Value));
                Assert.True(again.IsAccepted, again.Rejection?.ToString());
                Assert.Equal(ValueText.Of(other.Value), ValueText.Of(again.Value));
            }
        });

    /// <summary>With a header that tells the truth about the length.</summary>
    private static byte[] Resealed(byte[] frame)
    {
        if (frame.Length >= FrameHeader.Bytes)
        {
            BitConverter.TryWriteBytes(frame.AsSpan(8), frame.Length - FrameHeader.Bytes);
        }

        return frame;
    }
}
