using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MatchCluster.LoadTest.Workload;

/// <summary>
/// What callers of one kind ask for, kept in a small JSON file. Every member may be left out; one that is not known is
/// an error, so that a misspelt name does not quietly leave the default.
/// </summary>
internal sealed record Scenario
{
    /// <summary>What it stands for, for people.</summary>
    public string? Description { get; init; }

    public string? Gallery { get; init; }

    public int? People { get; init; }

    public int? Seed { get; init; }

    /// <summary>The mix of probes, written as for <c>--mix</c>.</summary>
    public string? Mix { get; init; }

    public double? Mated { get; init; }

    public double? EnrolRate { get; init; }

    public int? Fingers { get; init; }

    public int? DeadlineMs { get; init; }

    /// <summary>OSIA's, 0..9; left out, the server's default.</summary>
    public int? Priority { get; init; }

    /// <summary>Several kinds of callers at once; left out, there is one.</summary>
    public IReadOnlyList<ScenarioPartner>? Partners { get; init; }

    public static bool TryRead(FileInfo file, out Scenario scenario, [NotNullWhen(false)] out string? error)
    {
        scenario = new Scenario();
        try
        {
            using FileStream stream = file.OpenRead();
            scenario = JsonSerializer.Deserialize(stream, ScenarioJson.Default.Scenario)
                ?? throw new JsonException("found null, wanted an object");
            error = Outside(scenario) is { } outside ? $"--scenario: {file.Name}: {outside}" : null;
        }
        catch (JsonException broken)
        {
            error = $"--scenario: {file.Name}: {broken.Message}";
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            error = $"--scenario: {unread.Message}";
        }

        return error is null;
    }

    private static string? Outside(Scenario read) =>
        read.People is < 1 or > 10_000_000 ? $"people: found {read.People}, wanted 1 to 10000000"
        : read.Seed < 0 ? $"seed: found {read.Seed}, wanted 0 or more"
        : read.Mated is < 0 or > 1 ? $"mated: found {read.Mated}, wanted 0 to 1"
        : read.EnrolRate is < 0 or > 100_000 ? $"enrolRate: found {read.EnrolRate}, wanted 0 to 100000"
        : read.Fingers is < 1 or > 10 ? $"fingers: found {read.Fingers}, wanted 1 to 10"
        : read.DeadlineMs is < 1 or > 120_000 ? $"deadlineMs: found {read.DeadlineMs}, wanted 1 to 120000"
        : read.Priority is < 0 or > 9 ? $"priority: found {read.Priority}, wanted 0 to 9"
        : read.Partners is { } partners ? ScenarioPartner.Outside(partners)
        : null;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, ReadCommentHandling = JsonCommentHandling.Skip,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Scenario))]
internal sealed partial class ScenarioJson : JsonSerializerContext;
