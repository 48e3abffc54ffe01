using Spectre.Console;

namespace MatchCluster.Benchmarks.Runner;

/// <summary>Rows as a person reads them.</summary>
internal static class RowTable
{
    public static void Write(IAnsiConsole console, RowFile file)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("bench", "case", "metric");
        table.AddColumn(new TableColumn("best").RightAligned());
        table.AddColumn(new TableColumn("median").RightAligned());
        table.AddColumns("unit", "clock", "hash");
        string last = "";
        foreach (BenchmarkRow row in file.Rows)
        {
            table.AddRow(
                Markup.Escape(row.Bench == last ? "" : row.Bench),
                Markup.Escape(row.Case),
                Markup.Escape(row.Metric),
                Number(row.Value),
                row.Median is { } median ? Number(median) : "",
                Markup.Escape(row.Unit),
                row.Clock,
                row.Hash ?? "");
            last = row.Bench;
        }

        console.Write(table);
        console.WriteLine(
            $"{file.Cpu}, {file.Cores} cores, level {file.Level}, commit {file.Commit}"
            + (file.Smoke ? "; smoke run: the times mean nothing" : ""));
    }

    /// <summary>Four digits that matter, thousands apart.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        >= 1000 => value.ToString("#,0"),
        >= 100 => value.ToString("0.0"),
        >= 1 => value.ToString("0.00"),
        _ => value.ToString("0.0000"),
    };
}
