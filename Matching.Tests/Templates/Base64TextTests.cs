using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Templates;

public sealed class Base64TextTests
{
    [Fact]
    public void Both_alphabets_are_read_with_and_without_padding()
    {
        Random random = new(18);
        for (int length = 0; length <= 80; length++)
        {
            byte[] bytes = new byte[length];
            random.NextBytes(bytes);
            string plain = Convert.ToBase64String(bytes);
            string url = plain.Replace('+', '-').Replace('/', '_');
            foreach (string text in (string[])[plain, url, plain.TrimEnd('='), url.TrimEnd('=')])
            {
                Assert.Equal(bytes, Base64Text.Decode(text));
            }
        }
    }

    /// <summary>As base64's own tool and mail programs wrap it.</summary>
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Wrapped_lines_of_either_alphabet_are_read(string end)
    {
        for (int length = 0; length <= 300; length++)
        {
            byte[] bytes = new byte[length];
            Array.Fill(bytes, (byte)0xFB);
            foreach (string text in (string[])[
                Convert.ToBase64String(bytes), Convert.ToBase64String(bytes).TrimEnd('='),
                Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_')])
            {
                string wrapped = string.Concat(text.Chunk(76).Select(line => new string(line) + end));
                Assert.Equal(bytes, Base64Text.Decode(wrapped));
            }
        }
    }

    [Theory]
    [InlineData("A")]
    [InlineData("AAAAA")]
    [InlineData("AA+_")]
    [InlineData("AA/-")]
    [InlineData("A*==")]
    [InlineData("/A=A")]
    public void What_is_neither_is_not_read(string text) => Assert.Null(Base64Text.Decode(text));

    [Fact]
    public void Hexadecimal_digits_are_recognised_in_what_base64_made_of_them()
    {
        string hex = Convert.ToHexString(RawRecords.Iso2005());
        Assert.True(Base64Text.WasHex(Base64Text.Decode(hex[..(hex.Length / 4 * 4)])));
        Assert.True(Base64Text.WasHex(Convert.FromBase64String(hex.ToLowerInvariant()[..^2][..40])));
        Assert.True(Base64Text.IsHex(hex));
        Assert.False(Base64Text.WasHex(RawRecords.Iso2005()));
        Assert.False(Base64Text.WasHex([]));
    }
}
