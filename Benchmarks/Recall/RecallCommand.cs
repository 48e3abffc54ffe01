using System.CommandLine;
using System.Globalization;
using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Benchmarks.Runner;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Recall;

/// <summary>
/// What the first stage of a finger search loses and leaves. On a folder of FVC-like sets: for one to four fingers the
/// recall of mated pairs that an exhaustive search finds and the share of the non-mated that it scores, at
/// the engine's thresholds, and at thresholds that the worst of the other sets would have given. On generated
/// people: the figures of real searches (<see cref="GalleryRecallCommand"/>).
/// </summary>
internal static class RecallCommand
{
    private const int MostFingers = 5;

    public static Command Create(IAnsiConsole console)
    {
        var fingers = new Option<DirectoryInfo>("--fingers")
        {
            Description =
                "Folder of sets, each a folder of minutiae records F_I.iso (finger F, impression I).",
        };
        var losses = new Option<bool>("--losses")
        {
            Description = "Print the losses that answers state, by threshold and fingers.",
        };
        var generated = new GalleryRecallCommand();
        var command = new Command("recall", "What the first stage of a finger search loses and leaves.")
        {
            fingers, losses,
        };
        generated.AddTo(command);
        command.Validators.Add(result =>
        {
            if ((result.GetResult(fingers) is null) == (result.GetResult(generated.People) is null))
            {
                result.AddError("recall: wanted --fingers or --people");
            }
        });
        command.SetAction((parsed, _) => parsed.GetValue(fingers) is { } folder
            ? Task.FromResult(Run(folder, parsed.GetValue(losses), parsed.GetValue(generated.Threshold), console))
            : generated.RunAsync(parsed, console));
        return command;
    }

    private static int Run(DirectoryInfo folder, bool losses, double threshold, IAnsiConsole console)
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

        if (losses)
        {
            new LeftOutLosses(sets).Write(console);
            return 0;
        }

        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("fingers", "set", "mated found", "chosen %", "recall %", "95 % by finger");
        table.AddColumns("penetration %", "scored in full %", "of the other sets", "recall %", "penetration %");
        for (int count = 1; count <= MostFingers; count++)
        {
            PersonEvidence[] people = [.. sets.Select(set => set.People(count, threshold))];
            int[] fitted = LeftOutLosses.Fitted(people);
            for (int i = 0; i < sets.Length; i++)
            {
                AddRow(table, count, sets[i].Name, people[i], sets[i].RecallInterval(count, threshold), fitted[i]);
            }

            AddRow(table, count, "pooled", PersonEvidence.Join(people), null, people[0].Committed);
        }

        console.Write(table);
        console.WriteLine(
            $"mated found: pseudo-persons whose fused score reaches {threshold}; chosen by the first stage; recall: "
            + "scored in full; penetration: strangers that the first stage chooses; of the other sets: evidence that "
            + "would be asked for if this set had no part in it (the committed one, times what the worst of the others "
            + "needs to lose "
            + string.Join(" / ", LeftOutLosses.Goals.Select(loss => loss.ToString("P2", CultureInfo.InvariantCulture)))
            + " with 1, 2 ... fingers, by what the worst of all needs), and what it makes of this set");
        return 0;
    }

    private static void AddRow(
        Table table, int fingers, string set, PersonEvidence people, (double Low, double High)? interval, int fitted) =>
        table.AddRow(
            $"{fingers}",
            Markup.Escape(set),
            $"{people.Mated.Count:#,0}",
            $"{100 * people.Chosen:0.00}",
            $"{100 * people.Recall:0.00}",
            interval is { } between ? Markup.Escape($"[{100 * between.Low:0.0}, {100 * between.High:0.0}]") : "",
            $"{100 * people.Penetration:0.00}",
            $"{100 * people.Scored:0.00}",
            $"{fitted / 100.0:0.00}",
            $"{100 * people.RecallFrom(fitted):0.00}",
            $"{100 * PersonEvidence.ShareFrom(people.Strangers, fitted):0.00}");
}
