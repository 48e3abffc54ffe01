using System.CommandLine;
using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Explain;
using MatchCluster.Matching.Model;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Explain;

/// <summary>Takes one finger comparison apart: each stage's numbers, the paired minutiae, a drawing of both.</summary>
internal static class ExplainCommand
{
    public static Command Create(IAnsiConsole console)
    {
        var probe = new Argument<FileInfo>("probe") { Description = "Minutiae record, ISO/IEC 19794-2 or ANSI 378." };
        var reference = new Argument<FileInfo>("reference") { Description = "The record it is compared with." };
        var svg = new Option<FileInfo?>("--svg")
        {
            Description = "Draw both minutiae sets and the pairing to this file.",
        };
        var command = new Command("explain", "One finger comparison taken apart: stages, paired minutiae, drawing.")
        {
            probe, reference, svg,
        };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetRequiredValue(probe), parsed.GetRequiredValue(reference), parsed.GetValue(svg), console));
        return command;
    }

    private static async Task<int> RunAsync(
        FileInfo probe, FileInfo reference, FileInfo? svg, IAnsiConsole console)
    {
        FingerExplanation found;
        try
        {
            found = FingerExplainer.Explain(View(probe), View(reference));
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return RunCommand.Misused;
        }

        Write(console, found);
        if (svg is not null)
        {
            svg.Directory?.Create();
            await File.WriteAllTextAsync(
                svg.FullName, PairingPlot.Draw(found, probe.Name, reference.Name));
        }

        return 0;
    }

    private static FingerView View(FileInfo file) =>
        FingerFiles.View(File.ReadAllBytes(file.FullName), out Rejection? rejection)
            ?? throw new InvalidDataException($"{file.Name} is not readable: {rejection}");

    private static void Write(IAnsiConsole console, FingerExplanation found)
    {
        console.WriteLine(
            $"score {found.Score:0.00} (-10 log10 FMR), strength {found.Strength:0.0000}, relaxed similarity "
            + $"{found.Similarity:0.0000} over {found.PairsRelaxed} pairs");
        if (found.ProbeTurn is { } turned)
        {
            console.WriteLine($"probe turned by {turned} degrees, for which the score has paid");
        }

        console.WriteLine($"probe: {Side(found.Probe)}; reference: {Side(found.Reference)}");
        if (found.Alignment is not { } alignment)
        {
            console.WriteLine("not aligned: the similarity is too low for a third stage");
            return;
        }

        console.WriteLine(
            $"reference turned by {alignment.Turn:0.0} degrees; in the overlap {alignment.ProbeOverlap} and "
            + $"{alignment.ReferenceOverlap} minutiae, {alignment.Mates.Count} mates, {alignment.Expected:0.0} "
            + $"expected by chance; evidence of mates {alignment.MatesEvidence:0.0}, of their number "
            + $"{alignment.CountEvidence:0.0}"
            + (alignment.Ridges is { } ridges ? $", of the ridges {ridges.Evidence:0.0}" : ""));
        var table = new Table().Border(TableBorder.Rounded);
        string[] columns = ["probe", "x", "y", "reference", "x", "y", "apart px", "turned °", "evidence"];
        Array.ForEach(columns, column => table.AddColumn(new TableColumn(column).RightAligned()));
        foreach (PairedMinutiae mate in alignment.Mates)
        {
            table.AddRow(
                $"{mate.ProbeIndex}", $"{mate.Probe.X}", $"{mate.Probe.Y}",
                $"{mate.ReferenceIndex}", $"{mate.Reference.X}", $"{mate.Reference.Y}",
                $"{mate.Distance:0.0}", $"{mate.Turn:0.0}", $"{mate.Evidence:0.00}");
        }

        console.Write(table);
    }

    private static string Side(FingerSide side) =>
        $"{side.View.Minutiae.Count} minutiae, {side.MinutiaeScored} scored, {side.Cylinders} cylinders";
}
