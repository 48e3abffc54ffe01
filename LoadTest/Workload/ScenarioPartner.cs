namespace MatchCluster.LoadTest.Workload;

/// <summary>A partner as a scenario file holds it; what it leaves out is the scenario's.</summary>
internal sealed record ScenarioPartner
{
    public const int Most = 32;
    private const int LongestName = 64;

    /// <summary>How far from 1 shares may add up: 0.33 three times is meant as thirds.</summary>
    private const double ShareSlack = 0.015;

    /// <summary>Headers that the generator sets itself.</summary>
    private static readonly string[] Own =
        ["Host", "Content-Type", "Content-Length", "Transfer-Encoding", "Connection", "MatchCluster-Deadline-Ms"];

    public string? Name { get; init; }

    public double? Share { get; init; }

    public int? Priority { get; init; }

    /// <summary>The mix of probes, written as for <c>--mix</c>.</summary>
    public string? Mix { get; init; }

    public double? Mated { get; init; }

    public int? Fingers { get; init; }

    public int? DeadlineMs { get; init; }

    public IReadOnlyDictionary<string, string?>? Headers { get; init; }

    /// <summary>What is wrong with the partners of a file, or null. No value of a header is repeated.</summary>
    public static string? Outside(IReadOnlyList<ScenarioPartner?> partners)
    {
        if (partners.Count is 0 or > Most)
        {
            return $"partners: found {partners.Count}, wanted 1 to {Most}, or no such member";
        }

        for (int i = 0; i < partners.Count; i++)
        {
            if ((partners[i] is { } one ? one.Outside() : ": found null, wanted an object") is { } wrong)
            {
                return $"partners[{i}]{wrong}";
            }
        }

        string? twice = partners.GroupBy(one => one!.Name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(same => same.Count() > 1)?.Key;
        double sum = partners.Sum(one => one!.Share!.Value);
        return twice is not null ? $"partners: found '{twice}' twice, wanted names that differ"
            : Math.Abs(sum - 1) > ShareSlack ? $"partners: found shares that add up to {sum:0.###}, wanted 1"
            : null;
    }

    /// <summary>The partner, once <see cref="Outside(IReadOnlyList{ScenarioPartner})"/> found nothing.</summary>
    /// <param name="scenario">The values for what the partner leaves out.</param>
    /// <param name="sum">The sum of all shares.</param>
    public Partner ToPartner(LoadOptions scenario, double sum)
    {
        ProbeMix? mix = null;
        if (Mix is not null && !ProbeMix.TryParse(Mix, out mix, out string wrong))
        {
            throw new InvalidOperationException(wrong);
        }

        return new Partner
        {
            Name = Name!,
            Share = Share!.Value / sum,
            Priority = Priority ?? scenario.Priority,
            Mix = mix ?? scenario.Mix,
            Mated = Mated ?? scenario.Mated,
            Fingers = Fingers ?? scenario.Fingers,
            Deadline = DeadlineMs is { } deadline ? TimeSpan.FromMilliseconds(deadline) : scenario.Deadline,
            Headers = (Headers ?? new Dictionary<string, string?>()).ToDictionary(
                header => header.Key, header => header.Value!),
        };
    }

    private string? Outside() =>
        string.IsNullOrWhiteSpace(Name) || Name.Length > LongestName
            ? $".name: found {(Name is null ? "nothing" : $"'{Name}'")}, wanted 1 to {LongestName} characters"
        : Share is null ? ".share: found nothing, wanted more than 0 and at most 1"
        : Share is not (> 0 and <= 1) ? $".share: found {Share}, wanted more than 0 and at most 1"
        : Priority is < 0 or > 9 ? $".priority: found {Priority}, wanted 0 to 9"
        : Mix is not null && !ProbeMix.TryParse(Mix, out _, out string mix) ? $".mix: {mix}"
        : Mated is < 0 or > 1 ? $".mated: found {Mated}, wanted 0 to 1"
        : Fingers is < 1 or > 10 ? $".fingers: found {Fingers}, wanted 1 to 10"
        : DeadlineMs is < 1 or > 120_000 ? $".deadlineMs: found {DeadlineMs}, wanted 1 to 120000"
        : Headers?.Select(header => OutsideOf(header.Key, header.Value)).FirstOrDefault(bad => bad is not null);

    private static string? OutsideOf(string name, string? value) =>
        name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? $".headers: found the name '{name}', wanted letters, digits, - and _"
        : Own.Contains(name, StringComparer.OrdinalIgnoreCase)
            ? $".headers: found '{name}', wanted none that the generator sets itself"
        : value is null ? $".headers.{name}: found null, wanted text"
        : !value.All(c => c is >= ' ' and <= '~') ? $".headers.{name}: found what is no printable ASCII, wanted that"
        : null;
}
