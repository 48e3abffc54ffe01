using System.Text;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Templates;

public sealed class OpenIrisJsonTests
{
    private const int Seed = 17;

    private static readonly string Zeros1600 = Convert.ToBase64String(new byte[1600]);

    public static TheoryData<int> Columns => [200, 256];

    [Theory]
    [MemberData(nameof(Columns))]
    public void What_is_written_is_read_back_without_eye_and_quality(int columns)
    {
        IrisShape shape = new(16, columns, 2, 2);
        IrisCode code = SyntheticRecords.Code(new Random(Seed), shape, sharedMask: false);

        IrisCode read = Decoded(Encoding.UTF8.GetString(IrisTemplates.EncodeOpenIrisJson(code)));

        Same.Codes(code with { Position = BiometricPosition.UnknownEye, Quality = null }, read);
    }

    /// <summary>
    /// Bit by bit as numpy packs an array of shape (16, columns, 2, 2): C order, high bits first.
    /// </summary>
    [Theory]
    [MemberData(nameof(Columns))]
    public void Every_bit_goes_where_the_canonical_order_says(int columns)
    {
        byte[] packed = new byte[16 * columns * 4 / 8];
        new Random(Seed).NextBytes(packed);

        IrisCode code = Decoded(Template(Convert.ToBase64String(packed), Convert.ToBase64String(packed)));

        int i = 0;
        for (int row = 0; row < 16; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                for (int cell = 0; cell < 4; cell++, i++)
                {
                    int bit = (((column * 16) + row) * 4) + cell;
                    int expected = (packed[i / 8] >> (7 - (i % 8))) & 1;
                    Assert.Equal((ulong)expected, (code.Code.Span[bit / 64] >> (bit % 64)) & 1);
                }
            }
        }

        Assert.True(code.Code.Span.SequenceEqual(code.Mask.Span));
    }

    [Theory]
    [InlineData("\"left\"", 2)]
    [InlineData("\"right\"", 1)]
    [InlineData("null", 0)]
    public void The_output_of_a_pipeline_names_the_eye(string side, int eye)
    {
        string output = $$"""
            {"error": null, "iris_template": {{Template(Zeros1600, Zeros1600)}},
             "metadata": {"image_size": [1440, 1080], "eye_side": {{side}},
                          "eye_centers": {"pupil_center": [1, 2] } } }
            """;

        Assert.Equal(BiometricPosition.OfEye(eye), Decoded(output).Position);
    }

    [Fact]
    public void Further_properties_and_escaped_base64_are_read()
    {
        string escaped = Zeros1600.Replace("A", "\\u0041", StringComparison.Ordinal)[..6] + Zeros1600[1..];
        string json = $$"""{"image_id": "x", "iris_codes": "{{escaped}}", "mask_codes": "{{Zeros1600}}"}""";

        Assert.Equal(IrisShape.OpenIris12800, Decoded(json).Shape);
    }

    [Theory]
    [InlineData("", "malformed JSON")]
    [InlineData("{", "malformed JSON")]
    [InlineData("[]", "JSON a list")]
    [InlineData("7", "JSON a number")]
    [InlineData("{}", "no iris_codes")]
    [InlineData("{} {}", "malformed JSON")]
    [InlineData("{\"iris_codes\": \"\", \"iris_codes\": \"\"}", "malformed JSON")]
    [InlineData("{\"iris_codes\": [\"AAAA\", \"AAAA\"]}", "iris_codes a list")]
    [InlineData("{\"iris_codes\": \"A_==\"}", "iris_codes that is not base64")]
    [InlineData("{\"iris_codes\": \"AAAA\"}", "no mask_codes")]
    [InlineData("{\"iris_codes\": \"AAAA\", \"mask_codes\": null}", "mask_codes null")]
    [InlineData("{\"iris_codes\": \"AAAA\", \"mask_codes\": \"AAAA\"}", "3 bytes of iris_codes")]
    [InlineData("{\"iris_codes\": \"\\ud800\", \"mask_codes\": \"AAAA\"}", "text that is not Unicode")]
    [InlineData("{\"iris_template\": null}", "iris_template null")]
    [InlineData(
        "{\"iris_template\": {}, \"metadata\": {\"eye_side\": \"up\"}}", "another eye_side (a string)")]
    public void What_is_wrong_is_named(string json, string found) =>
        Assert.Equal(found, Same.Rejected(Decode(json)).Found);

    [Fact]
    public void A_mask_of_another_length_is_named_with_both()
    {
        string longer = Convert.ToBase64String(new byte[2048]);

        Rejection rejection = Same.Rejected(Decode(Template(Zeros1600, longer)));

        Assert.Equal(
            "found 2048 bytes of mask_codes, wanted 1600, as many as of iris_codes", rejection.ToString());
    }

    [Fact]
    public void Malformed_JSON_is_pointed_at()
    {
        Assert.Equal(19, Same.Rejected(Decode("{\n \"iris_codes\":\n  x}")).Offset);
        Assert.Equal(0, Same.Rejected(Decode("\u0001")).Offset);
    }

    [Fact]
    public void Nesting_and_bytes_that_are_no_text_do_not_throw()
    {
        Same.Rejected(Decode(new string('[', 5000)));
        Same.Rejected(Decode(string.Concat(Enumerable.Repeat("{\"a\":", 20)) + "1" + new string('}', 20)));
        byte[] broken = Encoding.UTF8.GetBytes(Template(Zeros1600, Zeros1600));
        broken[20] = 0xff;
        Same.Rejected(IrisTemplates.Decode(TemplateFormat.OpenIrisJson, broken));
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void Every_truncation_is_rejected(int columns)
    {
        IrisShape shape = new(16, columns, 2, 2);
        IrisCode code = SyntheticRecords.Code(new Random(Seed), shape, sharedMask: false);
        byte[] json = IrisTemplates.EncodeOpenIrisJson(code);
        for (int length = 0; length < json.Length; length++)
        {
            Same.Rejected(IrisTemplates.Decode(TemplateFormat.OpenIrisJson, json.AsSpan(0, length)));
        }
    }

    [Fact]
    public void A_shape_that_open_iris_does_not_have_is_refused()
    {
        IrisCode code = SyntheticRecords.Code(new Random(Seed), IrisShape.D2048, sharedMask: true);

        ArgumentException refused =
            Assert.Throws<ArgumentException>(() => IrisTemplates.EncodeOpenIrisJson(code));

        Assert.Contains("found shape 8x128x1x2, wanted 16x200x2x2 or 16x256x2x2", refused.Message,
            StringComparison.Ordinal);
    }

    private static string Template(string codes, string masks) =>
        $$"""{"iris_codes": "{{codes}}", "mask_codes": "{{masks}}", "iris_code_version": "v2.1"}""";

    private static Decoded<IrisCode> Decode(string json) =>
        IrisTemplates.Decode(TemplateFormat.OpenIrisJson, Encoding.UTF8.GetBytes(json));

    private static IrisCode Decoded(string json) => Same.Accepted(Decode(json));
}
