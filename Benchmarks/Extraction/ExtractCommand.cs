using System.CommandLine;
using System.CommandLine.Parsing;
using MatchCluster.Benchmarks.Runner;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Extraction;

/// <summary>Minutiae records from a folder of pictures.</summary>
internal static class ExtractCommand
{
    private const int MostThreads = 256;

    public static Command Create(IAnsiConsole console)
    {
        var from = new Option<DirectoryInfo>("--in")
        {
            Description = "Folder of pictures (PNG, TIFF, BMP, WSQ, JPEG, JPEG 2000, PGM), with folders below it.",
            Required = true,
        };
        var to = new Option<DirectoryInfo>("--out")
        {
            Description = "Folder that takes the records under the pictures' names; those that exist are kept.",
            Required = true,
        };
        var format = new Option<MinutiaeFormat>("--format")
        {
            Description = "iso (ISO/IEC 19794-2:2005), ansi (INCITS 378-2004) or xyt (NIST's text).",
            DefaultValueFactory = _ => MinutiaeFormat.Iso,
            CustomParser = FormatOf,
        };
        var ppi = PpiOption();
        var draw = new Option<DirectoryInfo?>("--draw")
        {
            Description = "Also draw picture, directions, enhanced ridges and minutiae of each to this folder, as SVG.",
        };
        var threads = new Option<int>("--threads")
        {
            Description = "Pictures at a time.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        threads.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is not (>= 1 and <= MostThreads))
            {
                result.AddError($"--threads: wanted 1..{MostThreads}");
            }
        });
        var again = new Option<bool>("--again") { Description = "Extract pictures whose record exists too." };
        var command = new Command("extract", "Minutiae records from a folder of fingerprint pictures.")
        {
            from, to, format, ppi, draw, threads, again,
        };
        command.SetAction((parsed, cancel) =>
        {
            DirectoryInfo source = parsed.GetRequiredValue(from);
            if (!source.Exists)
            {
                Console.Error.WriteLine($"--in: found no folder {source.FullName}");
                return Task.FromResult(RunCommand.Misused);
            }

            if (!source.EnumerateFiles("*", SearchOption.AllDirectories)
                .Any(file => PictureFile.IsPicture(file.Name)))
            {
                Console.Error.WriteLine(
                    $"--in: found no picture in {source.FullName}, wanted {string.Join(", ", PictureFile.Endings)}");
                return Task.FromResult(RunCommand.Misused);
            }

            FolderResult result;
            try
            {
                var run = new FolderExtraction(source, parsed.GetRequiredValue(to), parsed.GetValue(format))
                {
                    Ppi = new StatedPpi(parsed.GetValue(ppi) ?? []),
                    Threads = parsed.GetValue(threads),
                    Again = parsed.GetValue(again),
                    Drawings = parsed.GetValue(draw),
                    Progress = Tell,
                };
                result = run.Run(cancel);
            }
            catch (InvalidDataException e)
            {
                Console.Error.WriteLine(e.Message);
                return Task.FromResult(RunCommand.Misused);
            }

            Write(console, result, parsed.GetRequiredValue(to));
            return Task.FromResult(result.Written + result.Skipped > 0 ? 0 : RunCommand.Failed);
        });
        return command;
    }

    /// <summary>The format of a word; an error that names the words, where it is none.</summary>
    private static MinutiaeFormat FormatOf(ArgumentResult result)
    {
        string word = result.Tokens[0].Value;
        if (word.All(char.IsAsciiLetter) && Enum.TryParse(word, ignoreCase: true, out MinutiaeFormat format))
        {
            return format;
        }

        result.AddError($"--format: found {word}, wanted iso, ansi or xyt");
        return default;
    }

    public static Option<string[]> PpiOption() => new("--ppi")
    {
        Description = "Resolution of the pictures, before what the files state: 500, or DB2=569 for folders so named.",
        AllowMultipleArgumentsPerToken = true,
    };

    private static void Tell(int done, int all)
    {
        if (done % 100 == 0 || done == all)
        {
            Console.Error.WriteLine($"{done} of {all} pictures");
        }
    }

    private static void Write(IAnsiConsole console, FolderResult result, DirectoryInfo to)
    {
        console.WriteLine(
            $"{result.Written} records written, {result.Failed} pictures without a record, {result.Skipped} records "
            + $"that were there before; report {Path.Combine(to.FullName, FolderExtraction.ReportName)}");
        if (result.Written > 0)
        {
            console.WriteLine(
                $"extraction alone, {ThreadClock.Name} time: median {Quantile(result, 0.5):0.0} ms a picture, "
                + $"95 % within {Quantile(result, 0.95):0.0} ms");
            console.WriteLine("mean by step, ms: "
                + string.Join(", ", result.Steps.Steps.Select(
                    step => $"{step.Name} {step.Milliseconds / result.Milliseconds.Count:0.00}")));
        }
    }

    private static double Quantile(FolderResult result, double share) =>
        result.Milliseconds[(int)(share * (result.Milliseconds.Count - 1))];
}
