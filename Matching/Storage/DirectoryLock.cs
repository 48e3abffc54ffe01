using System.Text;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// The one owner of a data directory: a file held open that nobody else may open. The operating system keeps the lock
/// with the open file (flock on Unix), so that it ends with the process, however that ends; the file itself stays.
/// </summary>
internal sealed class DirectoryLock : IDisposable
{
    public const string FileName = "gallery.lock";

    // What an IOException carries where another process holds the file: EAGAIN of Linux, EWOULDBLOCK of macOS and
    // ERROR_SHARING_VIOLATION of Windows.
    private static readonly int[] HeldElsewhere = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream file;

    private DirectoryLock(FileStream file) => this.file = file;

    /// <exception cref="StoreException">Another process owns the directory, or it cannot be written.</exception>
    public static DirectoryLock Acquire(string directory)
    {
        string path = Path.Combine(directory, FileName);
        FileStream? file = null;
        try
        {
            Directory.CreateDirectory(directory);
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
            file.Flush();
            return new DirectoryLock(file);
        }
        catch (IOException held) when (HeldElsewhere.Contains(held.HResult))
        {
            throw new StoreException($"data directory {directory} is in use by {OwnerOf(path)}", held);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new StoreException($"data directory {directory} cannot be written: {failed.Message}", failed);
        }
    }

    public void Dispose() => file.Dispose();

    /// <summary>The owner has written its process id; where it may not be read, it stays unnamed.</summary>
    private static string OwnerOf(string path)
    {
        try
        {
            // FileShare.ReadWrite asks for no lock of its own.
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> text = stackalloc byte[16];
            int length = file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return int.TryParse(Encoding.ASCII.GetString(text[..length]), out int id)
                ? $"process {id}"
                : "another process";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
