using MatchCluster.LoadTest.Reports;

namespace MatchCluster.LoadTest.Fairness;

/// <summary>What one partner got in one situation, all rounds together.</summary>
internal sealed record FairnessRow(
    string Situation, string Partner, double AskedPerSecond, double AnsweredPerSecond, KindReport Searches);

/// <summary>One second of the quiet partner in one situation; rounds follow each other.</summary>
internal sealed record FairnessSecond(string Situation, double Time, double P95Ms);

/// <summary>The whole comparison as a program reads it.</summary>
internal sealed record FairnessReport
{
    public int Version { get; init; } = 1;

    public required string Url { get; init; }

    public required string Gallery { get; init; }

    public required int People { get; init; }

    public required double SecondsOfEach { get; init; }

    public required double WarmUpSeconds { get; init; }

    public required int Rounds { get; init; }

    public required double Factor { get; init; }

    public required string Quiet { get; init; }

    public required string Noisy { get; init; }

    public required IReadOnlyList<FairnessRow> Rows { get; init; }

    /// <summary>Cores of this machine that were busy in each situation, everybody's; empty where not known.</summary>
    public required IReadOnlyDictionary<string, double> BusyCores { get; init; }

    public required IReadOnlyList<FairnessSecond> Timeline { get; init; }

    /// <summary>The quiet partner's p95 beside the noisy one, over that where both keep to their share.</summary>
    public required double RatioToShares { get; init; }

    /// <summary>The quiet partner's p95 beside the noisy one, over that where it is alone.</summary>
    public required double RatioToAlone { get; init; }

    /// <summary>What the first of them may be.</summary>
    public required double MostRatio { get; init; }

    /// <summary>Searches of the quiet partner that were refused or failed beside the noisy one, as a share.</summary>
    public required double QuietLost { get; init; }

    /// <summary>True where it ended before its time.</summary>
    public required bool CutShort { get; init; }

    /// <summary>Whether the noisy partner's haste stayed its own: one in a hundred may be lost by chance.</summary>
    public bool Held => !CutShort && RatioToShares <= MostRatio && QuietLost <= 0.01;

    /// <summary>What was found, in a sentence.</summary>
    public string Sentence =>
        $"p95 of {Quiet} while {Noisy} asks {Factor:0.#} times its share: {RatioToShares:0.00} times that of both at "
        + $"their share, {RatioToAlone:0.00} times that of {Quiet} alone; {QuietLost:0.0%} of its searches were lost. "
        + (Held ? "It holds." : CutShort ? "It was cut short." : $"Wanted at most {MostRatio:0.00} and 1 %.");
}
