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
    private const int MostFingers = 4;

    /// <summary>Share of the mated that fitted thresholds may lose with 1, 2 ... fingers.</summary>
    private static readonly double[] Losses = [0.035, 0.005, 0.003, 0.002];

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
            ? Task.FromResult(Run(folder, parsed.GetValue(generated.Threshold), console))
            : generated.RunAsync(parsed, console));
        return command;
    }

    private static int Run(DirectoryInfo folder, double threshold, IAnsiConsole console)
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
        table.AddColumns("fingers", "set", "mated found", "chosen %", "recall %", "95 % by finger");
        table.AddColumns("penetration %", "scored in full %", "of the other sets", "recall %", "penetration %");
        for (int count = 1; count <= MostFingers; count++)
        {
            PersonEvidence[] people = [.. sets.Select(set => set.People(count, threshold))];
            double loss = Losses[count - 1];
            for (int i = 0; i < sets.Length; i++)
            {
                int fitted = people.Where((_, other) => other != i).Select(one => one.ThresholdFor(loss))
                    .DefaultIfEmpty(0).Min();
                AddRow(table, count, sets[i].Name, people[i], sets[i].RecallInterval(count, threshold), fitted);
            }

            AddRow(
                table, count, "pooled", PersonEvidence.Join(people), null,
                people.Min(one => one.ThresholdFor(loss)));
        }

        console.Write(table);
        console.WriteLine(
            $"mated found: pseudo-persons whose fused score reaches {threshold}; chosen by the first stage; recall: "
            + "scored in full; penetration: strangers that the first stage chooses; of the other sets: evidence that "
            + "the worst of the others needs to lose "
            + string.Join(" / ", Losses.Select(loss => loss.ToString("P1", CultureInfo.InvariantCulture)))
            + " with 1, 2 ... fingers (pooled: the worst of all), and what it makes of this set");
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
            $"{100 * PersonEvidence.ShareFrom(people.Mated, fitted):0.00}",
            $"{100 * PersonEvidence.ShareFrom(people.Strangers, fitted):0.00}");
}
