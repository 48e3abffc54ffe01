using System.Buffers.Binary;
using System.IO.Hashing;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Templates;

public sealed class MatchClusterIrisTests
{
    private const int Seed = 42;

    public static TheoryData<int, int, int, int> Shapes => new()
    {
        { 8, 128, 1, 2 },
        { 16, 256, 2, 2 },
        { 16, 200, 2, 2 },
        { 1, 64, 1, 1 },
        { 64, 256, 1, 1 },
        { 1, 512, 4, 2 },
        { 4, 8, 1, 2 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void What_is_written_is_read_back(int rows, int columns, int wavelets, int phases)
    {
        IrisShape shape = new(rows, columns, wavelets, phases);
        for (int i = 0; i < 20; i++)
        {
            IrisCode code = SyntheticRecords.Code(new Random(Seed + i), shape, sharedMask: i % 2 == 0);
            bool halved = phases == 2 && i % 2 == 0;

            byte[] template = IrisTemplates.EncodeMatchCluster(code);

            Assert.Equal(20 + (shape.Bits / 8) + (shape.Bits / 8 / (halved ? 2 : 1)), template.Length);
            Same.Codes(code, Same.Accepted(IrisTemplates.Decode(TemplateFormat.MatchClusterIris, template)));
        }
    }

    [Fact]
    public void Every_truncation_is_rejected()
    {
        byte[] template = IrisTemplates.EncodeMatchCluster(
            SyntheticRecords.Code(new Random(Seed), IrisShape.D2048, sharedMask: true));
        for (int length = 0; length < template.Length; length++)
        {
            Same.Rejected(IrisTemplates.Decode(TemplateFormat.MatchClusterIris, template.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Every_flipped_bit_is_rejected()
    {
        byte[] template = IrisTemplates.EncodeMatchCluster(
            SyntheticRecords.Code(new Random(Seed), IrisShape.D2048, sharedMask: false));
        for (int bit = 0; bit < 8 * template.Length; bit++)
        {
            template[bit / 8] ^= (byte)(1 << (bit % 8));
            Same.Rejected(IrisTemplates.Decode(TemplateFormat.MatchClusterIris, template));
            template[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData(0, 0x4e, "magic 4E434954")]
    [InlineData(4, 3, "version 3")]
    [InlineData(5, 3, "eye 3")]
    [InlineData(6, 2, "mask kind 2 with 2 phases")]
    [InlineData(7, 101, "quality 101")]
    [InlineData(8, 65, "shape 65x128x1x2")]
    [InlineData(9, 5, "shape 8x128x5x2")]
    [InlineData(10, 3, "shape 8x128x1x3")]
    [InlineData(12, 7, "shape 8x7x1x2")]
    [InlineData(11, 1, "reserved byte 1")]
    [InlineData(14, 1, "reserved byte 1")]
    [InlineData(15, 255, "reserved byte 255")]
    public void A_wrong_field_is_named_where_the_checksum_agrees(int at, byte value, string found)
    {
        byte[] template = IrisTemplates.EncodeMatchCluster(
            SyntheticRecords.Code(new Random(Seed), IrisShape.D2048, sharedMask: true));
        template[at] = value;
        BinaryPrimitives.WriteUInt32LittleEndian(template.AsSpan(^4..), Crc32.HashToUInt32(template.AsSpan(..^4)));

        Decoded<IrisCode> decoded = IrisTemplates.Decode(TemplateFormat.MatchClusterIris, template);

        Assert.Equal(found, Same.Rejected(decoded).Found);
    }

    [Fact]
    public void A_template_above_the_limit_or_of_another_modality_is_rejected()
    {
        Same.Rejected(IrisTemplates.Decode(
            TemplateFormat.MatchClusterIris, new byte[Limits.IrisTemplateBytes + 1]));
        Same.Rejected(IrisTemplates.Decode(TemplateFormat.Iso19794v2005, new byte[100]));
    }

    [Fact]
    public void A_code_that_is_not_what_it_says_is_refused_by_the_writer()
    {
        IrisCode code = SyntheticRecords.Code(new Random(Seed), IrisShape.D2048, sharedMask: true);

        Refused(code with { Mask = code.Mask[1..] }, "found 32 words of code and 31 of mask, wanted 32");
        Refused(code with { Position = BiometricPosition.OfFinger(1) }, "found position RIGHT_THUMB");
        Refused(code with { Quality = 101 }, "found quality 101");
        Refused(code with { Shape = new IrisShape(8, 128, 1, 3) }, "found shape 8x128x1x3");
    }

    private static void Refused(IrisCode code, string message)
    {
        Assert.Contains(
            message, Assert.Throws<ArgumentException>(() => IrisTemplates.EncodeMatchCluster(code)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => IrisTemplates.EncodeOpenIrisJson(code));
    }
}
