using System.Diagnostics.CodeAnalysis;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Extraction.Slaps;

/// <summary>Where the fingers of a picture are, or why that cannot be said.</summary>
public sealed record SlapSegmentation
{
    /// <summary>The fingers from the left; what was found, also beside a failure.</summary>
    public IReadOnlyList<SlapFinger> Fingers { get; init; } = [];

    /// <summary>Why no finger may be used; null where they may.</summary>
    public ExtractionFailure? Failure { get; init; }

    /// <summary>What was found and wanted, with the numbers; null where there is no failure.</summary>
    public Rejection? Rejection { get; init; }

    /// <summary>What a caller should know although there is a result: a code, a colon and a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>How far the hand leans to the right of upright, degrees.</summary>
    public double Degrees { get; init; }

    [MemberNotNullWhen(true, nameof(Failure), nameof(Rejection))]
    public bool IsRefused => Failure is not null;

    internal static SlapSegmentation Refused(ExtractionFailure failure, Rejection rejection) =>
        new() { Failure = failure, Rejection = rejection };
}
