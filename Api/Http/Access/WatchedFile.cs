namespace MatchCluster.Api.Http.Access;

/// <summary>
/// A small file that is read again when it changes, so that a new key, partner or revocation acts on the next request.
/// A new content that cannot be read leaves the old one in force and is logged once.
/// </summary>
internal sealed class WatchedFile<T>
    where T : class
{
    /// <summary>Bytes of a file at most: thousands of partners, keys or revocations.</summary>
    public const int MostBytes = 1024 * 1024;

    private readonly string path;
    private readonly Func<string, T> parse;
    private readonly Lock reading = new();
    private volatile Version current;

    /// <exception cref="InvalidDataException">It cannot be read; the message names the file and the reason.</exception>
    public WatchedFile(string path, Func<string, T> parse)
    {
        this.path = path;
        this.parse = parse;
        current = Read(StampOf(path));
    }

    /// <summary>Told what is wrong with a new content.</summary>
    public Action<string> OnRefused { get; set; } = _ => { };

    /// <summary>The content as it is now. The same object as long as the file is the same.</summary>
    public T Value
    {
        get
        {
            Stamp now = StampOf(path);
            if (now != current.Stamp)
            {
                ReadAgain(now);
            }

            return current.Value;
        }
    }

    private void ReadAgain(Stamp now)
    {
        lock (reading)
        {
            if (now == current.Stamp)
            {
                return;
            }

            try
            {
                current = Read(now);
            }
            catch (InvalidDataException wrong)
            {
                current = current with { Stamp = now };
                OnRefused(wrong.Message);
            }
        }
    }

    private Version Read(Stamp stamp)
    {
        try
        {
            return stamp.Length > MostBytes
                ? throw new InvalidDataException($"found {stamp.Length} bytes, wanted at most {MostBytes}")
                : new Version(stamp, parse(File.ReadAllText(path)));
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new InvalidDataException($"{path}: {wrong.Message}", wrong);
        }
    }

    private static Stamp StampOf(string path)
    {
        FileInfo file = new(path);
        return file.Exists ? new Stamp(file.LastWriteTimeUtc, file.Length) : default;
    }

    private readonly record struct Stamp(DateTime Written, long Length);

    private sealed record Version(Stamp Stamp, T Value);
}
