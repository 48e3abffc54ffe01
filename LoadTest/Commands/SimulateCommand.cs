using System.CommandLine;
using MatchCluster.LoadTest.Capacity;
using Spectre.Console;

namespace MatchCluster.LoadTest.Commands;

/// <summary><c>simulate</c>: machines for a population, from what was measured on one machine.</summary>
internal static class SimulateCommand
{
    /// <summary>
    /// Peaks are five times a published mean: a small country's checks, 400,000 a day against a watch list, 827,000 a
    /// day against a voters' register, 400,000 a day against a large gallery, a million new people a day against
    /// everybody.
    /// </summary>
    private static readonly Demand[] Usual =
    [
        new("small country", 0.4e6, 1.7), new("watch list", 8.8e6, 23), new("voters", 101e6, 48),
        new("large gallery", 270e6, 23), new("everybody", 1.4e9, 58),
    ];

    public static Command Create(IAnsiConsole console)
    {
        Assumptions usual = new();
        Option<FileInfo> figures = new("--figures")
        {
            Description = "JSON file with what was measured (see LoadTest/figures).",
            DefaultValueFactory = _ => new FileInfo(Path.Combine(AppContext.BaseDirectory, MachineFigures.DefaultFile)),
        };
        Option<double> identities = LoadInputs.Number(
            "--identities", "People of the gallery; without it the usual sizes.", 0.0, 0, 1e11);
        Option<double> rate = LoadInputs.Number("--rate", "Searches a second at the peak.", 10.0, 0.001, 1e6);
        Option<int> cores = LoadInputs.Number("--cores", "Cores of a machine.", usual.Cores, 1, 4096);
        Option<double> memory = LoadInputs.Number("--memory-gib", "Memory of a machine.", usual.MemoryGiB, 1, 1e5);
        Option<double> limit = LoadInputs.Number(
            "--limit-ms", "Milliseconds that 95 % of the answers must stay below.", usual.LimitMs, 1, 1e6);
        Option<double> chance = LoadInputs.Number(
            "--slow-chance", "Chance that a silo's pass is slow.", usual.SlowChance, 0, 1);
        Option<double> factor = LoadInputs.Number(
            "--slow-factor", "How many times as long it takes then.", usual.SlowFactor, 1, 1000);
        Option<int> together = LoadInputs.Number(
            "--together", "Searches that callers send as one batch.", usual.Together, 1, 64);
        Option<int> searches = LoadInputs.Number(
            "--searches", "Searches of each simulation.", usual.Searches, 100, 1_000_000);
        Option<int> seed = LoadInputs.Number("--seed", "Seed of every draw.", usual.Seed, 0, int.MaxValue);
        Option<FileInfo?> json = new("--json") { Description = "Also write the report to this file." };
        Command command = new("simulate", """
            Says how many machines a gallery and a rate of searches take, from what was measured on one
            machine, and simulates what searches then take. It asks no server.
            """)
        {
            figures, identities, rate, cores, memory, limit, chance, factor, together, searches, seed, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            if (!MachineFigures.TryRead(parsed.GetValue(figures)!, out MachineFigures? machine, out string? error))
            {
                return await LoadCommand.RefuseAsync(error);
            }

            double people = parsed.GetValue(identities);
            CapacityReport report = CapacityReport.Of(
                machine,
                usual with
                {
                    Cores = parsed.GetValue(cores),
                    MemoryGiB = parsed.GetValue(memory),
                    LimitMs = parsed.GetValue(limit),
                    SlowChance = parsed.GetValue(chance),
                    SlowFactor = parsed.GetValue(factor),
                    Together = parsed.GetValue(together),
                    Searches = parsed.GetValue(searches),
                    Seed = parsed.GetValue(seed),
                },
                people > 0 ? [new Demand("as asked", people, parsed.GetValue(rate))] : Usual);
            CapacityTable.Write(console, report);
            if (parsed.GetValue(json) is { } file)
            {
                await ReportJson.WriteAsync(file, report);
            }

            return 0;
        });
        return command;
    }
}
