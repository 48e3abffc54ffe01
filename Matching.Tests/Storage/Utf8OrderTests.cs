using System.Text;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Storage;

public sealed class Utf8OrderTests
{
    [Fact]
    public void Astral_characters_come_last_although_utf_16_puts_surrogates_before_U_E000()
    {
        string[] sorted = ["\U0001F600", "\uFFFD", "\uE000", "\uD7FF", "a", "", "\U00010000"];
        Array.Sort(sorted, Utf8Order.Instance);

        Assert.Equal(["", "a", "\uD7FF", "\uE000", "\uFFFD", "\U00010000", "\U0001F600"], sorted);
        Assert.True(string.CompareOrdinal("\U00010000", "\uE000") < 0);
    }

    [Fact]
    public void The_order_is_that_of_the_utf_8_bytes()
    {
        const int Seed = 11;
        Random random = new(Seed);
        for (int i = 0; i < 20_000; i++)
        {
            string x = SomeEncounters.Text(random, 0, 4);
            string y = SomeEncounters.Text(random, 0, 4);
            int bytes = Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y));
            Assert.True(
                Math.Sign(bytes) == Math.Sign(Utf8Order.Instance.Compare(x, y)),
                $"seed {Seed}: '{x}' and '{y}'");
        }
    }

    [Fact]
    public void Null_comes_first()
    {
        Assert.True(Utf8Order.Instance.Compare(null, "") < 0);
        Assert.True(Utf8Order.Instance.Compare("", null) > 0);
        Assert.Equal(0, Utf8Order.Instance.Compare(null, null));
    }
}
