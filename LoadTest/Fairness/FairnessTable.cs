using System.Globalization;
using MatchCluster.LoadTest.Reports;
using Spectre.Console;

namespace MatchCluster.LoadTest.Fairness;

/// <summary>The comparison in a terminal: a row for each partner in each situation.</summary>
internal static class FairnessTable
{
    public static IReadOnlyList<string> Columns { get; } =
    [
        "partner", "asked/s", "answered/s", "p50 ms", "p95 ms", "p99 ms", "refused", "errors", "partial", "wrong",
        "cores",
    ];

    public static void Write(IAnsiConsole console, FairnessReport report)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("situation");
        foreach (string column in Columns)
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (FairnessRow row in report.Rows)
        {
            table.AddRow([.. CellsOf(report, row).Prepend(row.Situation).Select(Markup.Escape)]);
        }

        console.Write(table);
        console.WriteLine(report.Sentence);
    }

    /// <summary>What a row says, in the order of the columns.</summary>
    public static IEnumerable<string> CellsOf(FairnessReport report, FairnessRow row)
    {
        KindReport s = row.Searches;
        string cores = report.BusyCores.TryGetValue(row.Situation, out double busy) ? Number(busy) : "";
        return
        [
            row.Partner, Number(row.AskedPerSecond), Number(row.AnsweredPerSecond), Number(s.P50), Number(s.P95),
            Number(s.P99), $"{s.Refused}", $"{s.Errors}", $"{s.Partial}", $"{s.Missed + s.FalseCandidates}", cores,
        ];
    }

    private static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
