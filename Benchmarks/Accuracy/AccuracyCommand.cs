using System.CommandLine;
using MatchCluster.Benchmarks.Extraction;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Model;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Accuracy;

/// <summary>Error rates of the fingerprint scorer on a folder of FVC-like sets.</summary>
internal static class AccuracyCommand
{
    public static Command Create(IAnsiConsole console)
    {
        var fingers = new Option<DirectoryInfo>("--fingers")
        {
            Description =
                "Folder of sets, each a folder of minutiae records F_I.iso (finger F, impression I); or one such set. "
                + "With --images, of pictures F_I.tif, .png, .bmp, .wsq ...",
            Required = true,
        };
        var json = new Option<FileInfo?>("--json") { Description = "Also write the result to this file." };
        var svg = new Option<FileInfo?>("--svg") { Description = "Also draw the DET curves to this file." };
        var thin = new Option<double>("--thin")
        {
            Description = "Drop this share of every record's minutiae at random (seeded), 0 to 0.9.",
        };
        thin.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 0.9))
            {
                result.AddError("--thin: wanted 0 to 0.9");
            }
        });
        var stretch = new Option<double>("--stretch")
        {
            Description = "Pull every record's minutiae about by up to so many pixels (seeded), 0 to 50.",
        };
        stretch.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 50))
            {
                result.AddError("--stretch: wanted 0 to 50");
            }
        });
        var images = new Option<bool>("--images")
        {
            Description = "Extract the minutiae from the sets' pictures instead of reading records.",
        };
        Option<string[]> ppi = ExtractCommand.PpiOption();
        var spurious = new Option<double>("--spurious")
        {
            Description = "Add so many false minutiae of low quality for each that is there (seeded), 0 to 2.",
        };
        spurious.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 2))
            {
                result.AddError("--spurious: wanted 0 to 2");
            }
        });
        var noQuality = new Option<bool>("--no-quality") { Description = "Read no record's qualities." };
        var noRidges = new Option<bool>("--no-ridges")
        {
            Description = "Read no record's ridge detail, which templates made of pictures carry.",
        };
        var command = new Command("accuracy", "Error rates of the fingerprint scorer by the FVC protocol.")
        {
            fingers, images, ppi, json, svg, thin, stretch, spurious, noQuality, noRidges,
        };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetRequiredValue(fingers),
            parsed.GetValue(images) ? parsed.GetValue(ppi) ?? [] : null,
            parsed.GetValue(json),
            parsed.GetValue(svg),
            (view, i) => Changed(
                parsed.GetValue(noRidges) ? view with { Ridges = null } : view, i,
                parsed.GetValue(thin), parsed.GetValue(stretch), parsed.GetValue(spurious),
                parsed.GetValue(noQuality)),
            console));
        return command;
    }

    private static async Task<int> RunAsync(
        DirectoryInfo folder, string[]? picturesPpi, FileInfo? json, FileInfo? svg,
        Func<FingerView, int, FingerView> change, IAnsiConsole console)
    {
        List<SetResult> results = [];
        try
        {
            StatedPpi? ppi = picturesPpi is null ? null : new StatedPpi(picturesPpi);
            IReadOnlyList<IReadOnlyList<FvcImpression>> sets = [.. FvcFolder.Read(folder, ppi is not null)];
            ppi?.Check(sets.SelectMany(set => set).Select(one => one.Path));
            foreach (IReadOnlyList<FvcImpression> set in sets)
            {
                IReadOnlyList<PreparedImpression> read = FingerFiles.Read(set, ppi, Console.Error.WriteLine);
                results.Add(FvcProtocol.Run(set[0].Set, [.. read.Select((one, i) => one.View is null ? one
                    : new PreparedImpression(one.Impression, change(one.View, i)))]));
                Console.Error.WriteLine($"{set[0].Set}: {set.Count} impressions compared");
            }
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or IOException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return RunCommand.Misused;
        }

        SetResult pooled = FvcProtocol.Pool(results);
        var report = AccuracyReport.Of(Machine.Read(), results, pooled);
        AccuracyTable.Write(console, [.. results, pooled], report);
        if (json is not null)
        {
            await AccuracyJson.WriteAsync(json, report);
        }

        if (svg is not null)
        {
            svg.Directory?.Create();
            await File.WriteAllTextAsync(svg.FullName, DetPlot.Draw(results, pooled));
        }

        return 0;
    }

    /// <summary>A record as it is, or without a share of its minutiae, stretched, with false minutiae, or without
    /// qualities.</summary>
    private static FingerView Changed(
        FingerView view, int seed, double thin, double stretch, double spurious, bool noQuality)
    {
        FingerView changed = thin == 0 ? view : ViewCuts.Thinned(view, seed, thin);
        changed = stretch == 0 ? changed : ViewCuts.Stretched(changed, seed, stretch);
        changed = spurious == 0 ? changed : ViewCuts.Spurious(changed, seed, spurious);
        return noQuality ? ViewCuts.WithoutQuality(changed) : changed;
    }
}
