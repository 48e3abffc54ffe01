using System.CommandLine;
using MatchCluster.Benchmarks.Runner;
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
                "Folder of sets, each a folder of minutiae records F_I.iso (finger F, impression I); or one such set.",
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
        var command = new Command("accuracy", "Error rates of the fingerprint scorer by the FVC protocol.")
        {
            fingers, json, svg, thin,
        };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetRequiredValue(fingers), parsed.GetValue(json), parsed.GetValue(svg), parsed.GetValue(thin),
            console));
        return command;
    }

    private static async Task<int> RunAsync(
        DirectoryInfo folder, FileInfo? json, FileInfo? svg, double thin, IAnsiConsole console)
    {
        List<SetResult> results = [];
        try
        {
            foreach (IReadOnlyList<FvcImpression> set in FvcFolder.Read(folder))
            {
                IReadOnlyList<PreparedImpression> read = FingerFiles.Prepare(set, Console.Error.WriteLine);
                results.Add(FvcProtocol.Run(set[0].Set, thin == 0 ? read : Thinned(read, thin)));
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

    /// <summary>Every record without a share of its minutiae: how the scorer bears sparse prints.</summary>
    private static PreparedImpression[] Thinned(IReadOnlyList<PreparedImpression> read, double share) =>
    [
        .. read.Select((one, i) => new PreparedImpression(
            one.Impression, one.View is null ? null : ViewCuts.Thinned(one.View, i, share))),
    ];
}
