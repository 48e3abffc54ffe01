using System.Reflection;
using MatchCluster.Matching.Scatter;

namespace MatchCluster.Api;

/// <summary>What answers say about who made them: a score can only be repeated by the same version.</summary>
internal static class EngineVersion
{
    public static string Number { get; } = typeof(MatchEngine).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static string Text { get; } = "matchcluster/" + Number;
}
