using System.Diagnostics;

namespace MatchCluster.Matching.Tests.Storage;

/// <summary>
/// Another process that holds a file lock: `flock` of util-linux, which then becomes `cat`. A test that uses it is
/// skipped where there is no `flock`.
/// </summary>
internal sealed class OtherOwner : IDisposable
{
    private readonly Process process;

    private OtherOwner(Process process) => this.process = process;

    /// <summary>Returns once the lock is held: only then does the process echo.</summary>
    public static async Task<OtherOwner> StartAsync(string file)
    {
        Needs.OnPath("flock");
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
        Needs.OnPath("flock");
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
