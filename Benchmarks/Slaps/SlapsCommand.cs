using System.CommandLine;
using MatchCluster.Benchmarks.Runner;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Slaps;

/// <summary>Pictures of several fingers: those of a folder, or generated ones whose fingers are known.</summary>
internal static class SlapsCommand
{
    public static Command Create(IAnsiConsole console)
    {
        var people = new Option<int>("--people")
        {
            Description = "Generated people for each kind of trouble.",
            DefaultValueFactory = _ => 20,
        };
        var seed = new Option<ulong>("--seed") { Description = "Of the people.", DefaultValueFactory = _ => 1 };
        var kind = new Option<string?>("--kind") { Description = "Only kinds whose name has this in it." };
        var draw = new Option<DirectoryInfo?>("--draw") { Description = "Folder that takes the pictures with boxes, as PNG." };
        var command = new Command("slaps", "Fingers of pictures that show several.") { people, seed, kind, draw };
        command.SetAction((parsed, cancel) =>
        {
            GeneratedSlaps run = new(parsed.GetValue(seed), parsed.GetValue(people), parsed.GetValue(draw));
            var table = new Table().AddColumns("kind", "pictures", "right", "refused", "wrong", "ms median", "ms most");
            List<string> faults = [];
            foreach ((string name, Func<Matching.Synthesis.StableRandom, Matching.Synthesis.SlapView> view) in SlapKinds.All
                .Where(each => parsed.GetValue(kind) is not { } part || each.Name.Contains(part, StringComparison.Ordinal)))
            {
                cancel.ThrowIfCancellationRequested();
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
            return Task.FromResult(0);
        });
        return command;
    }
}
