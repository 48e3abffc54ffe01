using MatchCluster.Matching.Frames;
using MatchCluster.Matching.Model;

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
