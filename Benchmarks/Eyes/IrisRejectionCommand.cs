using System.CommandLine;
using MatchCluster.Benchmarks.Calibration;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.IrisImages;
using MatchCluster.Matching.Model;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Eyes;

/// <summary>
/// What the quality of eyes is good for: what is missed where the pictures with the lowest values are turned away, by
/// the overall figure and by each measure.
/// </summary>
internal static class IrisRejectionCommand
{
    private static readonly double[] Rejected = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3];

    /// <summary>The rate at which each profile misses enough to be counted.</summary>
    private static readonly (string Name, IrisShape Shape, double Fmr)[] Profiles =
        [("D2048", IrisShape.D2048, 1e-4), ("W16384", IrisShape.W16384, 1e-5)];

    public static Command Create(IAnsiConsole console)
    {
        var input = new Option<DirectoryInfo>("--in")
        {
            Description = "Folder of pictures; what stands before the first underscore of a name is the eye.",
            Required = true,
        };
        var svg = new Option<FileInfo?>("--svg") { Description = "Draw the curves to this file." };
        var command = new Command(
            "iris-rejection", "Missed comparisons of eyes by the quality of their pictures.") { input, svg };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(input), parsed.GetValue(svg), console));
        return command;
    }

    private static int Run(DirectoryInfo input, FileInfo? svg, IAnsiConsole console)
    {
        if (LabelledEyes.Read(input, 4, picture => picture.Encoded.IsAccepted) is not { } read)
        {
            return RunCommand.Misused;
        }

        (EyePicture[] pictures, string[] names, int[] eyes) = read;

        Machine machine = Machine.Read();
        console.WriteLine($"{machine.Cpu}, {machine.Cores} cores, {machine.Level}, commit {machine.Commit}");
        List<RejectionLine> lines = [];
        foreach ((string name, IrisShape shape, double fmr) in Profiles)
        {
            IReadOnlyList<EyeComparison> all = EyeComparisons.All(
                [.. pictures.Select(p => shape == IrisShape.D2048 ? p.Encoded.Value!.Narrow : p.Encoded.Value!.Wide)]);
            EyeRejection rejection = new(all, eyes, fmr);
            console.WriteLine(
                $"{name}: {pictures.Length} pictures, {rejection.Mated} mated comparisons, {rejection.Missed} missed "
                + $"at FMR {fmr:0e+0}; each half of the eyes by the threshold of the other half");
            Table table = ClaimTable.New(
                ["value", "with a picture of the lowest tenth", .. Rejected.Select(r => $"without {r:P0}")]);
            foreach ((string measure, double[] values) in Values(pictures))
            {
                double[] curve = [.. Rejected.Select(share => rejection.FnmrWithout(values, share))];
                table.AddRow(
                    [measure, $"{rejection.ShareOfMissed(values, 0.1):P0}", .. curve.Select(rate => $"{rate:P2}")]);
                if (measure == Overall)
                {
                    lines.Add(new RejectionLine(
                        $"{name} at FMR {fmr:0e+0}", fmr,
                        [.. Enumerable.Range(0, 31).Select(i => rejection.FnmrWithout(values, i / 100.0))]));
                }
            }

            console.Write(table);
        }

        if (svg is not null)
        {
            svg.Directory?.Create();
            File.WriteAllText(svg.FullName, RejectionPlot.Draw(lines));
        }

        return 0;
    }

    private const string Overall = "overall";

    /// <summary>Each value of all pictures; a lower one is poorer.</summary>
    private static IEnumerable<(string Name, double[] Values)> Values(EyePicture[] pictures)
    {
        IrisImageQuality[] all = [.. pictures.Select(picture => picture.Encoded.Value!.Quality)];
        yield return (Overall, [.. all.Select(quality => (double)quality.Overall)]);
        for (int i = 0; i < all[0].Measures.Count; i++)
        {
            IrisMeasure[] found = [.. all.Select(quality => quality.Measures[i])];
            double sign = found[0].Least == 0 ? -1 : 1;
            yield return (found[0].Name, [.. found.Select(one => sign * one.Value)]);
        }
    }
}
