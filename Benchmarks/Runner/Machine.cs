using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MatchCluster.Benchmarks.Runner;

/// <summary>What the figures were measured on and of which commit.</summary>
internal sealed record Machine(string Cpu, int Cores, string Level, string Commit)
{
    private const int GitWaitMilliseconds = 5000;

    public static Machine Read() => new(CpuName(), Environment.ProcessorCount, LevelName(), CommitName());

    /// <summary>The widest level the process may use; DOTNET_EnableAVX512=0 and its like lower it.</summary>
    public static string LevelName() =>
        Avx512BW.IsSupported ? "avx512"
        : Avx2.IsSupported ? "avx2"
        : Vector128.IsHardwareAccelerated ? "128"
        : "scalar";

    private static string CpuName()
    {
        const string list = "/proc/cpuinfo";
        string? model = File.Exists(list)
            ? File.ReadLines(list).FirstOrDefault(
                line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return model is not null
            ? model[(model.IndexOf(':') + 1)..].Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
                ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static string CommitName()
    {
        if (Git("rev-parse --short HEAD") is not { Length: > 0 } commit)
        {
            return "unknown";
        }

        return Git("status --porcelain --untracked-files=no") is "" ? commit : commit + "-dirty";
    }

    /// <summary>
    /// Output of git in the folder the program was built in; null where there is no git or no repository.
    /// </summary>
    private static string? Git(string arguments)
    {
        try
        {
            using Process? git = Process.Start(new ProcessStartInfo("git", arguments)
            {
                WorkingDirectory = AppContext.BaseDirectory,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
            if (git is null)
            {
                return null;
            }

            Task<string> errors = git.StandardError.ReadToEndAsync();
            Task<string> output = git.StandardOutput.ReadToEndAsync();
            if (!git.WaitForExit(GitWaitMilliseconds))
            {
                git.Kill();
                return null;
            }

            Task.WaitAll(errors, output);
            return git.ExitCode == 0 ? output.Result.Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
