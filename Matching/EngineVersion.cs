using System.Reflection;

namespace MatchCluster.Matching;

/// <summary>
/// What an answer says about the engine that made it: only that version is sure to repeat a score.
/// </summary>
public static class EngineVersion
{
    public static string Number { get; } = typeof(EngineVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static string Text { get; } = "matchcluster/" + Number;
}
