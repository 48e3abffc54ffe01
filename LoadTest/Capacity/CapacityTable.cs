using System.Globalization;
using Spectre.Console;

namespace MatchCluster.LoadTest.Capacity;

/// <summary>A capacity report in a terminal; what it rests on stands before what it says.</summary>
internal static class CapacityTable
{
    public static void Write(IAnsiConsole console, CapacityReport report)
    {
        Assumptions assumed = report.Assumed;
        console.WriteLine($"Measured: {report.Figures.Machine} ({report.Figures.Source}).");
        double oneIn = assumed.SlowChance > 0 ? 1 / assumed.SlowChance : 0;
        console.WriteLine(
            $"Assumed: machines of {assumed.Cores} such cores and {assumed.MemoryGiB:0} GiB, {assumed.MemoryShare:P0} "
            + $"of it for the gallery; at most {assumed.MostUtilisation:P0} busy; p95 below {assumed.LimitMs:0} ms; "
            + $"{assumed.Together} searches to a pass; "
            + $"one pass in {oneIn:0} at a silo takes {assumed.SlowFactor:0.#} times as long; "
            + $"{report.Figures.MessageMs} ms for a message there and back; cores of a silo share a search evenly.");
        Table sizes = Columns(
            "gallery", "identities", "searches/s", "probe", "machines", "by memory", "by speed", "busy", "p50", "p95",
            "p99");
        foreach (SizingResult size in report.Sizes)
        {
            sizes.AddRow(
                size.Demand.Name, Short(size.Demand.Identities), $"{size.Demand.SearchesPerSecond:0.#}", size.Probe,
                size.Machines is { } machines ? $"{machines:N0}" : "p95 not reached", $"{size.MachinesByMemory:N0}",
                $"{size.MachinesBySpeed:N0}", size.Machines is null ? "" : $"{size.Utilisation:P0}", Ms(size.P50Ms),
                Ms(size.P95Ms), Ms(size.P99Ms));
        }

        console.Write(sizes);
        console.WriteLine(
            $"The tail over silos: a pass of {TailStudy.PassMs:0} ms at each, {TailStudy.Load:P0} of the load it could "
            + $"bear; hedged: what is not there after {TailStudy.HedgeMs:0} ms is asked for at a second copy (which "
            + "takes the memory twice; this version keeps one).");
        Table tails = Columns("silos", "steady p50", "p99", "p99.9", "slow p50", "p99", "p99.9", "hedged p50", "p99",
            "p99.9");
        foreach (TailRow row in report.Tails)
        {
            tails.AddRow([
                $"{row.Silos}", .. new[] { row.Steady, row.Slow, row.Hedged }.SelectMany(
                    tail => new[] { Ms(tail.P50Ms), Ms(tail.P99Ms), Ms(tail.P999Ms) }),
            ]);
        }

        console.Write(tails);
    }

    private static Table Columns(params string[] names)
    {
        Table table = new Table().Border(TableBorder.Rounded);
        foreach (string name in names)
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        return table;
    }

    private static string Short(double number) => number >= 1e9
        ? (number / 1e9).ToString("0.# G", CultureInfo.InvariantCulture)
        : (number / 1e6).ToString("0.# M", CultureInfo.InvariantCulture);

    private static string Ms(double value) => value == 0 ? "" : value.ToString("N0", CultureInfo.InvariantCulture);
}
