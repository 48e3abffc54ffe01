namespace MatchCluster.Matching.Storage;

/// <summary>
/// The one owner of a data directory: a file held open that nobody else may open. The operating system keeps
/// the lock with the open file (flock on Unix), so that it ends with the process, however that ends; the file
/// itself stays.
/// </summary>
internal sealed class DirectoryLock : IDisposable
{
    public const string FileName = "gallery.lock";

    // Apart from the lock, whose own content nobody else may read while it is held.
    private const string OwnerFileName = "gallery.owner";

    // What an IOException carries where another process holds the file: EAGAIN of Linux, EWOULDBLOCK of macOS
    // and ERROR_SHARING_VIOLATION of Windows.
    private static readonly int[] HeldElsewhere = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream file;

    private DirectoryLock(FileStream file) => this.file = file;

    /// <exception cref="StoreException">Another process owns the directory, or it cannot be
    /// written.</exception>
    public static DirectoryLock Acquire(string directory)
    {
        string path = Path.Combine(directory, FileName);
        FileStream? file = null;
        try
        {
            PrivateFiles.PrepareDirectory(directory);
            file = new FileStream(
                path, PrivateFiles.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            PrivateFiles.Create(Path.Combine(directory, OwnerFileName));
            File.WriteAllText(Path.Combine(directory, OwnerFileName), $"{Environment.ProcessId}\n");
            return new DirectoryLock(file);
        }
        catch (IOException held) when (HeldElsewhere.Contains(held.HResult))
        {
            throw new StoreException($"data directory {directory} is in use by {OwnerOf(directory)}", held);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new StoreException(
                $"data directory {directory} cannot be written: {failed.Message}", failed);
        }
    }

    public void Dispose() => file.Dispose();

    /// <summary>The owner has written its process id; where that cannot be read, it stays unnamed.</summary>
    private static string OwnerOf(string directory)
    {
        try
        {
            string text = File.ReadAllText(Path.Combine(directory, OwnerFileName));
            return int.TryParse(text, out int id) ? $"process {id}" : "another process";
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
