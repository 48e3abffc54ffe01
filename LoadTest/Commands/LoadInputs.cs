using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using MatchCluster.LoadTest.Client;
using MatchCluster.LoadTest.Workload;
using MatchCluster.Matching.Model;

namespace MatchCluster.LoadTest.Commands;

/// <summary>
/// What every kind of run is asked for. What the command line says counts, then the scenario file, then the default.
/// </summary>
internal sealed class LoadInputs
{
    private readonly Option<string> url = new("--url")
    {
        Description = "Server.",
        DefaultValueFactory = _ => "http://127.0.0.1:5080",
    };

    private readonly Option<FileInfo?> scenario = new("--scenario")
    {
        Description = "JSON file with the mix, mated share, enrolments and so on (see LoadTest/scenarios).",
    };

    private readonly Option<int> people = Number(
        "--people", "Synthetic persons on the server: the number after --demo or seed --people.", 2000, 1, 10_000_000);

    private readonly Option<int> seed = Number(
        "--seed", "Seed of the population and of every draw.", 1, 0, int.MaxValue);

    private readonly Option<string> gallery = new("--gallery")
    {
        Description = "Gallery to search.",
        DefaultValueFactory = _ => "demo",
    };

    private readonly Option<string> mix = new("--mix")
    {
        Description = "Weights of the kinds of probe.",
        DefaultValueFactory = _ => "finger=60,iris=20,fused=20",
    };

    private readonly Option<double> mated = Number("--mated", "Share of probes whose person is enrolled.", 0.5, 0, 1);

    private readonly Option<double> enrol = Number(
        "--enrol-rate", "Enrolments a second beside the searches.", 5.0, 0, 100_000);

    private readonly Option<int> fingers = Number("--fingers", "Fingers of a finger probe.", 2, 1, 10);

    private readonly Option<int> deadline = Number(
        "--deadline-ms", "Deadline sent with every request.", 10_000, 1, 120_000);

    private readonly Option<int> inFlight = Number("--max-in-flight", "Most unanswered requests.", 4096, 1, 65_536);

    private readonly Option<int> pool = Number("--pool", "Most bodies prepared of each kind.", 1000, 1, 100_000);

    private readonly Option<double> warmUp = Number(
        "--warm-up", "Seconds at the start that are not counted.", 0.0, 0, 3600);

    private readonly Option<int> priority = Number(
        "--priority", "OSIA's priority, sent where it is said here or in the file; partners have their own.", 5, 0, 9);

    private readonly Option<string?> token = new("--token")
    {
        Description = "File with the access token of requests that bring none of their own.",
    };

    private readonly Option<string[]> partner = new("--partner")
    {
        Description = "A partner, NAME=TOKENFILE or NAME=TOKENFILE:SHARE, as often as there are partners. It asks what "
            + "the other options say, by its own access token, and its share of the searches.",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> remote = new("--allow-remote") { Description = "Allow a server on another machine." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])
            [
                url, scenario, people, seed, gallery, mix, mated, enrol, fingers, deadline, priority, inFlight, pool,
                warmUp, token, partner, remote,
            ])
        {
            command.Add(option);
        }
    }

    /// <summary>The run, without its rate and duration, or what is wrong with it.</summary>
    public bool TryRead(
        ParseResult parsed, double rate, TimeSpan duration, [NotNullWhen(true)] out LoadOptions? options,
        [NotNullWhen(false)] out string? error)
    {
        options = null;
        Scenario file = new();
        if (!TargetGuard.TryParse(parsed.GetValue(url)!, parsed.GetValue(remote), out Uri? target, out error))
        {
            return false;
        }

        if (parsed.GetValue(scenario) is { } from && !Scenario.TryRead(from, out file, out error))
        {
            return false;
        }

        if (IdRule.Check("--gallery", Value(parsed, gallery, file.Gallery)) is { } badGallery)
        {
            error = badGallery;
            return false;
        }

        string weights = Value(parsed, mix, file.Mix);
        if (!ProbeMix.TryParse(weights, out ProbeMix? read, out string wrong))
        {
            error = $"--mix: {wrong}";
            return false;
        }

        options = new LoadOptions
        {
            Url = target,
            Rate = rate,
            Duration = duration,
            WarmUp = TimeSpan.FromSeconds(parsed.GetValue(warmUp)),
            People = Value(parsed, people, file.People),
            Seed = Value(parsed, seed, file.Seed),
            Gallery = Value(parsed, gallery, file.Gallery),
            Mix = read,
            Mated = Value(parsed, mated, file.Mated),
            EnrolRate = Value(parsed, enrol, file.EnrolRate),
            Fingers = Value(parsed, fingers, file.Fingers),
            Deadline = TimeSpan.FromMilliseconds(Value(parsed, deadline, file.DeadlineMs)),
            Priority = IsSaid(parsed, priority) ? parsed.GetValue(priority) : file.Priority,
            MaxInFlight = parsed.GetValue(inFlight),
            Pool = parsed.GetValue(pool),
        };
        if (file.Partners is { } partners)
        {
            LoadOptions rest = options;
            double sum = partners.Sum(partner => partner.Share ?? 0);
            options = options with { Partners = [.. partners.Select(partner => partner.ToPartner(rest, sum))] };
        }

        return TryReadCallers(parsed, ref options, out error);
    }

    private bool TryReadCallers(ParseResult parsed, ref LoadOptions options, [NotNullWhen(false)] out string? error)
    {
        error = null;
        if (parsed.GetValue(token) is { } path)
        {
            if (!TokenFile.TryRead(path, out string? read, out string? unread))
            {
                error = $"--token: {unread}";
                return false;
            }

            options = options with { Token = read };
        }

        List<Partner> named = [];
        foreach (string text in parsed.GetValue(partner)!)
        {
            if (!TokenFile.TryReadPartner(text, options, out Partner? one, out error))
            {
                return false;
            }

            named.Add(one);
        }

        if (named.Count > 0 && options.Partners.Count > 0)
        {
            error = "--partner: found partners in the scenario too, wanted them in one place";
        }
        else if (named.Count > ScenarioPartner.Most || named.DistinctBy(one => one.Name).Count() < named.Count)
        {
            error = $"--partner: wanted at most {ScenarioPartner.Most}, of names that differ";
        }
        else if (named.Count > 0)
        {
            double sum = named.Sum(one => one.Share);
            options = options with { Partners = [.. named.Select(one => one with { Share = one.Share / sum })] };
        }

        return error is null;
    }

    public static Option<T> Number<T>(string name, string description, T otherwise, T least, T most)
        where T : INumber<T>
    {
        var option = new Option<T>(name)
        {
            Description = $"{description} {least} to {most}.",
            DefaultValueFactory = _ => otherwise,
        };
        option.Validators.Add((OptionResult result) =>
        {
            // The text and not the value: the library throws where it is asked for one that is no number.
            if (result.Tokens is [var said]
                && !(T.TryParse(said.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out T? value)
                    && value >= least && value <= most))
            {
                result.AddError($"{name}: found {said.Value}, wanted {least} to {most}");
            }
        });
        return option;
    }

    private static T Value<T>(ParseResult parsed, Option<T> option, T? inFile)
        where T : struct => IsSaid(parsed, option) ? parsed.GetValue(option) : inFile ?? parsed.GetValue(option);

    private static string Value(ParseResult parsed, Option<string> option, string? inFile) =>
        IsSaid(parsed, option) ? parsed.GetValue(option)! : inFile ?? parsed.GetValue(option)!;

    private static bool IsSaid(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };
}
