using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Matching.Audit;

namespace MatchCluster.Matching.Tests.Audit;

/// <summary>The canonical form against the examples of RFC 8785 and the layouts of ECMAScript's numbers.</summary>
public sealed class CanonicalJsonTests
{
    [Fact]
    public void The_example_of_the_standard_comes_out_as_the_standard_says()
    {
        const string Sample = """
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """;
        const string Wanted = """{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"""
            + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
        Assert.Equal(Wanted, Encoding.UTF8.GetString(CanonicalJson.Encode(JsonNode.Parse(Sample))));
    }

    [Fact]
    public void Members_are_in_the_order_of_utf_16_code_units()
    {
        // The example of RFC 8785, 3.2.3.
        JsonObject value = [];
        foreach (string name in new[] { "\u20ac", "\r", "\ufb33", "1", "\ud83d\ude00", "\u0080", "\u00f6" })
        {
            value[name] = 0;
        }

        Assert.Equal(
            "{\"\\r\":0,\"1\":0,\"\u0080\":0,\"\u00f6\":0,\"\u20ac\":0,\"\ud83d\ude00\":0,\"\ufb33\":0}",
            Encoding.UTF8.GetString(CanonicalJson.Encode(value)));
    }

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(1.0, "1")]
    [InlineData(-52.99, "-52.99")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e+308")]
    [InlineData(9007199254740992.0, "9007199254740992")]
    [InlineData(295147905179352830000.0, "295147905179352830000")]
    [InlineData(1e21, "1e+21")]
    [InlineData(999999999999999900000.0, "999999999999999900000")]
    [InlineData(9.999999999999997e22, "9.999999999999997e+22")]
    [InlineData(0.000001, "0.000001")]
    [InlineData(1e-7, "1e-7")]
    [InlineData(333333333.3333332, "333333333.3333332")]
    [InlineData(0.3, "0.3")]
    [InlineData(120.5, "120.5")]
    public void Numbers_are_written_as_ECMAScript_writes_them(double value, string wanted) =>
        Assert.Equal(wanted, CanonicalJson.Number(value));

    [Fact]
    public void Every_double_reads_back_as_itself()
    {
        Random random = new(8785);
        for (int i = 0; i < 20_000; i++)
        {
            double value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (double.IsFinite(value))
            {
                Assert.Equal(value, double.Parse(CanonicalJson.Number(value), CultureInfo.InvariantCulture));
            }
        }
    }

    [Fact]
    public void What_has_no_canonical_form_is_refused()
    {
        Assert.Equal("0", CanonicalJson.Number(-0.0));
        Assert.Throws<ArgumentException>(() => CanonicalJson.Encode(JsonValue.Create(double.NaN)));
        Assert.Throws<ArgumentException>(() => CanonicalJson.Encode(JsonValue.Create((1L << 53) + 1)));
        Assert.ThrowsAny<ArgumentException>(() => CanonicalJson.Encode(JsonValue.Create("\ud800")));
    }
}
