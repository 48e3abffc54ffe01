using System.Globalization;

namespace MatchCluster.Api.Tests.Release;

/// <summary>
/// What a core dump of a server would hold: its writable memory, read while it runs. A figure for docs/release.md; the
/// runtime copies as it likes, so that no test asserts that there is none.
/// </summary>
internal static class MemoryScan
{
    private const int Piece = 1 << 20;
    private const int Page = 4096;

    public static string Describe(RetentionScan scan, ServerProcess server)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "memory is read on Linux only";
        }

        try
        {
            (long bytes, int probes) = Read(scan, server.Id);
            return $"a core dump would have {bytes >> 20} MiB with parts of {probes} probes";
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return $"memory cannot be read here: {refused.Message}";
        }
    }

    private static (long Bytes, int Probes) Read(RetentionScan scan, int process)
    {
        long read = 0;
        HashSet<int> found = [];
        using FileStream memory = Open(process, "mem");
        using FileStream pages = Open(process, "pagemap");
        byte[] buffer = new byte[Piece];
        foreach ((long from, long to) in Mapped(process))
        {
            // What is reserved is large and what is there is not: only pages that are there are read.
            byte[] present = new byte[(to - from) / Page * sizeof(ulong)];
            pages.Position = from / Page * sizeof(ulong);
            pages.ReadAtLeast(present, present.Length, throwOnEndOfStream: false);
            for (int page = 0; page < present.Length / sizeof(ulong);)
            {
                int end = page;
                while (end < present.Length / sizeof(ulong) && end - page < Piece / Page
                    && BitConverter.ToUInt64(present, end * sizeof(ulong)) >> 63 != 0)
                {
                    end++;
                }

                int bytes = (end - page) * Page;
                memory.Position = from + ((long)page * Page);
                int got = bytes == 0 ? 0 : memory.Read(buffer, 0, bytes);
                scan.Find(buffer.AsSpan(0, got), found);
                read += got;
                page = Math.Max(end, page + 1);
            }
        }

        return (read, found.Count);
    }

    /// <summary>Writable ranges of which something is in memory.</summary>
    private static IEnumerable<(long From, long To)> Mapped(int process)
    {
        (long From, long To)? range = null;
        foreach (string line in File.ReadLines($"/proc/{process}/smaps"))
        {
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts[0].Contains('-', StringComparison.Ordinal) && parts.Length >= 5)
            {
                long[] ends = [.. parts[0].Split('-').Select(
                    text => (long)ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
                range = parts[1].StartsWith("rw", StringComparison.Ordinal) ? (ends[0], ends[1]) : null;
            }
            else if (parts[0] == "Rss:" && parts[1] != "0" && range is { } used)
            {
                yield return used;
            }
        }
    }

    private static FileStream Open(int process, string name) =>
        new($"/proc/{process}/{name}", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
}
