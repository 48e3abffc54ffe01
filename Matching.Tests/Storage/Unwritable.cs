using System.Diagnostics;

namespace MatchCluster.Matching.Tests.Storage;

/// <summary>
/// A file or directory that this process really cannot write until it is disposed: by its mode, or by the
/// immutable attribute of Linux file systems for root, who may write whatever the mode says.
/// </summary>
internal sealed class Unwritable : IDisposable
{
    private readonly string path;
    private readonly UnixFileMode mode;

    private Unwritable(string path, UnixFileMode mode)
    {
        this.path = path;
        this.mode = mode;
    }

    /// <summary>The test is skipped where this machine offers no way.</summary>
    public static Unwritable Make(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new SkipException("needs the file modes of Unix");
        }

        UnixFileMode mode = File.GetUnixFileMode(path);
        File.SetUnixFileMode(
            path, mode & ~(UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
        Unwritable made = new(path, mode);
        if (Environment.IsPrivilegedProcess && !Attribute("+i", path))
        {
            made.Dispose();
            throw new SkipException("no way to make a file unwritable for this user (mode, chattr +i)");
        }

        return made;
    }

    public void Dispose()
    {
        if (!OperatingSystem.IsWindows())
        {
            Attribute("-i", path);
            File.SetUnixFileMode(path, mode);
        }
    }

    private static bool Attribute(string change, string path)
    {
        try
        {
            ProcessStartInfo start = new("chattr", [change, path]) { RedirectStandardError = true };
            using Process process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
