using MatchCluster.Matching.Frames;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Tests.Frames;

public sealed class FrameTests
{
    public static TheoryData<string> Names => [.. SomeFrames.All.Keys];

    /// <summary>Frozen: two versions of the engine may stand on the two ends.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Every_version_is_frozen(string name)
    {
        string golden = File.ReadAllText(Path.Combine(
            AppContext.BaseDirectory, "Frames", "Golden", $"{name}-v{SomeFrames.All[name][4]}.hex"));
        Assert.Equal(golden.Trim(), Convert.ToHexString(SomeFrames.All[name]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_decoded_encodes_to_the_same_bytes(string name) =>
        Assert.Equal(SomeFrames.All[name], SomeFrames.Again(name, SomeFrames.All[name]));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_shorter_and_every_longer_frame_is_rejected(string name)
    {
        byte[] frame = SomeFrames.All[name];
        for (int length = 0; length < frame.Length; length++)
        {
            AssertRejected(name, frame[..length]);
            // The cut frame with a header that tells the truth about its length.
            AssertRejected(name, Resealed(frame[..length]));
        }

        AssertRejected(name, [.. frame, 0]);
        AssertRejected(name, Resealed([.. frame, 0]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Another_kind_or_version_is_rejected(string name)
    {
        byte[] kind = [.. SomeFrames.All[name]];
        kind[3] ^= 0x40;
        byte[] version = [.. SomeFrames.All[name]];
        version[4] = 9;
        Assert.Contains("a frame of kind", SomeFrames.Decode(name, kind)!.Wanted);
        Assert.Equal("frame version 9", SomeFrames.Decode(name, version)!.Found);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Damaged_frames_never_throw(string name)
    {
        const int Seed = 977;
        Random dice = new(Seed);
        byte[] frame = SomeFrames.All[name];
        for (int round = 0; round < 4000; round++)
        {
            byte[] damaged = [.. frame];
            for (int i = dice.Next(1, 4); i > 0; i--)
            {
                damaged[dice.Next(FrameHeader.Bytes, damaged.Length)] = (byte)dice.Next(256);
            }

            Exception? thrown = Record.Exception(() => SomeFrames.Decode(name, damaged));
            Assert.True(thrown is null, $"seed {Seed}, round {round}: {Convert.ToHexString(damaged)}: {thrown}");
        }
    }

    /// <summary>The sentence of a failure is the system's at times, and a store's messages hold paths.</summary>
    [Theory]
    [InlineData(1023, "\U0001F600", 1023)]
    [InlineData(1020, "\U0001F600", 1022)]
    [InlineData(255, "\U0001F600", 257)]
    [InlineData(0, null, 1)]
    [InlineData(4000, "", 1024)]
    public void A_reason_is_cut_between_characters(int before, string? then, int kept)
    {
        string reason = then is null ? "\uD83D" : new string('a', before) + then;
        WriteAck ack = WriteAckFrame.Decode(WriteAckFrame.Encode(
            new WriteAck([new WriteResult(Outage: new Outage(reason, MayRetry: true))]))).Value!;
        string back = ack.Results[0].Outage!.Reason;
        Assert.Equal(then is null ? "\uFFFD" : reason[..kept], back);
    }

    /// <summary>An older version stored names that are refused today, and they come in answers still.</summary>
    [Fact]
    public void Two_galleries_are_not_one_whose_name_looks_like_both()
    {
        HitDetail detail = new()
        {
            EncounterId = "E",
            ProbePosition = BiometricPosition.LeftEye,
            GalleryPosition = BiometricPosition.LeftEye,
            Score = 1,
            Raw = 1,
        };
        string[][] galleries = [["A", "B"], ["A\0B"], ["1:A"], ["A\0", "B"]];
        PartitionAnswer answer = new()
        {
            Partition = default,
            Outcome = PartitionOutcome.Complete,
            IdentitiesHeld = 1,
            Results =
            [
                new SearchHits(
                    true, true, [new Hit("P", 1, [.. galleries.Select(names => detail with { Galleries = names })])]),
            ],
        };
        PartitionAnswer back = PartitionAnswerFrame.Decode(PartitionAnswerFrame.Encode(answer)).Value!;
        Assert.Equal(galleries, back.Results[0].Hits[0].Details.Select(each => each.Galleries));
    }

    private static void AssertRejected(string name, byte[] frame)
    {
        Rejection? rejection = SomeFrames.Decode(name, frame);
        Assert.NotNull(rejection);
        Assert.NotEmpty(rejection.Found);
        Assert.NotEmpty(rejection.Wanted);
    }

    private static byte[] Resealed(byte[] frame)
    {
        if (frame.Length >= FrameHeader.Bytes)
        {
            BitConverter.TryWriteBytes(frame.AsSpan(8), frame.Length - FrameHeader.Bytes);
        }

        return frame;
    }
}
