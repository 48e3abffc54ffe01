using System.Text;
using CsCheck;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Properties;

/// <summary>What a template was written from comes back, and damage never throws.</summary>
public sealed class TemplatePropertyTests
{
    [Theory]
    [InlineData(TemplateFormat.Iso19794v2005)]
    [InlineData(TemplateFormat.Iso19794v2011)]
    [InlineData(TemplateFormat.Ansi378v2004)]
    [InlineData(TemplateFormat.Ansi378v2009)]
    public void Views_of_fingers_come_back(TemplateFormat format) => Property.Holds(
        Gen.Select(SomeTemplates.Views(format), Some.Damage), 80, one =>
        {
            (List<FingerView> views, Damage damage) = one;
            byte[] record = FingerRecords.Encode(format, views);
            Decoded<FingerRecord> back = FingerRecords.Decode(format, record);
            Assert.True(back.IsAccepted, back.Rejection?.ToString());
            Assert.Equal(format, back.Value.Format);
            Assert.Equal(ValueText.Of(views), ValueText.Of(back.Value.Views));
            Assert.Equal(record, FingerRecords.Encode(format, back.Value.Views));

            FingerRecords.Decode(format, damage.Cut(record));
            Decoded<FingerRecord> other = FingerRecords.Decode(format, damage.Flip(record));
            if (other.IsAccepted)
            {
                byte[] again = FingerRecords.Encode(format, other.Value.Views);
                Assert.Equal(
                    ValueText.Of(other.Value.Views), ValueText.Of(FingerRecords.Decode(format, again).Value?.Views));
            }
        });

    /// <summary>Its CRC-32 finds every single byte.</summary>
    [Fact]
    public void An_iris_code_comes_back_and_not_when_it_is_damaged() => Property.Holds(
        Gen.Select(SomeTemplates.Iris, Some.Damage), 250, one =>
        {
            (IrisCode code, Damage damage) = one;
            byte[] template = MatchClusterIris.Encode(code);
            Decoded<IrisCode> back = MatchClusterIris.Decode(template);
            Assert.True(back.IsAccepted, back.Rejection?.ToString());
            Assert.Equal(ValueText.Of(code), ValueText.Of(back.Value));
            Assert.Equal(template, MatchClusterIris.Encode(back.Value));
            Assert.False(MatchClusterIris.Decode(damage.Flip(template)).IsAccepted);
            Assert.False(MatchClusterIris.Decode(damage.Cut(template)).IsAccepted);
        });

    [Fact]
    public void An_iris_code_of_open_iris_comes_back() => Property.Holds(
        Gen.Select(SomeTemplates.OpenIris, Some.Damage), 40, one =>
        {
            (IrisCode code, Damage damage) = one;
            byte[] template = OpenIrisJson.Encode(code);
            Decoded<IrisCode> back = OpenIrisJson.Decode(template, out int nonFinite, out int times);
            Assert.True(back.IsAccepted, back.Rejection?.ToString());
            Assert.Equal((-1, 0), (nonFinite, times));
            Assert.Equal(ValueText.Of(code), ValueText.Of(back.Value));
            Assert.Equal(template, OpenIrisJson.Encode(back.Value));
            Assert.False(OpenIrisJson.Decode(damage.Cut(template), out _, out _).IsAccepted);
            if (OpenIrisJson.Decode(damage.Flip(template), out _, out _) is { IsAccepted: true } other)
            {
                byte[] again = OpenIrisJson.Encode(other.Value);
                Assert.Equal(
                    ValueText.Of(other.Value), ValueText.Of(OpenIrisJson.Decode(again, out _, out _).Value));
            }
        });

    /// <summary>Either alphabet, with padding or without, in one line or in lines as mail and PEM have them.</summary>
    [Fact]
    public void Base64_comes_back_in_every_dress() => Property.Holds(
        from bytes in Some.Bytes(0, 3000, 200)
        from url in Gen.Bool
        from padded in Gen.Bool
        from line in Some.One(0, 64, 76)
        from end in Some.One("\n", "\r\n")
        from damage in Some.Damage
        select (bytes, url, padded, line, end, damage),
        400, one =>
        {
            string text = Convert.ToBase64String(one.bytes);
            text = one.url ? text.Replace('+', '-').Replace('/', '_') : text;
            text = one.padded ? text : text.TrimEnd('=');
            text = one.line == 0 ? text
                : string.Concat(text.Chunk(one.line).Select(letters => new string(letters) + one.end));
            Assert.Equal(one.bytes, Base64Text.Decode(text));
            if (text.Length > 0)
            {
                Base64Text.Decode(Encoding.Latin1.GetString(one.damage.Flip(Encoding.Latin1.GetBytes(text))));
                Base64Text.Decode(Encoding.Latin1.GetString(one.damage.Cut(Encoding.Latin1.GetBytes(text))));
            }
        });
}
