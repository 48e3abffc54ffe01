using MatchCluster.Matching.Images.Wsq;

namespace MatchCluster.Matching.Tests.Images;

/// <summary>The plain twin of <see cref="WsqSynthesis"/>: one sample at a time, no vectors.</summary>
internal static class PlainWsqSynthesis
{
    public static float[] Run(ReadOnlySpan<float> coefficients, int width, WsqSubbands subbands, WsqFilters filters)
    {
        // Zeros before and after, for walks that leave a half of one sample.
        int margin = WsqLine.Reach * (width + 1);
        float[] plane = [.. new float[margin], .. coefficients, .. new float[margin]];
        float[] half = new float[plane.Length];
        foreach (WsqRegion region in subbands.Joins)
        {
            int at = margin + (region.Y * width) + region.X;
            WsqLine column = WsqLine.Of(region.Height, region.HighFirstY, filters);
            for (int x = 0; x < region.Width; x++)
            {
                Join(column, plane, at + x, half, margin + x, width);
            }

            WsqLine row = WsqLine.Of(region.Width, region.HighFirstX, filters);
            for (int y = 0; y < region.Height; y++)
            {
                Join(row, half, margin + (y * width), plane, at + (y * width), 1);
            }
        }

        return plane[margin..^margin];
    }

    private static void Join(WsqLine line, float[] from, int at, float[] to, int place, int stride)
    {
        for (int output = 0; output < line.Length; output++)
        {
            float sum = 0;
            ReadOnlySpan<int> sources = line.SourcesOf(output);
            for (int i = 0; i < sources.Length; i++)
            {
                float product = from[at + (sources[i] * stride)] * line.WeightsOf(output)[i];
                sum = i == 0 ? product : sum + product;
            }

            to[place + (output * stride)] = sum;
        }
    }
}
