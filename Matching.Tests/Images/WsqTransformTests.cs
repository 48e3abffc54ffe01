using MatchCluster.Matching.Images.Wsq;

namespace MatchCluster.Matching.Tests.Images;

public sealed class WsqTransformTests
{
    [Fact]
    public void Analysis_and_synthesis_give_the_picture_back()
    {
        foreach ((int width, int height) in ((int, int)[])[(100, 99), (131, 102), (300, 400)])
        {
            WsqSubbands subbands = WsqSubbands.Of(width, height);
            float[] pixels = [.. WsqPictures.Ridges(width, height).Pixels.ToArray().Select(pixel => pixel - 128f)];
            float[] plane = [.. pixels];
            WsqAnalysis.Run(plane, width, subbands);
            WsqSynthesis synthesis = new(width, height);
            plane.CopyTo(synthesis.Plane);
            synthesis.Run(
                subbands,
                WsqFilters.FromHalves([.. WsqAnalysis.LowHalf], [.. WsqAnalysis.HighHalf], 9, 7));
            float[] back = synthesis.Plane.ToArray();
            Assert.InRange(back.Zip(pixels, (one, other) => Math.Abs(one - other)).Max(), 0, 0.001f);
        }
    }

    [Theory]
    [InlineData(9, 7)]
    [InlineData(8, 8)]
    public void Wide_and_narrow_pictures_are_joined_as_one_sample_at_a_time_would(int highTaps, int lowTaps)
    {
        Random random = new(5);
        float[] lowHalf = [.. Enumerable.Range(0, (highTaps + 1) / 2).Select(_ => random.NextSingle() - 0.5f)];
        float[] highHalf = [.. Enumerable.Range(0, (lowTaps + 1) / 2).Select(_ => random.NextSingle() - 0.5f)];
        WsqFilters filters = WsqFilters.FromHalves(lowHalf, highHalf, highTaps, lowTaps);
        for (int width = WsqSubbands.ShortestSide; width < 180; width++)
        {
            int height = 197 - width;
            WsqSubbands subbands = WsqSubbands.Of(width, height);
            WsqSynthesis synthesis = new(width, height);
            foreach (ref float value in synthesis.Plane)
            {
                value = random.NextSingle() - 0.5f;
            }

            float[] expected = PlainWsqSynthesis.Run(synthesis.Plane, width, subbands, filters);
            synthesis.Run(subbands, filters);
            Assert.Equal(expected, synthesis.Plane.ToArray());
        }
    }
}
