using System.CommandLine;
using MatchCluster.Benchmarks.Extraction;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Slaps;

/// <summary>Pictures of several fingers: those of a folder, or generated ones whose fingers are known.</summary>
internal static class SlapsCommand
{
    private const int MostPeople = 10_000;

    private static readonly Option<DirectoryInfo?> From = new("--in")
    {
        Description = "Folder of pictures, with folders below it; without it pictures are generated.",
    };

    private static readonly Option<DirectoryInfo?> To = new("--out")
    {
        Description = "Folder that takes a record of each finger, a drawing (SVG) of each picture, and the report.",
    };

    private static readonly Option<int> Code = new("--code")
    {
        Description = "What the pictures of the folder show: 13 right four, 14 left four, 15 thumbs, 40..50 some.",
        DefaultValueFactory = _ => SlapPositions.RightFour,
    };

    private static readonly Option<int[]> Missing = new("--missing")
    {
        Description = "Fingers, 1..10, that are not there.",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<int> People = new("--people")
    {
        Description = "Generated people for each kind of trouble.",
        DefaultValueFactory = _ => 20,
    };

    private static readonly Option<ulong> Seed = new("--seed")
    {
        Description = "Of the generated people.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<string?> Kind = new("--kind")
    {
        Description = "Only kinds of trouble whose name has this in it.",
    };

    private static readonly Option<DirectoryInfo?> Draw = new("--draw")
    {
        Description = "Folder that takes the generated pictures with their boxes, as PNG.",
    };

    public static Command Create(IAnsiConsole console)
    {
        Option<string[]> ppi = ExtractCommand.PpiOption();
        Code.Validators.Add(result =>
        {
            if (SlapPositions.FromLeft(result.GetValueOrDefault<int>()) is null)
            {
                result.AddError($"--code: wanted one of {string.Join(", ", SlapPositions.Codes)}");
            }
        });
        People.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is not (>= 1 and <= MostPeople))
            {
                result.AddError($"--people: wanted 1..{MostPeople}");
            }
        });
        var command = new Command("slaps", "Fingers of pictures that show several: of a folder, or generated.")
        {
            From, To, Code, Missing, ppi, People, Seed, Kind, Draw,
        };
        command.SetAction((parsed, cancel) => Task.FromResult(
            parsed.GetValue(From) is { } folder ? Read(console, parsed, folder, ppi, cancel)
                : Generate(console, parsed, cancel)));
        return command;
    }

    private static int Read(
        IAnsiConsole console, ParseResult parsed, DirectoryInfo folder, Option<string[]> ppi, CancellationToken cancel)
    {
        if (!folder.Exists || parsed.GetValue(To) is not { } to)
        {
            Console.Error.WriteLine(folder.Exists ? "--out: missing" : $"--in: found no folder {folder.FullName}");
            return RunCommand.Misused;
        }

        if (parsed.GetValue(Draw) is not null)
        {
            Console.Error.WriteLine("--draw: takes generated pictures; the drawings of a folder go to --out");
            return RunCommand.Misused;
        }

        SlapRequest request = new(SlapPositions.FromLeft(parsed.GetValue(Code))!)
        {
            Missing = parsed.GetValue(Missing) ?? [],
        };
        FolderSlaps run;
        try
        {
            run = new FolderSlaps(folder, to, MinutiaeFormat.Iso, request)
            {
                Ppi = new StatedPpi(parsed.GetValue(ppi) ?? []),
            };
        }
        catch (InvalidDataException e)
        {
            Console.Error.WriteLine(e.Message);
            return RunCommand.Misused;
        }

        (int used, int refused) = run.Run(cancel);
        console.WriteLine($"{used} pictures gave fingers, {refused} gave none; report "
            + Path.Combine(to.FullName, FolderSlaps.ReportName));
        return used > 0 ? 0 : RunCommand.Failed;
    }

    private static int Generate(IAnsiConsole console, ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(To) is not null)
        {
            Console.Error.WriteLine("--out: wanted --in beside it; --draw takes generated pictures");
            return RunCommand.Misused;
        }

        GeneratedSlaps run = new(parsed.GetValue(Seed), parsed.GetValue(People), parsed.GetValue(Draw));
        var table = new Table().AddColumns("kind", "pictures", "right", "refused", "wrong", "ms median", "ms most");
        List<string> faults = [];
        string part = parsed.GetValue(Kind) ?? "";
        foreach ((string name, Func<StableRandom, SlapView> view) in SlapKinds.All)
        {
            cancel.ThrowIfCancellationRequested();
            if (!name.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            KindResult result = run.Run(name, view);
            table.AddRow(
                name, $"{result.Pictures}", $"{result.Right}", $"{result.Refused}",
                $"{result.Pictures - result.Right - result.Refused}",
                $"{result.Milliseconds[result.Pictures / 2]:0.0}", $"{result.Milliseconds[^1]:0.0}");
            faults.AddRange(result.Faults.Select(fault => $"{name} {fault}"));
            Console.Error.WriteLine($"{name}: {result.Right} of {result.Pictures}");
        }

        console.Write(table);
        faults.ForEach(console.WriteLine);
        return 0;
    }
}
