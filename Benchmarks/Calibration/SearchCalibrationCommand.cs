using System.CommandLine;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>
/// What a search at the server's own threshold finds: the fingers of one set among generated people, scored by curves
/// that never saw the set, and by curves of the gallery's own comparisons, as an installation would fit them.
/// </summary>
internal static class SearchCalibrationCommand
{
    private const double Target = 0.01;

    public static Command Create(IAnsiConsole console)
    {
        var fingers = new Option<DirectoryInfo>("--fingers")
        {
            Description = "Folder of sets, each a folder of records F_I.iso; the first impression is enrolled.",
            Required = true,
        };
        var people = new Option<int>("--people")
        {
            Description = "Generated people beside each set's fingers, two fingers each.",
            DefaultValueFactory = _ => 5000,
        };
        people.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is not (>= 100 and <= 100_000))
            {
                result.AddError("--people: wanted 100 to 100000");
            }
        });
        var command = new Command("search", "Says what searches at the server's threshold miss and find wrongly.")
        {
            fingers, people,
        };
        command.SetAction(parsed => Run(parsed.GetValue(fingers)!, parsed.GetValue(people), console));
        return command;
    }

    private static int Run(DirectoryInfo folder, int people, IAnsiConsole console)
    {
        if (FingerViews.Try(() => FingerViews.OfFolder(folder, null, Console.Error.WriteLine)) is not { } views)
        {
            return RunCommand.Misused;
        }

        var fit = new FingerCalibrationFit(
            FingerCalibrationRun.NonMated(views.Views, views.DifferInside), views.SetOf, views.Allowance);
        var gallery = new SearchedGallery(people);
        InstallationFit own = InstallationFit.Of(gallery.AsViews(), pairs: 100_000, draws: 10);
        ScoreCalibration ofGallery = new("gallery", own.Curves, default);
        (string Name, Func<int, ScoreCalibration> Of)[] calibrations =
        [
            ("of the other sets", set => SetClaimTable.WithoutSet(fit, set)),
            ("of the gallery", _ => ofGallery),
            .. views.Extractor == FingerExtractorId.Unknown ? [] : new[]
            {
                Committed(FingerCalibration.Others), Committed(views.Committed),
            },
        ];
        foreach (int together in (int[])[1, 2])
        {
            console.WriteLine(
                $"{together} finger{(together > 1 ? "s" : "")} a search, asked FPIR {Target}: searches for those "
                + "enrolled, and the same with them taken out");
            Table table = ClaimTable.New(
                "set", "scored by curves", "identities", "threshold", "missed (FNIR)", "false (FPIR)",
                "true threshold", "missed there");
            foreach ((string name, Func<int, ScoreCalibration> of) in calibrations)
            {
                List<SearchOutcome> all = [];
                for (int set = 0; set < views.SetNames.Count; set++)
                {
                    SearchOutcome[] searched = gallery.Search(views, set, together, of(set));
                    AddRow(table, views.SetNames[set], name, searched);
                    all.AddRange(searched);
                }

                AddRow(table, "all", name, all);
            }

            console.Write(table);
        }

        return 0;
    }

    /// <summary>One kind of committed curves for every pair.</summary>
    private static (string Name, Func<int, ScoreCalibration> Of) Committed(FingerCurves curves)
    {
        ScoreCalibration by = new(curves.Name, curves, own: null);
        return (curves.Name, _ => by);
    }

    private static void AddRow(Table table, string set, string curves, IReadOnlyList<SearchOutcome> searched)
    {
        int found = searched.Count(s => s.Mate < s.Threshold);
        double[] strangers = [.. searched.Select(s => s.Stranger).OrderDescending()];
        double real = strangers[(int)(Target * strangers.Length)];
        table.AddRow(
            Markup.Escape(set), curves,
            Span(searched.Select(s => s.Identities), "#,0"), Span(searched.Select(s => s.Threshold), "0.0"),
            Markup.Escape(new Proportion(found, searched.Count).ToString()),
            Markup.Escape(
                new Proportion(searched.Count(s => s.Stranger >= s.Threshold), searched.Count).ToString()),
            $"{real:0.0}",
            Markup.Escape(new Proportion(searched.Count(s => s.Mate <= real), searched.Count).ToString()));
    }

    private static string Span(IEnumerable<double> values, string format)
    {
        double[] sorted = [.. values.Order()];
        string low = sorted[0].ToString(format);
        return sorted[0] == sorted[^1] ? low : $"{low}-{sorted[^1].ToString(format)}";
    }
}
