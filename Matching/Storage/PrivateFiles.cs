using System.Diagnostics;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// Files of a data directory are read and written by the user who runs the server, and by nobody else, whatever that
/// user's umask says: they hold templates and identifiers. On Windows the rights of the directory above are inherited.
/// </summary>
internal static class PrivateFiles
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute;

    private static readonly TimeSpan LockTime = TimeSpan.FromSeconds(10);

    // What a data directory consists of. One that holds anything else may be shared on purpose: its own rights stay.
    private static readonly string[] Ours =
    [
        "gallery.", "rows-", "audit.", "governance.", "quotas.", "reference.", "cases.", "receipts.", "packs.",
        "tasks.", "subscriptions.", "alerts.", "callbacks.",
    ];

    /// <summary>Options for a file that is created with these rights.</summary>
    public static FileStreamOptions Options(FileMode mode, FileAccess access, FileShare share)
    {
        FileStreamOptions options = new() { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode;
        }

        return options;
    }

    /// <summary>Makes the directory, or takes rights of others from one that is a data directory already.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static void PrepareDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
            return;
        }

        if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory, DirectoryMode);
            return;
        }

        string[] names = [.. Directory.EnumerateFileSystemEntries(directory)];
        bool[] ours = [.. names.Select(IsOurs)];
        if (ours.All(one => one))
        {
            Restrict(directory, DirectoryMode);
        }

        for (int i = 0; i < names.Length; i++)
        {
            if (ours[i] && File.Exists(names[i]))
            {
                Restrict(names[i], FileMode);
            }
        }
    }

    /// <summary>Makes an empty file where there is none: SQLite gives its log the rights of its database.</summary>
    public static void Create(string path)
    {
        if (File.Exists(path))
        {
            return;
        }

        using FileStream file = new(
            path, Options(System.IO.FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite));
    }

    /// <summary>Writes a file whole or not at all: half a key would be no key at the next start.</summary>
    public static void WriteWhole(string path, byte[] content, bool overwrite = false)
    {
        string made = path + ".new";
        using (FileStream file = new(made, Options(System.IO.FileMode.Create, FileAccess.Write, FileShare.None)))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(made, path, overwrite);
    }

    /// <summary>
    /// Makes a file that does not change afterwards, whole or not at all. Of several processes that make it at once, as
    /// front ends that share a key do, one is the first: all of them read its file.
    /// </summary>
    public static void MakeOnce(string path, Func<byte[]> content)
    {
        if (File.Exists(path))
        {
            return;
        }

        // A move looks whether the file is there before it moves: whoever makes it is alone meanwhile.
        using FileStream alone = LockOf($"{path}.making");
        if (!File.Exists(path))
        {
            WriteWhole(path, content());
        }
    }

    /// <summary>Waits until this process has the file alone. It is gone when it is closed.</summary>
    private static FileStream LockOf(string path)
    {
        FileStreamOptions options = Options(System.IO.FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        options.Options = FileOptions.DeleteOnClose;
        long began = Stopwatch.GetTimestamp();
        SpinWait wait = default;
        while (true)
        {
            try
            {
                return new FileStream(path, options);
            }
            catch (IOException inUse) when (
                inUse is not DirectoryNotFoundException && Stopwatch.GetElapsedTime(began) < LockTime)
            {
                // No event tells that another process closed a file; this sleeps a millisecond after some turns.
                wait.SpinOnce();
            }
        }
    }

    private static bool IsOurs(string path) =>
        Ours.Any(start => Path.GetFileName(path).StartsWith(start, StringComparison.Ordinal));

    /// <summary>
    /// The rights of a file that belongs to another user stay as they are; writing to it says so later.
    /// </summary>
    private static void Restrict(string path, UnixFileMode mode)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path) != mode)
            {
                File.SetUnixFileMode(path, File.GetUnixFileMode(path) & mode);
            }
        }
        catch (Exception foreign) when (foreign is IOException or UnauthorizedAccessException)
        {
            // Not ours to change.
        }
    }
}
