using System.Globalization;
using System.Security.Cryptography;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Wsq;

namespace MatchCluster.Matching.Tests.Images;

/// <summary>Streams whose pixels are known bit by bit.</summary>
public sealed class WsqDecoderTests
{
    [SkippableFact]
    public void Every_stream_gives_the_very_pixels_that_are_known_for_it()
    {
        List<string> wrong = [];
        string[] lines = File.ReadAllLines(SharedData.Path("wsq", "decoded.tsv"));
        foreach (string[] row in lines.Skip(1).Select(line => line.Split('\t')))
        {
            byte[] stream = File.ReadAllBytes(SharedData.Path("wsq", row[0]));
            if (WsqDecoder.Decode(stream) is not { IsAccepted: true, Value: GrayImage image } decoded)
            {
                wrong.Add($"{row[0]}: {WsqDecoder.Decode(stream).Rejection}");
                continue;
            }

            Assert.Equal(int.Parse(row[1], CultureInfo.InvariantCulture), image.Width);
            Assert.Equal(int.Parse(row[2], CultureInfo.InvariantCulture), image.Height);
            if (Convert.ToHexStringLower(SHA256.HashData(image.Pixels.Span)) != row[3])
            {
                wrong.Add($"{row[0]}: other pixels; {string.Join("; ", image.Warnings)}");
            }
        }

        Assert.Empty(wrong);
        Assert.True(lines.Length > 30);
    }
}
