using System.Globalization;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>What is said about a fit.</summary>
internal static class CalibrationReport
{
    /// <summary>How far off scores of the largest size may be.</summary>
    public static void WriteSpread(IAnsiConsole console, CalibrationDraws draws)
    {
        console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"the largest size's curve with other sets and fingers ({draws.Fits} draws), where it claims a score:"));
        Table table = ClaimTable.New("score", "claimed FMR", "95 % interval", "standard error, dB");
        foreach (int level in CalibrationDraws.Levels)
        {
            table.AddRow(
                level.ToString(), Math.Pow(10, -level / 10.0).ToString("0.0e+0"),
                Markup.Escape($"[{draws.FmrAt(level).Low:0.0e+0}, {draws.FmrAt(level).High:0.0e+0}]"),
                draws.Deviation(level).ToString("0.0"));
        }

        console.Write(table);
    }
}
