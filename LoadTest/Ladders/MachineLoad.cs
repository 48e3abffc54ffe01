using System.Globalization;

namespace MatchCluster.LoadTest.Ladders;

/// <summary>
/// Processor time of this machine, everybody's (Linux, <c>/proc/stat</c>): server and generator share it where the
/// server is local, and both belong into the picture.
/// </summary>
internal static class MachineLoad
{
    private const string Source = "/proc/stat";
    private const double TicksPerSecond = 100;

    /// <summary>Seconds of busy cores since the machine started; null where that cannot be read.</summary>
    public static double? BusySeconds(Uri server)
    {
        if (!server.IsLoopback || !File.Exists(Source))
        {
            return null;
        }

        // cpu user nice system idle iowait irq softirq steal
        string[] first = File.ReadLines(Source).First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        double[] ticks = [.. first.Skip(1).Take(8).Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        return ticks.Length < 8 ? null : (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]) / TicksPerSecond;
    }
}
