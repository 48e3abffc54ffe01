using MatchCluster.Benchmarks.Calibration;
using MatchCluster.Matching.Fingers;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Rotation;

/// <summary>How well the lean of a print says that it is upside down.</summary>
internal static class LeanTable
{
    private static readonly double[] Bounds = [0, 0.5, PrintLean.Upright, 1.5];

    public static void Write(IAnsiConsole console, FingerViews views)
    {
        console.WriteLine(
            "prints that may be upside down: share below a lean, upright and turned by 180 degrees; "
            + $"{PrintLean.Upright} is the engine's; prints of fewer than {PrintLean.LeastCylinders} cylinders "
            + "are left out");
        Table table = ClaimTable.New(
        [
            "set", "prints", "of", "mean lean",
            .. Bounds.SelectMany(bound => new[] { $"upright < {bound}", $"turned < {bound}" }),
        ]);
        FingerTemplate[] prints = [.. views.Views.Select(FingerTemplate.Prepare)];
        for (int set = 0; set <= views.SetNames.Count; set++)
        {
            bool isAll = set == views.SetNames.Count;
            FingerTemplate[] own = [.. prints.Where((_, i) => isAll || views.SetOf[i] == set)];
            double[] leans =
            [
                .. own.Where(print => print.Cylinders >= PrintLean.LeastCylinders)
                    .Select(print => PrintLean.Of([print])),
            ];
            if (leans.Length == 0)
            {
                continue;
            }

            table.AddRow(
            [
                Markup.Escape(isAll ? "all" : views.SetNames[set]), $"{leans.Length}", $"{own.Length}",
                $"{leans.Average():0.00}",
                .. Bounds.SelectMany(bound => new[]
                {
                    $"{100.0 * leans.Count(lean => lean < bound) / leans.Length:0.0} %",
                    $"{100.0 * leans.Count(lean => -lean < bound) / leans.Length:0.0} %",
                }),
            ]);
        }

        console.Write(table);
    }
}
