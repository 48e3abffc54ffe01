using System.Globalization;

namespace MatchCluster.Grains.Tests.AppHosts;

/// <summary>The processes of this machine as Linux tells them; empty elsewhere.</summary>
internal static class ProcessTree
{
    /// <summary>The processes, and everything that they started.</summary>
    /// <returns>Numbers and command lines.</returns>
    public static IReadOnlyDictionary<int, string> Of(IEnumerable<int> roots)
    {
        Dictionary<int, string> found = [];
        if (!OperatingSystem.IsLinux())
        {
            return found;
        }

        ILookup<int, int> children = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id) ? id : 0)
            .Where(id => id > 0).ToLookup(ParentOf);
        Queue<int> open = new(roots);
        while (open.TryDequeue(out int id))
        {
            if (CommandOf(id) is { } command && found.TryAdd(id, command))
            {
                foreach (int child in children[id])
                {
                    open.Enqueue(child);
                }
            }
        }

        return found;
    }

    /// <summary>What a process runs; null where it has ended.</summary>
    public static string? CommandOf(int id)
    {
        try
        {
            string command = File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ');
            return command.Length > 0 ? command : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static int ParentOf(int id)
    {
        try
        {
            // The name before it is in brackets and may hold blanks: pid (name) state ppid
            string stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return -1;
        }
    }
}
