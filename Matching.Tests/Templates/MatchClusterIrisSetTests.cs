using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Templates;

/// <summary>Version 2 of our iris template: an encoder's name and several codes of one eye.</summary>
public sealed class MatchClusterIrisSetTests
{
    private const int Seed = 43;
    private const int NameOffset = 12;

    [Fact]
    public void Every_truncation_and_every_flipped_bit_is_rejected()
    {
        byte[] template = Template();
        for (int length = 0; length < template.Length; length++)
        {
            Assert.NotNull(Decode(template[..length]).Rejection);
        }

        for (int bit = 0; bit < 8 * template.Length; bit++)
        {
            template[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotNull(Decode(template).Rejection);
            template[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData("matchcluster-iris", 1, IrisEncoderId.MatchCluster1)]
    [InlineData("matchcluster-iris", 2, IrisEncoderId.Unknown)]
    [InlineData("somebody-else", 1, IrisEncoderId.Unknown)]
    [InlineData("", 0, IrisEncoderId.Unknown)]
    public void Only_a_known_encoder_of_a_known_version_has_a_calibration(
        string name, int version, IrisEncoderId expected)
    {
        byte[] template = Template();
        BinaryPrimitives.WriteUInt16LittleEndian(template.AsSpan(8), (ushort)version);
        template.AsSpan(NameOffset, 20).Clear();
        Encoding.ASCII.GetBytes(name, template.AsSpan(NameOffset));
        Reseal(template);

        IrisCodes codes = Decode(template).Value!;
        Assert.All(codes.Codes, code => Assert.Equal(expected, code.Encoder));
    }

    [Theory]
    [InlineData(5, 3, "eye 3")]
    [InlineData(5, 1, "another eye")]
    [InlineData(6, 0, "0 codes")]
    [InlineData(6, 5, "5 codes")]
    [InlineData(6, 1, "bytes after the last code")]
    [InlineData(6, 3, "code 3 of 3")]
    [InlineData(7, 40, "another eye or quality")]
    [InlineData(10, 1, "reserved")]
    [InlineData(NameOffset, 7, "printable ASCII")]
    public void Whatever_its_header_says_wrongly_is_named(int offset, byte value, string found)
    {
        byte[] template = Template();
        template[offset] = value;
        Reseal(template);
        Assert.Contains(found, Decode(template).Rejection!.Found);
    }

    [Fact]
    public void A_sample_of_it_becomes_a_row_for_each_code_and_open_iris_gets_the_wide_one()
    {
        ModalityRules rules = ModalityTable.Of(Modality.Iris);
        DecodedSample sample = rules.Decode(TemplateFormat.MatchClusterIris, Template()).Value!;
        Assert.Equal([IrisShape.D2048, IrisShape.W16384], sample.Irises.Select(code => code.Shape));

        byte[] json = rules.Encode(TemplateFormat.OpenIrisJson, sample, BiometricPosition.LeftEye);
        Assert.Equal(
            IrisShape.W16384, Same.Accepted(IrisTemplates.Decode(TemplateFormat.OpenIrisJson, json)).Shape);
        byte[] again = rules.Encode(TemplateFormat.MatchClusterIris, sample, sample.Irises[0].Position);
        Assert.Equal(Template(), again);
    }

    private static Decoded<IrisCodes> Decode(byte[] template) =>
        IrisTemplates.Decode(TemplateFormat.MatchClusterIris, template, out _);

    private static byte[] Template()
    {
        IrisCode narrow = SyntheticRecords.Code(new Random(Seed), IrisShape.D2048, sharedMask: true);
        IrisCode wide = SyntheticRecords.Code(new Random(Seed + 1), IrisShape.W16384, sharedMask: true);
        return IrisTemplates.Encode(TemplateFormat.MatchClusterIris,
            [.. new[] { narrow, wide }.Select(code => code with
            {
                Position = BiometricPosition.LeftEye, Quality = 71, Encoder = IrisEncoderId.MatchCluster1,
            })]);
    }

    private static void Reseal(byte[] template) => BinaryPrimitives.WriteUInt32LittleEndian(
        template.AsSpan(template.Length - 4), Crc32.HashToUInt32(template.AsSpan(..^4)));
}
