using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MatchCluster.LoadTest.Capacity;

/// <summary>What was measured on one machine, kept in a small JSON file; everything else is computed from it.</summary>
internal sealed record MachineFigures
{
    /// <summary>The figures used by default, in the folder that is copied beside the program.</summary>
    public const string DefaultFile = "figures/xeon-cascade-lake-2.5ghz.json";

    public required string Machine { get; init; }

    /// <summary>Where the measurements are written down.</summary>
    public required string Source { get; init; }

    /// <summary>Milliseconds from the front end to a silo and back, beside the search.</summary>
    public required double MessageMs { get; init; }

    /// <summary>Milliseconds of the front end for each silo's answer.</summary>
    public required double GatherMs { get; init; }

    public required IReadOnlyList<ProbeFigures> Probes { get; init; }

    public static bool TryRead(
        FileInfo file, [NotNullWhen(true)] out MachineFigures? figures, [NotNullWhen(false)] out string? error)
    {
        figures = null;
        error = null;
        try
        {
            using FileStream stream = file.OpenRead();
            MachineFigures read = JsonSerializer.Deserialize(stream, MachineFiguresJson.Default.MachineFigures)
                ?? throw new JsonException("found null, wanted an object");
            error = Outside(read) is { } outside ? $"--figures: {file.Name}: {outside}" : null;
            figures = read;
        }
        catch (JsonException broken)
        {
            error = $"--figures: {file.Name}: {broken.Message}";
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            error = $"--figures: {unread.Message}";
        }

        return error is null;
    }

    private static string? Outside(MachineFigures read)
    {
        if (!(read.MessageMs >= 0 && read.GatherMs >= 0))
        {
            return $"messageMs, gatherMs: found {read.MessageMs}, {read.GatherMs}, wanted 0 or more";
        }

        if (read.Probes.Count == 0)
        {
            return "probes: found none, wanted one at least";
        }

        ProbeFigures? wrong = read.Probes.FirstOrDefault(
            probe => !(probe.AlonePerSecond > 0 && probe.TogetherPerSecond > 0 && probe.BytesPerIdentity > 0));
        return wrong is null ? null : $"probes: found {wrong}, wanted numbers above 0";
    }
}

/// <param name="Name">What the probe and the gallery have.</param>
/// <param name="AlonePerSecond">Identities a second and core, a lone probe.</param>
/// <param name="TogetherPerSecond">
/// Identities a second and core with <see cref="Together"/> probes in one pass, counted for each probe.
/// </param>
/// <param name="BytesPerIdentity">Memory of the gallery.</param>
internal sealed record ProbeFigures(
    string Name, double AlonePerSecond, double TogetherPerSecond, double BytesPerIdentity)
{
    /// <summary>Probes of the measured batch.</summary>
    public const int Together = 8;

    /// <summary>
    /// Core seconds of one pass of some probes over some identities: a part that a pass costs once and a part for each
    /// probe, so that the two measured rates come out. Where a batch was slower than as many lone probes, every probe
    /// costs what it costs in the batch.
    /// </summary>
    public double CoreSeconds(double identities, int probes)
    {
        double alone = identities / AlonePerSecond;
        double together = identities / TogetherPerSecond;
        if (together >= alone)
        {
            return together * probes;
        }

        double each = ((Together * together) - alone) / (Together - 1);
        return each <= 0 ? alone : alone - each + (each * probes);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, ReadCommentHandling = JsonCommentHandling.Skip,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(MachineFigures))]
internal sealed partial class MachineFiguresJson : JsonSerializerContext;
