using System.Text;

namespace MatchCluster.Api.Http.Access;

/// <summary>Files of private keys: their owner alone reads and writes them. On Windows the directory decides.</summary>
internal static class OwnerOnly
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <exception cref="InvalidDataException">Others can read or change the file.</exception>
    public static void Check(string file)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(file) && (File.GetUnixFileMode(file) & Others) != 0)
        {
            throw new InvalidDataException($"{file}: others can read or change it, wanted mode 600");
        }
    }

    /// <summary>Makes a file with a text, where there is none of its name.</summary>
    /// <exception cref="IOException">There is one already, or it cannot be made.</exception>
    public static void Create(string file, string text)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using StreamWriter writer = new(file, new UTF8Encoding(false), options);
        writer.WriteLine(text);
    }
}
