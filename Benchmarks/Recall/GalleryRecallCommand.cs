using System.CommandLine;
using MatchCluster.Benchmarks.Runner;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Recall;

/// <summary>The half of <c>recall</c> that searches a gallery of generated people.</summary>
internal sealed class GalleryRecallCommand
{
    private readonly Option<int> probes = Number(
        "--probes", "Enrolled people who are searched for by a later capture, 1 to the people.", 400, 1, 100_000);

    private readonly Option<int> fingers = Number(
        "--fingers-a-person", "Fingers of everybody; probes have as many, and one.", 2, 1,
        GeneratedGallery.MostFingers);

    private readonly Option<int> exhaustive = Number(
        "--exhaustive", "Probes of strangers that are searched without a first stage too, which takes its time.", 0, 0,
        1000);

    private readonly Option<double> thin = new("--thin")
    {
        Description = "Share of minutiae that is dropped from the probes of the harder set, 0 to 0.9; 0: no such set.",
        DefaultValueFactory = _ => 1 / 3.0,
    };

    private readonly Option<FileInfo?> json = new("--json") { Description = "Also write the result to this file." };

    public GalleryRecallCommand()
    {
        thin.Validators.Add(result => Check(result.GetValueOrDefault<double>() is >= 0 and <= 0.9
            ? null : "--thin: wanted 0 to 0.9", result.AddError));
        Threshold.Validators.Add(result => Check(result.GetValueOrDefault<double>() is >= 0 and <= 100
            ? null : "--threshold: wanted 0 to 100", result.AddError));
    }

    /// <summary>From which score somebody counts as found; a folder's sets are read by it too.</summary>
    public Option<double> Threshold { get; } = new("--threshold")
    {
        Description = "Score (-10 log10 FMR) from which somebody is found, 0 to 100.",
        DefaultValueFactory = _ => EvidenceSet.FoundFrom,
    };

    /// <summary>Fewer have no first stage.</summary>
    public Option<int?> People { get; } = new("--people")
    {
        Description = "Generated people to search among, 128 or more, instead of a folder.",
    };

    public void AddTo(Command command)
    {
        People.Validators.Add(result => Check(
            result.GetValueOrDefault<int?>() is null or (>= 128 and <= 10_000_000)
                ? null : "--people: wanted 128 to 10000000", result.AddError));
        foreach (Option option in (Option[])[People, probes, fingers, exhaustive, thin, Threshold, json])
        {
            command.Add(option);
        }
    }

    public async Task<int> RunAsync(ParseResult parsed, IAnsiConsole console)
    {
        int people = parsed.GetValue(People)!.Value;
        int asked = parsed.GetValue(probes);
        double from = parsed.GetValue(Threshold);
        if (asked > people)
        {
            await Console.Error.WriteLineAsync($"--probes: found {asked}, wanted at most the {people} people");
            return RunCommand.Misused;
        }

        var gallery = new GeneratedGallery(people, parsed.GetValue(fingers), Console.Error.WriteLine);
        Machine machine = Machine.Read();
        List<MatedRecall> mated = [];
        List<StrangerRecall> strangers = [];
        foreach (int count in new[] { gallery.Fingers, 1 }.Distinct())
        {
            foreach (double thinned in new[] { 0, parsed.GetValue(thin) }.Distinct())
            {
                mated.Add(GalleryRecall.Mated(gallery, asked, count, thinned, from));
                await SaveAsync();
            }
        }

        if (parsed.GetValue(exhaustive) is > 0 and int alsoExhaustive)
        {
            foreach (int count in new[] { gallery.Fingers, 1 }.Distinct())
            {
                strangers.Add(GalleryRecall.Strangers(gallery, alsoExhaustive, count, from));
                await SaveAsync();
            }
        }

        Report().Write(console);
        return 0;

        GalleryRecallReport Report() => GalleryRecallReport.Of(machine, gallery, from, mated, strangers);

        // A case may take minutes: what is known is kept before the next begins.
        async Task SaveAsync()
        {
            await Console.Error.WriteLineAsync($"{mated.Count + strangers.Count} cases done");
            if (parsed.GetValue(json) is { } file)
            {
                await GalleryRecallJson.WriteAsync(file, Report());
            }
        }
    }

    private static Option<int> Number(string name, string description, int usual, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result => Check(
            result.GetValueOrDefault<int>() is int value && value >= least && value <= most
                ? null : $"{name}: wanted {least} to {most}", result.AddError));
        return option;
    }

    private static void Check(string? wrong, Action<string> addError)
    {
        if (wrong is not null)
        {
            addError(wrong);
        }
    }
}
