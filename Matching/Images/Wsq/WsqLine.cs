namespace MatchCluster.Matching.Images.Wsq;

/// <summary>
/// How each sample of a line of n follows from the line's two halves: for each output the sources, as offsets
/// along the line, and their weights, in the order in which they are added. The order decides the last bit of
/// a float sum, and so the pixels of a stream; it is the one that certified decoders have in common: low-pass
/// taps first, then high-pass taps.
/// </summary>
/// <remarks>
/// Plain formula: the halves are continued past their ends by reflection, each tap meets every second
/// position, and out[o] = sum of low[..] * lowFilter[o mod 2 + 2 i] + sum of high[..] * highFilter[..]. In
/// halves that are shorter than the filter the reflections repeat; a half of one sample cannot be reflected,
/// and its walk leaves the half: the sources then lie outside of it, as they do in those decoders. Callers
/// keep zeros round their planes for it (<see cref="Reach"/>).
/// </remarks>
internal sealed class WsqLine
{
    private readonly int[] starts;
    private readonly int[] sources;
    private readonly float[] weights;

    private WsqLine(List<(int Source, float Weight)>[] taps)
    {
        Length = taps.Length;
        starts = new int[taps.Length + 1];
        for (int i = 0; i < taps.Length; i++)
        {
            starts[i + 1] = starts[i] + taps[i].Count;
        }

        sources = [.. taps.SelectMany(each => each.Select(tap => tap.Source))];
        weights = [.. taps.SelectMany(each => each.Select(tap => tap.Weight))];
    }

    /// <summary>Samples of the line.</summary>
    public int Length { get; }

    /// <summary>Where the terms of an output lie, as offsets from the start of the line.</summary>
    public ReadOnlySpan<int> SourcesOf(int output) => sources.AsSpan(starts[output]..starts[output + 1]);

    public ReadOnlySpan<float> WeightsOf(int output) => weights.AsSpan(starts[output]..starts[output + 1]);

    /// <summary>Samples that a walk may leave the line by, on each side.</summary>
    public static int Reach => WsqFilters.MostTaps;

    /// <summary>Whether an output is that of two samples before it, moved on by one source.</summary>
    public bool Repeats(int output)
    {
        if (output < 2)
        {
            return false;
        }

        ReadOnlySpan<int> before = SourcesOf(output - 2);
        ReadOnlySpan<int> now = SourcesOf(output);
        if (before.Length != now.Length || !WeightsOf(output - 2).SequenceEqual(WeightsOf(output)))
        {
            return false;
        }

        for (int i = 0; i < now.Length; i++)
        {
            if (now[i] != before[i] + 1)
            {
                return false;
            }
        }

        return true;
    }

    /// <param name="length">Samples, at least 2.</param>
    /// <param name="highFirst">The high-pass half lies first.</param>
    /// <param name="filters">The synthesis filters.</param>
    public static WsqLine Of(int length, bool highFirst, WsqFilters filters)
    {
        List<(int Source, float Weight)>[] taps = new List<(int, float)>[length];
        for (int i = 0; i < length; i++)
        {
            taps[i] = [];
        }

        new WsqLineWalk(length, highFirst, filters, taps).Run();
        return new WsqLine(taps);
    }
}
