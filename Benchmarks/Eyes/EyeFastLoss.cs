using MatchCluster.Benchmarks.Calibration;
using MatchCluster.Benchmarks.Cases;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Eyes;

/// <summary>
/// What a fast search would lose of the mated pairs of a folder: within some raw distances, those that its
/// sample of the narrow code does not let through; and those whose narrow code is too far while the wide one
/// is near enough.
/// </summary>
internal static class EyeFastLoss
{
    /// <summary>The score below which a fast search does not look at the wide code of an eye.</summary>
    private const double NarrowScore = 20;

    private static readonly double[] Distances = [0.32, 0.345, 0.36];

    /// <param name="codes">The D2048 code of each picture.</param>
    /// <param name="eyes">The eye of each picture.</param>
    /// <param name="console">Where it is written.</param>
    public static void Write(IrisCode?[] codes, int[] eyes, IAnsiConsole console)
    {
        Table table = ClaimTable.New("raw distance up to", "mated pairs", "lost by the sample", "passed it of all");
        foreach (double distance in Distances)
        {
            (int mated, int lost, long passed, long all) = Count(codes, eyes, distance);
            table.AddRow(
                distance.ToString("0.000"), mated.ToString("#,0"),
                Markup.Escape(new Proportion(lost, mated).ToString()), $"{100.0 * passed / all:0.00} %");
        }

        console.Write(table);
    }

    /// <summary>How many mated pairs a fast search leaves to a narrow code that hides them.</summary>
    public static void WriteNarrow(
        IReadOnlyList<EyeComparison> narrow, IReadOnlyList<EyeComparison> wide, int[] eyes, IAnsiConsole console)
    {
        foreach (double score in (double[])[40, 50, 60])
        {
            var pairs = narrow.Zip(wide).Where(pair => eyes[pair.First.One] == eyes[pair.First.Other]
                && pair.Second.Score >= score).ToArray();
            Proportion hidden = new(pairs.Count(pair => pair.First.Score < NarrowScore), pairs.Length);
            console.WriteLine(
                $"mated pairs whose wide codes reach {score} and whose narrow codes stay below {NarrowScore}: {hidden} "
                + $"({hidden.Count} of {hidden.Of})");
        }
    }

    private static (int Mated, int Lost, long Passed, long All) Count(IrisCode?[] codes, int[] eyes, double distance)
    {
        IrisShape shape = IrisShape.D2048;
        int stride = IrisRow.MostBytesOf(shape);
        (int mated, int lost, long passed, long all) = (0, 0, 0, 0);
        int[] present = [.. Enumerable.Range(0, codes.Length).Where(i => codes[i] is not null)];
        foreach (int[] gallery in present.Chunk(IrisBlock.Lanes))
        {
            byte[] rows = new byte[IrisBlock.Lanes * stride];
            IrisBlock block = new(shape, sharedMask: true);
            for (int lane = 0; lane < gallery.Length; lane++)
            {
                IrisCode code = codes[gallery[lane]]!;
                block.Write(lane, code.Code.Span, code.Mask.Span);
                IrisRow.Write(code, rows.AsSpan(lane * stride, stride));
            }

            foreach (int[] portion in present.Chunk(BlockPass.MostProbes))
            {
                IrisProbe[] probes = [.. portion.Select(i => new IrisProbe(codes[i]!))];
                IrisSampler sampler = new(
                    probes, probe => IrisBound.AtDistance(shape, probe.ValidBits, distance), BitCountings.WidestLanes);
                ulong[] found = sampler.Run(block, null, new IrisGallery.Rows(rows, stride));
                passed += sampler.Passed;
                all += (long)portion.Length * gallery.Length;
                for (int p = 0; p < portion.Length; p++)
                {
                    for (int lane = 0; lane < gallery.Length; lane++)
                    {
                        if (eyes[gallery[lane]] == eyes[portion[p]] && gallery[lane] < portion[p]
                            && IrisScorer.TryCompare(
                                probes[p], rows.AsSpan(lane * stride, stride), out IrisComparison exact)
                            && exact.Distance <= distance)
                        {
                            mated++;
                            ulong word = found[(p * BlockPass.Words) + (lane / 64)];
                            lost += (word >> (lane % 64) & 1) == 0 ? 1 : 0;
                        }
                    }
                }
            }
        }

        return (mated, lost, passed, all);
    }
}
