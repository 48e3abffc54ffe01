using MatchCluster.Benchmarks.Calibration;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.IrisImages;
using MatchCluster.Matching.Model;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Eyes;

/// <summary>
/// How long the steps of the encoder take: thread CPU time, the best of three runs of each picture.
/// </summary>
internal static class EyeSteps
{
    /// <summary>Pictures that are timed; more say nothing more.</summary>
    private const int MostPictures = 200;
    private const int Runs = 3;

    private static readonly string[] Names =
        ["reflections, levels", "pupil, outer border, lids", "unrolling, mask", "quality, codes", "whole"];

    public static void Write(IReadOnlyList<EyePicture> pictures, IAnsiConsole console)
    {
        List<double>[] times = [.. Names.Select(_ => new List<double>())];
        foreach (EyePicture picture in pictures
            .Where(p => p.Encoded.IsAccepted && p.Image is not null).Take(MostPictures))
        {
            double[] best = [.. Names.Select(_ => double.PositiveInfinity)];
            for (int run = 0; run < Runs; run++)
            {
                double[] took = Once(picture.Image!);
                for (int i = 0; i < best.Length; i++)
                {
                    best[i] = Math.Min(best[i], took[i]);
                }
            }

            for (int i = 0; i < best.Length; i++)
            {
                times[i].Add(1000 * best[i]);
            }
        }

        if (times[0].Count == 0)
        {
            return;
        }

        console.WriteLine(
            $"Milliseconds ({ThreadClock.Name}) of {times[0].Count} pictures, best of {Runs} runs each:");
        Table table = ClaimTable.New("step", "median", "9 of 10 below", "most");
        for (int i = 0; i < Names.Length; i++)
        {
            times[i].Sort();
            table.AddRow(
                Names[i], times[i][times[i].Count / 2].ToString("0.00"),
                times[i][times[i].Count * 9 / 10].ToString("0.00"), times[i][^1].ToString("0.00"));
        }

        console.Write(table);
    }

    private static double[] Once(GrayImage image)
    {
        double start = ThreadClock.Seconds();
        EyeLevels levels = new(new GrayPlane(image.Width, image.Height, Contrast.Stretched(image.Pixels.Span), 0));
        double levelled = ThreadClock.Seconds();
        EyeSegmentation? eye = EyeSegmenter.Find(levels).Value;
        double segmented = ThreadClock.Seconds();
        if (eye is null)
        {
            return [0, 0, 0, 0, 0];
        }

        PolarIris.Read(levels, eye);
        double unrolled = ThreadClock.Seconds();
        IrisEncoder.Encode(image, BiometricPosition.UnknownEye);
        double whole = ThreadClock.Seconds() - unrolled;
        return
        [
            levelled - start, segmented - levelled, unrolled - segmented, Math.Max(0, whole - (unrolled - start)),
            whole,
        ];
    }
}
