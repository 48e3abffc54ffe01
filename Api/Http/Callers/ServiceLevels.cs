using System.Text.Json;
using System.Text.Json.Serialization;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Http.Callers;

/// <summary>The service levels of an installation: by name, and by OSIA's numbers.</summary>
internal sealed class ServiceLevels
{
    /// <summary>Header that names a level; in answers it says whether the level was met.</summary>
    public const string Header = "MC-Service-Level";

    /// <summary>OSIA's query parameter, 0..9.</summary>
    public const string Parameter = "serviceLevel";

    private const int MostLevels = 16;
    private const int LongestName = 32;
    private const int MostNumber = 9;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private readonly Dictionary<string, ServiceLevel> byName;
    private readonly Dictionary<int, ServiceLevel> byNumber;

    private ServiceLevels(IReadOnlyList<ServiceLevel> levels)
    {
        All = levels;
        byName = levels.ToDictionary(level => level.Name, StringComparer.Ordinal);
        byNumber = levels.SelectMany(level => level.Numbers.Select(number => (number, level)))
            .ToDictionary(pair => pair.number, pair => pair.level);
    }

    /// <summary>Those of the FBI's NGI, by the times in which its answers are due.</summary>
    public static ServiceLevels Default { get; } = new(
    [
        new ServiceLevel("rapid", TimeSpan.FromSeconds(10), new Priority(8), [9]),
        new ServiceLevel("criminal", TimeSpan.FromMinutes(10), new Priority(6), [6, 7, 8]),
        new ServiceLevel("civil", TimeSpan.FromMinutes(15), new Priority(5), [3, 4, 5]),
        new ServiceLevel("routine", TimeSpan.FromHours(2), new Priority(2), [0, 1, 2]),
    ]);

    public IReadOnlyList<ServiceLevel> All { get; }

    /// <summary>The level of a name; null where there is none.</summary>
    public ServiceLevel? Named(string name) => byName.GetValueOrDefault(name);

    /// <summary>The levels of a file.</summary>
    /// <param name="json">Its text.</param>
    /// <exception cref="InvalidDataException">They cannot be used; the message says where and why.</exception>
    public static ServiceLevels Read(string json)
    {
        LevelLine?[] lines = LinesOf(json);
        if (lines.Length is 0 or > MostLevels)
        {
            throw new InvalidDataException($"levels: found {lines.Length}, wanted 1..{MostLevels}");
        }

        List<ServiceLevel> levels = [];
        for (int i = 0; i < lines.Length; i++)
        {
            LevelLine line = lines[i] ?? new LevelLine(null, null, null, null);
            int[] numbers = line.ServiceLevel ?? [];
            string? problem =
                line.Name is not { Length: > 0 and <= LongestName }
                || !line.Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
                    ? $"name: wanted 1..{LongestName} small letters, digits and hyphens"
                : levels.Any(level => level.Name == line.Name) ? "name: found that of an earlier level"
                : line.Seconds is not > 0 || line.Seconds > Longest.TotalSeconds
                    ? $"seconds: wanted a number above 0, at most {Longest.TotalSeconds}"
                : line.Priority is not (>= 0 and < Callers.Priority.Levels)
                    ? $"priority: wanted 0..{Callers.Priority.Levels - 1}"
                : numbers.Any(number => number is < 0 or > MostNumber) ? $"serviceLevel: wanted numbers 0..{MostNumber}"
                : numbers.Length != numbers.Distinct().Count()
                    || levels.Any(level => level.Numbers.Intersect(numbers).Any())
                    ? "serviceLevel: found a number twice"
                : null;
            if (problem is not null)
            {
                throw new InvalidDataException($"levels[{i}]: {problem}");
            }

            levels.Add(new ServiceLevel(
                line.Name!, TimeSpan.FromSeconds(line.Seconds!.Value), new Priority(line.Priority!.Value), numbers));
        }

        return new ServiceLevels(levels);
    }

    /// <summary>The failure of a call that names a level which is none, or two; null where it may go on.</summary>
    public static Failure? Check(HttpContext http) => Read(http).Failure;

    /// <summary>The level of a call; null where it names none that there is.</summary>
    public static ServiceLevel? Of(HttpContext http) => Read(http).Level;

    private static (ServiceLevel? Level, Failure? Failure) Read(HttpContext http)
    {
        string? named = http.Request.Headers[Header];
        string? numbered = http.Request.Query[Parameter];
        if (string.IsNullOrEmpty(named) && string.IsNullOrEmpty(numbered))
        {
            return default;
        }

        ServiceLevels levels = http.RequestServices.GetRequiredService<ServiceLevels>();
        ServiceLevel? byName = null;
        ServiceLevel? byNumber = null;
        if (!string.IsNullOrEmpty(named) && (byName = levels.Named(named)) is null)
        {
            return (null, Unknown(Header, named, string.Join(", ", levels.byName.Keys)));
        }

        if (!string.IsNullOrEmpty(numbered))
        {
            if (Priority.Check(http.Request.Query, Parameter) is { } wrong)
            {
                return (null, wrong);
            }

            if (!Numerals.TryReadWhole(numbered, out int number)
                || (byNumber = levels.byNumber.GetValueOrDefault(number)) is null)
            {
                return (null, Unknown(Parameter, numbered, string.Join(", ", levels.byNumber.Keys.Order())));
            }
        }

        return byName is not null && byNumber is not null && byName != byNumber
            ? (null, new Failure(
                FailureCode.UnknownServiceLevel,
                $"{Header}: found {byName.Name} beside {Parameter}={numbered}, which is {byNumber.Name}"))
            : (byName ?? byNumber, null);
    }

    private static Failure Unknown(string name, string found, string wanted) =>
        Failure.Invalid(name, found, wanted) with { Code = FailureCode.UnknownServiceLevel };

    private static LevelLine?[] LinesOf(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ServiceLevelJson.Default.LevelFile)?.Levels
                ?? throw new InvalidDataException("found null, wanted an object with an array levels");
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException(JsonFailures.Of(wrong).Message, wrong);
        }
    }
}

internal sealed record LevelFile(LevelLine?[]? Levels);

/// <param name="Name">The level.</param>
/// <param name="Seconds">Its deadline.</param>
/// <param name="Priority">0..9.</param>
/// <param name="ServiceLevel">OSIA's numbers that choose it.</param>
internal sealed record LevelLine(string? Name, double? Seconds, int? Priority, int[]? ServiceLevel);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(LevelFile))]
internal sealed partial class ServiceLevelJson : JsonSerializerContext;
