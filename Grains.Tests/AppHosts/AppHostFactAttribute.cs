using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;

namespace MatchCluster.Grains.Tests.AppHosts;

/// <summary>A test that starts the app host; skipped where Aspire's orchestrator does not run.</summary>
internal sealed class AppHostFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Missing = new(WhatIsMissing);

    public AppHostFactAttribute() => Skip = Missing.Value;

    private static string? WhatIsMissing()
    {
        string? orchestrator = typeof(Projects.AppHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(each => each.Key.Equals("dcpclipath", StringComparison.OrdinalIgnoreCase))?.Value;
        if (!File.Exists(orchestrator))
        {
            return $"Aspire's orchestrator is not at '{orchestrator}'";
        }

        try
        {
            using Process asked = Process.Start(new ProcessStartInfo(orchestrator, ["version"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            return asked.WaitForExit(TimeSpan.FromSeconds(30)) && asked.ExitCode == 0
                ? null : $"Aspire's orchestrator does not run here: {asked.StandardError.ReadToEnd()}";
        }
        catch (Win32Exception refused)
        {
            return $"Aspire's orchestrator cannot be started here: {refused.Message}";
        }
    }
}
