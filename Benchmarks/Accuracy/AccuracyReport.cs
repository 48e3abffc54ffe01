using System.Text.Json;
using System.Text.Json.Serialization;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Benchmarks.Accuracy;

/// <summary>What <c>accuracy</c> says, for a program.</summary>
internal sealed record AccuracyReport(
    string Commit, IReadOnlyDictionary<string, SetReport> Sets, SetReport Pooled, double MeanEer)
{
    public static AccuracyReport Of(Machine machine, IReadOnlyList<SetResult> sets, SetResult pooled) => new(
        machine.Commit,
        sets.ToDictionary(set => set.Name, SetReport.Of),
        SetReport.Of(pooled),
        sets.Average(set => set.Scores.EqualErrorRate()));
}

/// <summary>Rates are shares, 0..1; intervals at 95 %.</summary>
internal sealed record SetReport
{
    /// <summary>The operating points that are reported, as they are written in the JSON.</summary>
    public static IReadOnlyList<(string Name, double Fmr)> Points { get; } =
        [("0.01", 0.01), ("0.001", 0.001), ("0.0001", 0.0001)];

    public required int Mated { get; init; }

    public required int NonMated { get; init; }

    public required int Failures { get; init; }

    public required double Eer { get; init; }

    /// <summary>The FNMR at each FMR.</summary>
    public required IReadOnlyDictionary<string, double> Fnmr { get; init; }

    /// <summary>Wilson's intervals, which take every comparison for independent.</summary>
    public required IReadOnlyDictionary<string, double[]> FnmrInterval { get; init; }

    /// <summary>Intervals by drawing fingers with replacement (<see cref="FingerBootstrap"/>).</summary>
    public required IReadOnlyDictionary<string, double[]> FnmrBootstrap { get; init; }

    public required double[] EerBootstrap { get; init; }

    /// <summary>Score (-10 log10 FMR) that each operating point was reached at.</summary>
    public required IReadOnlyDictionary<string, double> Threshold { get; init; }

    public required double Rank1 { get; init; }

    public required double[] Rank1Interval { get; init; }

    public required int Rank1Probes { get; init; }

    /// <summary>Corners of the DET curve, highest FMR first.</summary>
    public required IReadOnlyList<DetPoint> Det { get; init; }

    public static SetReport Of(SetResult result)
    {
        var fnmr = Points.ToDictionary(point => point.Name, point => FnmrAt(result, point.Fmr));
        BootstrapIntervals drawn = FingerBootstrap.Of(result.Comparisons, [.. Points.Select(point => point.Fmr)]);
        return new SetReport
        {
            Mated = result.Scores.Mated,
            NonMated = result.Scores.NonMated,
            Failures = result.Failures,
            Eer = result.Scores.EqualErrorRate(),
            Fnmr = fnmr.ToDictionary(pair => pair.Key, pair => pair.Value.Value),
            FnmrInterval = fnmr.ToDictionary(
                pair => pair.Key, pair => new[] { pair.Value.Low, pair.Value.High }),
            FnmrBootstrap = Points.Zip(drawn.Fnmr).ToDictionary(
                pair => pair.First.Name, pair => new[] { pair.Second.Low, pair.Second.High }),
            EerBootstrap = [drawn.Eer.Low, drawn.Eer.High],
            Threshold = Points.ToDictionary(
                point => point.Name, point => result.Scores.ThresholdAt(point.Fmr)),
            Rank1 = result.Rank1.Value,
            Rank1Interval = [result.Rank1.Low, result.Rank1.High],
            Rank1Probes = result.Rank1.Of,
            Det = DetCurve.Corners(result.Scores),
        };
    }

    public static Proportion FnmrAt(SetResult result, double fmr) =>
        new(result.Scores.MissesAt(result.Scores.ThresholdAt(fmr)), result.Scores.Mated);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    WriteIndented = true)]
[JsonSerializable(typeof(AccuracyReport))]
internal sealed partial class AccuracyJson : JsonSerializerContext
{
    public static async Task WriteAsync(FileInfo file, AccuracyReport report)
    {
        file.Directory?.Create();
        await using FileStream stream = file.Create();
        await JsonSerializer.SerializeAsync(stream, report, Default.AccuracyReport);
    }
}
