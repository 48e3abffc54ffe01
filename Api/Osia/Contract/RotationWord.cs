using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Scatter;

namespace MatchCluster.Api.Osia.Contract;

/// <summary>The words for <see cref="Rotation"/>.</summary>
internal static class RotationWord
{
    public const string Normal = "normal";
    public const string Full = "full";

    /// <summary>What is wrong with a word; null where nothing is, or nothing was said.</summary>
    public static Failure? Check(string? word) => word is null or Normal or Full ? null
        : Failure.Invalid("rotation", word, $"{Normal} or {Full}");

    /// <summary>The rotation of a checked word; normal where nothing was said.</summary>
    public static Rotation Of(string? word) => word == Full ? Rotation.Full : Rotation.Normal;
}
