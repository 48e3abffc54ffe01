using System.ComponentModel;
using System.Diagnostics;

namespace MatchCluster.Matching.Tests.Storage;

/// <summary>
/// Another process that holds a file lock: `flock` of util-linux, which then becomes `cat`.
/// </summary>
internal sealed class OtherOwner : IDisposable
{
    private readonly Process process;

    private OtherOwner(Process process) => this.process = process;

    /// <summary>Returns once the lock is held: only then does the process echo.</summary>
    public static async Task<OtherOwner> StartAsync(string file)
    {
        ProcessStartInfo start = new("flock", ["--no-fork", "--exclusive", file, "cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync("held");
        await process.StandardInput.FlushAsync();
        Assert.Equal("held", await process.StandardOutput.ReadLineAsync());
        return new OtherOwner(process);
    }

    public static async Task<bool> CanLockAsync(string file)
    {
        using Process process = Process.Start("flock", ["--nonblock", "--exclusive", file, "true"]);
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }
}

/// <summary>A test with a second process; skipped where there is no `flock`.</summary>
internal sealed class FlockFactAttribute : FactAttribute
{
    public FlockFactAttribute()
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo("flock", ["--version"]) { RedirectStandardOutput = true })!;
            process.WaitForExit();
        }
        catch (Win32Exception)
        {
            Skip = "no flock (util-linux) on this machine";
        }
    }
}
