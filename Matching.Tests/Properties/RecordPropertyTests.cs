using CsCheck;
using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Galleries.Images;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Tests.Properties;

/// <summary>What a store keeps comes back as it was, and what was damaged there never does.</summary>
public sealed class RecordPropertyTests
{
    [Fact]
    public void An_encounter_comes_back_and_has_one_encoding() => Property.Holds(
        SomeRecords.Encounter, 300, encounter =>
        {
            byte[] record = EncounterCodec.Encode(encounter);
            Decoded<Encounter> back = EncounterCodec.Decode(record);
            Assert.True(back.IsAccepted, back.Rejection?.ToString());
            Assert.Equal(ValueText.Of(encounter), ValueText.Of(back.Value));
            Assert.Equal(record, EncounterCodec.Encode(back.Value));
            bool isFirst = encounter is { Transit: null, Origin: null, Missing.Count: 0 };
            Assert.Equal(isFirst ? 1 : 2, EncounterFrame.VersionOf(record));
        });

    /// <summary>Its CRC-32C finds every single byte.</summary>
    [Fact]
    public void A_damaged_encounter_is_rejected() => Property.Holds(
        Gen.Select(SomeRecords.Encounter, Some.Damage), 300, (one) =>
        {
            (Encounter encounter, Damage damage) = one;
            byte[] record = EncounterCodec.Encode(encounter);
            Assert.False(EncounterCodec.Decode(damage.Flip(record)).IsAccepted);
            Assert.False(EncounterCodec.Decode(damage.Cut(record)).IsAccepted);
        });

    /// <summary>Whoever repairs the checksum meets the decoder itself: what it takes has one encoding too.</summary>
    [Fact]
    public void What_is_accepted_of_forged_bytes_encodes_to_the_same_bytes() => Property.Holds(
        Gen.Select(SomeRecords.Encounter, Some.Damage), 600, one =>
        {
            (Encounter encounter, Damage damage) = one;
            byte[] record = EncounterCodec.Encode(encounter);
            int body = EncounterFrame.HeaderBytes + (damage.At % (record.Length - EncounterFrame.HeaderBytes));
            record[body] ^= damage.Change;
            byte[] forged = EncounterFrame.Seal(record, EncounterFrame.VersionOf(record));
            Decoded<Encounter> back = EncounterCodec.Decode(forged);
            if (back.IsAccepted)
            {
                Assert.Equal(forged, EncounterCodec.Encode(back.Value));
            }
        });

    [Fact]
    public void Samples_come_back() => Comes(
        Some.Many(SomeRecords.Sample, 0, 6, 3), SampleCodec.WriteAll,
        (ref FrameReader reader) => SampleCodec.ReadAll(ref reader));

    [Fact]
    public void What_is_missing_comes_back() => Comes(
        Some.Many(SomeRecords.Missing, 1, Limits.SamplesPerEncounter, 3),
        MissingCodec.WriteAll, (ref FrameReader reader) => MissingCodec.ReadAll(ref reader));

    [Fact]
    public void A_mark_of_a_move_comes_back() => Comes(
        SomeRecords.Transit, TransitCodec.Write, (ref FrameReader reader) => TransitCodec.Read(ref reader));

    [Fact]
    public void A_digest_comes_back() => Property.Holds(Gen.Select(Some.Long, Gen.UInt128), 100, one =>
    {
        PartitionDigest digest = new(one.Item1, one.Item2);
        Assert.Equal(digest, PartitionDigest.Decode(digest.Encode()));
        Assert.Null(PartitionDigest.Decode(digest.Encode().AsSpan(..^1)));
    });

    [Fact]
    public void The_header_of_an_image_comes_back_and_not_when_it_is_damaged() => Property.Holds(
        Gen.Select(Some.Int, Some.Long, Gen.Guid, Gen.Select(Some.Long, Gen.UInt128), Some.Long, Some.Damage), 200,
        one =>
        {
            (int partition, long epoch, Guid seal, (long count, UInt128 marks), long length, Damage damage) = one;
            ImageHeader header = new(partition, epoch, seal, new PartitionDigest(count, marks), length);
            byte[] bytes = header.Encode();
            Assert.Equal(header, ImageHeader.Decode(bytes));
            Assert.Null(ImageHeader.Decode(damage.Cut(bytes)));
            if (ImageHeader.Decode(damage.Flip(bytes)) is { } taken)
            {
                // The four bytes after the checksum are not looked at.
                Assert.Equal(header, taken);
            }
        });

    private delegate T Read<T>(ref FrameReader reader);

    /// <summary>A piece of a record without a frame of its own: as much is read as was written.</summary>
    private static void Comes<T>(Gen<T> cases, Action<FrameWriter, T> write, Read<T> read) =>
        Property.Holds(Gen.Select(cases, Some.Damage), 200, one =>
        {
            (T value, Damage damage) = one;
            FrameWriter writer = new(64);
            write(writer, value);
            byte[] bytes = writer.ToArray();
            FrameReader reader = new(bytes, 0);
            string back = ValueText.Of(read(ref reader));
            reader.End();
            Assert.Null(reader.Rejection);
            Assert.Equal(ValueText.Of(value), back);

            FrameReader cut = new(damage.Cut(bytes), 0);
            read(ref cut);
            Assert.NotNull(cut.Rejection);

            byte[] flipped = damage.Flip(bytes);
            FrameReader other = new(flipped, 0);
            T taken = read(ref other);
            other.End();
            if (other.Rejection is null)
            {
                FrameWriter again = new(64);
                write(again, taken);
                Assert.Equal(flipped, again.ToArray());
            }
        });
}
