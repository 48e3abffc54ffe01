using System.Globalization;

namespace MatchCluster.ServiceDefaults.Hosting;

/// <summary>
/// How many connections a server may hold open. Each takes one of the process's file descriptors; without one the next
/// file cannot be opened and the web server cannot accept, which ends the process.
/// </summary>
public static class OpenFiles
{
    /// <summary>
    /// Descriptors that stay free for what is no connection of a caller: databases, images of rows, logs, the runtime,
    /// other members of a cluster.
    /// </summary>
    public const int Reserve = 256;

    /// <summary>More than one process serves well; the limit where the system states none.</summary>
    private const int MostConnections = 16_384;

    private const string Name = "Max open files";

    /// <summary>Connections that this process may hold.</summary>
    public static int Connections() => ConnectionsOf(Limit());

    /// <summary>Connections under a limit of descriptors; where the limit is small a quarter of it.</summary>
    public static int ConnectionsOf(long limit) =>
        (int)Math.Clamp(Math.Max(limit - Reserve, limit / 4), 1, MostConnections);

    /// <summary>The soft limit that the lines of /proc/self/limits state; a large number where they do not.</summary>
    public static long LimitOf(IEnumerable<string> lines)
    {
        string? line = lines.FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
        string? soft = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long limit)
            ? limit : int.MaxValue;
    }

    private static long Limit()
    {
        try
        {
            return LimitOf(File.ReadLines("/proc/self/limits"));
        }
        catch (IOException)
        {
            return int.MaxValue; // Another system than Linux.
        }
        catch (UnauthorizedAccessException)
        {
            return int.MaxValue;
        }
    }
}
