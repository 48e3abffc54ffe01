using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Storage;

/// <summary>Looks for what must not be in any file.</summary>
internal static class ClearText
{
    private const int Window = 16;

    /// <summary>
    /// The first file below a directory that holds sixteen bytes of a template in a row, and of whose; null where none
    /// does. Files are read past any lock, as a thief would.
    /// </summary>
    public static string? IsIn(string directory, IEnumerable<Encounter> encounters)
    {
        foreach (string path in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
        {
            if (new FileInfo(path).Length == 0)
            {
                // The lock of the directory is one, and cannot be opened while it is held.
                continue;
            }

            if (IsIn(File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete), encounters) is { } whose)
            {
                return $"{Path.GetFileName(path)} holds a template of {whose}";
            }
        }

        return null;
    }

    /// <summary>Whose template has sixteen bytes in a row in these bytes; null where nobody's has.</summary>
    public static string? IsIn(byte[] bytes, IEnumerable<Encounter> encounters)
    {
        HashSet<UInt128> there = [];
        for (int at = 0; at + Window <= bytes.Length; at++)
        {
            there.Add(BitConverter.ToUInt128(bytes, at));
        }

        return encounters.FirstOrDefault(
            one => one.Samples.Any(sample => WindowsOf(sample.Template).Any(there.Contains)))?.PersonId;
    }

    private static string? IsIn(Microsoft.Win32.SafeHandles.SafeFileHandle file, IEnumerable<Encounter> encounters)
    {
        using (file)
        {
            byte[] bytes = new byte[RandomAccess.GetLength(file)];
            int read = RandomAccess.Read(file, bytes, 0);
            return IsIn(bytes[..read], encounters);
        }
    }

    private static IEnumerable<UInt128> WindowsOf(ReadOnlyMemory<byte> template)
    {
        byte[] bytes = template.ToArray();
        for (int at = 0; at + Window <= bytes.Length; at++)
        {
            yield return BitConverter.ToUInt128(bytes, at);
        }
    }
}
