using System.IO.Compression;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>A forest in a file that the user names: the text, or a ZIP archive that holds it alone.</summary>
public static class QualityForestFile
{
    /// <summary>The forest, or what is wrong with the file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static Decoded<QualityForest> Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> begin = stackalloc byte[2];
        bool isArchive = file.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false) == 2
            && begin.SequenceEqual("PK"u8);
        file.Position = 0;
        if (!isArchive)
        {
            return QualityForestReader.Read(file);
        }

        try
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read);
            if (archive.Entries.Count != 1)
            {
                return new Rejection(-1, $"an archive of {archive.Entries.Count} files", "one file, the forest");
            }

            using Stream text = archive.Entries[0].Open();
            return QualityForestReader.Read(text);
        }
        catch (InvalidDataException wrong)
        {
            return new Rejection(-1, $"a broken archive ({wrong.Message})", "a forest of NFIQ 2 as OpenCV writes it");
        }
    }
}
