using System.Reflection;

namespace MatchCluster.Matching;

/// <summary>What answers say about who made them: a score can only be repeated by the same version.</summary>
public static class EngineVersion
{
    public static string Number { get; } = typeof(EngineVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static string Text { get; } = "matchcluster/" + Number;
}
