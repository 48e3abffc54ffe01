using System.Globalization;

namespace MatchCluster.AppHost;

/// <summary>One number that a command of the dashboard asks for.</summary>
/// <param name="Option">Option of the load generator's command line, without its dashes; also the input's
/// name.</param>
/// <param name="Label">What a person reads.</param>
/// <param name="Otherwise">What stands there at first.</param>
/// <param name="Least">No smaller number is taken.</param>
/// <param name="Most">No larger number is taken.</param>
/// <param name="Description">What it means, with its unit.</param>
internal sealed record LoadNumber(
    string Option, string Label, double Otherwise, double Least, double Most, string Description)
{
    /// <summary>It has no fraction.</summary>
    public bool IsWhole { get; init; }

    public InteractionInput Input() => new()
    {
        Name = Option,
        Label = Label,
        Description = $"{Description} {Text(Least)} to {Text(Most)}.",
        InputType = InputType.Number,
        Value = Text(Otherwise),
        Required = true,
    };

    /// <summary>What is wrong with what was typed; null where nothing is.</summary>
    public string? Wrong(InteractionInputCollection inputs)
    {
        string text = TextOf(inputs);
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            && value >= Least && value <= Most && !(IsWhole && !double.IsInteger(value))
            ? null
            : $"{Label}: found '{text}', wanted {(IsWhole ? "a whole number, " : "")}{Text(Least)} to {Text(Most)}";
    }

    /// <summary>What was typed, or what stood there at first.</summary>
    public string TextOf(InteractionInputCollection inputs) =>
        inputs.TryGetByName(Option, out InteractionInput? input) && !string.IsNullOrWhiteSpace(input.Value)
            ? input.Value.Trim() : Text(Otherwise);

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What the commands ask for before they start the load generator, and its command line from that.</summary>
internal sealed class LoadInputs(AppHostSettings settings, string scenarios)
{
    private const string Scenario = "scenario";
    private const string Mixed = "mixed";
    private const double LongestWarmUp = 3;

    private readonly LoadNumber people = new(
        "people", "People", settings.People, 1, 10_000_000, "Synthetic people in the gallery.")
    { IsWhole = true };

    private readonly LoadNumber rate = new(
        "first-rate", "Rate", 5, 0.01, 100_000, "Searches a second of the first step.");

    private readonly LoadNumber most = new(
        "most-rate", "Highest rate", 10_000, 0.01, 100_000, "Searches a second; no step is faster.");

    private readonly LoadNumber limit = new(
        "limit-ms", "Limit", 1000, 0.1, 120_000, "Milliseconds that 95 % of the answers must stay below.");

    private readonly LoadNumber step = new(
        "step", "Step", 20, 2, 3600, "Seconds of a step; a quarter of it, at most 3 s, is a warm-up and not counted.");

    private LoadNumber[] LadderNumbers => [people, rate, most, limit, step];

    public IReadOnlyList<InteractionInput> ForSeed() => [people.Input()];

    public IReadOnlyList<InteractionInput> ForLadder() =>
    [
        .. LadderNumbers.Select(number => number.Input()),
        new InteractionInput
        {
            Name = Scenario,
            Label = "Scenario",
            Description = "Who asks for what: a file of LoadTest/scenarios, or a mix of fingers, irises and both.",
            InputType = InputType.Choice,
            Options = [.. Files().Prepend(Mixed).Select(name => new KeyValuePair<string, string>(name, name))],
            Value = Mixed,
            Required = true,
        },
    ];

    /// <summary>What is wrong with a seed's inputs; null where nothing is.</summary>
    public string? WrongSeed(InteractionInputCollection inputs) => people.Wrong(inputs);

    /// <summary>What is wrong with a ladder's inputs; null where nothing is.</summary>
    public string? WrongLadder(InteractionInputCollection inputs)
    {
        if (LadderNumbers.Select(number => number.Wrong(inputs)).FirstOrDefault(wrong => wrong is not null)
            is { } first)
        {
            return first;
        }

        string scenario = ScenarioOf(inputs);
        return scenario == Mixed || Files().Contains(scenario)
            ? null : $"Scenario: found '{scenario}', wanted {string.Join(", ", Files().Prepend(Mixed))}";
    }

    public string[] Seed(InteractionInputCollection inputs) => ["seed", .. Of(people, inputs)];

    /// <param name="inputs">They have been checked.</param>
    /// <param name="report">File of the page that the ladder writes.</param>
    public string[] Ladder(InteractionInputCollection inputs, string report)
    {
        double seconds = double.Parse(step.TextOf(inputs), CultureInfo.InvariantCulture);
        string scenario = ScenarioOf(inputs);
        return
        [
            "ladder", .. LadderNumbers.SelectMany(number => Of(number, inputs)),
            "--warm-up", Math.Min(LongestWarmUp, seconds / 4).ToString(CultureInfo.InvariantCulture),
            .. scenario == Mixed ? Array.Empty<string>() : ["--scenario", Path.Combine(scenarios, $"{scenario}.json")],
            "--html", report,
        ];
    }

    private static string[] Of(LoadNumber number, InteractionInputCollection inputs) =>
        [$"--{number.Option}", number.TextOf(inputs)];

    private static string ScenarioOf(InteractionInputCollection inputs) =>
        inputs.TryGetByName(Scenario, out InteractionInput? input) && !string.IsNullOrWhiteSpace(input.Value)
            ? input.Value : Mixed;

    private IEnumerable<string> Files() => Directory.EnumerateFiles(scenarios, "*.json")
        .Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);
}
