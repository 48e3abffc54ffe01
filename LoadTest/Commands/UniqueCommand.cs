using System.CommandLine;
using System.Diagnostics;
using MatchCluster.LoadTest.Client;
using MatchCluster.LoadTest.Runs;
using MatchCluster.Matching.Model;
using Spectre.Console;

namespace MatchCluster.LoadTest.Commands;

/// <summary><c>unique</c>: whether each person is enrolled once, whoever brings it where and when.</summary>
internal static class UniqueCommand
{
    private const int Wrong = 1;

    public static Command Create(IAnsiConsole console)
    {
        Option<string[]> url = new("--url")
        {
            Description = "Server; several front ends of one cluster are asked in turn.",
            DefaultValueFactory = _ => ["http://127.0.0.1:5080"],
        };
        Option<int> people = LoadInputs.Number("--people", "Different people.", 9000, 1, 1_000_000);
        Option<int> twins = LoadInputs.Number("--twins", "How many of them come again.", 1000, 0, 1_000_000);
        Option<int> atOnce = LoadInputs.Number("--at-once", "Calls under way.", 1000, 1, 20_000);
        Option<int> seed = LoadInputs.Number("--seed", "Seed of the people.", 1, 0, int.MaxValue);
        Option<string> gallery = new("--gallery")
        {
            Description = "A gallery that nobody is in.",
            DefaultValueFactory = _ => "unique",
        };
        Option<int[]> kill = new("--kill")
        {
            Description = "Id of a process of this machine that is killed (SIGKILL) in the middle: a silo or a front "
                + "end. Several are killed one after the other, evenly spread over the calls.",
            DefaultValueFactory = _ => [],
        };
        Option<int> patience = LoadInputs.Number(
            "--patience", "Seconds for which a call is asked again before it counts as lost.", 600, 1, 86_400);
        Option<bool> remote = new("--allow-remote") { Description = "Allow a server on another machine." };
        Command command = new("unique", """
            Enrols people by enrol-if-unique, some of them twice at once, and counts who is enrolled twice or not at
            all.
            """)
        {
            url, people, twins, atOnce, seed, gallery, kill, patience, remote,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            List<Uri> servers = [];
            foreach (string text in parsed.GetValue(url)!)
            {
                if (!TargetGuard.TryParse(text, parsed.GetValue(remote), out Uri? target, out string? error))
                {
                    return await LoadCommand.RefuseAsync(error);
                }

                servers.Add(target);
            }

            if (IdRule.Check("--gallery", parsed.GetValue(gallery)) is { } badGallery)
            {
                return await LoadCommand.RefuseAsync(badGallery);
            }

            int[] kills = parsed.GetValue(kill)!;
            if (Array.Find(kills, id => !Runs(id)) is > 0 and var nobody)
            {
                return await LoadCommand.RefuseAsync($"--kill {nobody}: no process of that id runs here");
            }

            try
            {
                UniqueReport report = await UniqueRun.RunAsync(
                    new UniqueOptions(
                        servers, parsed.GetValue(people), parsed.GetValue(twins), parsed.GetValue(atOnce),
                        parsed.GetValue(seed), parsed.GetValue(gallery)!)
                    {
                        Kills = kills,
                        Patience = TimeSpan.FromSeconds(parsed.GetValue(patience)),
                    },
                    cancel);
                console.WriteLine(report.ToString());
                return report.IsRight ? 0 : Wrong;
            }
            catch (Exception notRun) when (notRun is HttpRequestException or InvalidOperationException)
            {
                return await LoadCommand.RefuseAsync(notRun.Message);
            }
        });
        return command;
    }

    private static bool Runs(int id)
    {
        try
        {
            using Process found = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
