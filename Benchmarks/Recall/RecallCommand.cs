using System.CommandLine;
using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Benchmarks.Runner;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Recall;

/// <summary>
/// What the first stage of a finger search loses and leaves. On a folder of FVC-like sets: for one to four fingers the
/// recall of mated pairs that an exhaustive search finds and the share of the non-mated that it scores, at
/// the engine's thresholds, and at thresholds that the other sets alone would have given. On generated
/// people: the figures of real searches (<see cref="GalleryRecallCommand"/>).
/// </summary>
internal static class RecallCommand
{
    private const int MostFingers = 4;

    /// <summary>Share of the mated that fitted thresholds may lose.</summary>
    private const double Loss = 0.003;

    public static Command Create(IAnsiConsole console)
    {
        var fingers = new Option<DirectoryInfo>("--fingers")
        {
            Description =
                "Folder of sets, each a folder of minutiae records F_I.iso (finger F, impression I).",
        };
        var generated = new GalleryRecallCommand();
        var command = new Command("recall", "What the first stage of a finger search loses and leaves.") { fingers };
        generated.AddTo(command);
        command.Validators.Add(result =>
        {
            if ((result.GetResult(fingers) is null) == (result.GetResult(generated.People) is null))
            {
                result.AddError("recall: wanted --fingers or --people");
            }
        });
        command.SetAction((parsed, _) => parsed.GetValue(fingers) is { } folder
            ? Task.FromResult(Run(folder, console)) : generated.RunAsync(parsed, console));
        return command;
    }

    private static int Run(DirectoryInfo folder, IAnsiConsole console)
    {
        EvidenceSet[] sets;
        try
        {
            sets =
            [
                .. FvcFolder.Read(folder).Select(set =>
                    EvidenceSet.Of(set[0].Set, FingerFiles.Prepare(set, Console.Error.WriteLine))),
            ];
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            Console.Error.WriteLine(e.Message);
            return RunCommand.Misused;
        }

        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("fingers", "set", "mated found", "recall %", "penetration %", "scored in full %");
        table.AddColumns("fitted without the set", "recall %", "penetration %");
        for (int count = 1; count <= MostFingers; count++)
        {
            PersonEvidence[] people = [.. sets.Select(set => set.People(count))];
            for (int i = 0; i < sets.Length; i++)
            {
                int fitted = PersonEvidence.Join(people.Where((_, other) => other != i)).ThresholdFor(Loss);
                AddRow(table, count, sets[i].Name, people[i], fitted);
            }

            PersonEvidence pooled = PersonEvidence.Join(people);
            AddRow(table, count, "pooled", pooled, pooled.ThresholdFor(Loss));
        }

        console.Write(table);
        console.WriteLine(
            $"mated found: pseudo-persons whose fused score reaches {EvidenceSet.FoundFrom}; recall of those; "
            + "penetration: strangers that pass the first stage; fitted: threshold that loses "
            + $"{Loss:P1} of the other sets' (pooled: of all)");
        return 0;
    }

    private static void AddRow(Table table, int fingers, string set, PersonEvidence people, int fitted) =>
        table.AddRow(
            $"{fingers}",
            Markup.Escape(set),
            $"{people.Mated.Count:#,0}",
            $"{100 * people.Recall(fingers):0.00}",
            $"{100 * people.Penetration(fingers):0.00}",
            $"{100 * people.Scored(fingers):0.00}",
            $"{fitted / 100.0:0.00}",
            $"{100 * PersonEvidence.ShareFrom(people.Mated, fitted):0.00}",
            $"{100 * PersonEvidence.ShareFrom(people.Strangers, fitted):0.00}");
}
