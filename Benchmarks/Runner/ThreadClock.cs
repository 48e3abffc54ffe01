using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MatchCluster.Benchmarks.Runner;

/// <summary>
/// CPU time of the calling thread where the system tells it (Linux), else wall time. On a shared machine a
/// rate per core means CPU time: what neighbours take is not ours.
/// </summary>
internal static partial class ThreadClock
{
    /// <summary>CLOCK_THREAD_CPUTIME_ID of clock_gettime(2) on Linux.</summary>
    private const int ThreadCpuTime = 3;

    /// <summary>What <see cref="Seconds"/> counts.</summary>
    public static string Name => IsTold ? "thread-cpu" : "wall";

    private static bool IsTold => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    public static double Seconds()
    {
        if (IsTold && ClockGetTime(ThreadCpuTime, out Time time) == 0)
        {
            return time.Seconds + (time.Nanoseconds * 1e-9);
        }

        return (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ClockGetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
