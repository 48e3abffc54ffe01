using System.Globalization;
using MatchCluster.Matching.Extraction;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;

namespace MatchCluster.Benchmarks.Extraction;

/// <summary>A picture in a file, as an extractor takes it.</summary>
/// <param name="Image">Its pixels.</param>
/// <param name="Ppi">Its resolution.</param>
/// <param name="IsAssumed">Nobody stated the resolution: it is taken as 500.</param>
internal sealed record PictureFile(GrayImage Image, int Ppi, bool IsAssumed)
{
    /// <summary>Endings of files that hold pictures.</summary>
    public static readonly string[] Endings =
        [".tif", ".tiff", ".png", ".bmp", ".wsq", ".jpg", ".jpeg", ".jp2", ".j2k", ".pgm"];

    public static bool IsPicture(string path) =>
        Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a file of a folder; null with the reason where it is no picture or cannot be read.</summary>
    public static PictureFile? TryRead(string path, int? ppi, out string reason)
    {
        try
        {
            PictureFile? picture = Read(path, ppi, out Rejection? rejection);
            reason = rejection?.ToString() ?? "";
            return picture;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reason = e.Message;
            return null;
        }
    }

    /// <summary>Reads a file; the caller's resolution comes before the file's own.</summary>
    public static PictureFile? Read(string path, int? ppi, out Rejection? rejection)
    {
        Decoded<GrayImage> read = ImageDecoder.Decode(File.ReadAllBytes(path));
        rejection = read.Rejection;
        if (!read.IsAccepted)
        {
            return null;
        }

        int? stated = ppi ?? (read.Value.StatedPpi is >= 100 and <= 3000 ? read.Value.StatedPpi : null);
        return new PictureFile(read.Value, stated ?? FingerExtractor.WorkingPpi, stated is null);
    }
}

/// <summary>
/// Resolutions that a caller states: one for all pictures, or for folders whose names begin so.
/// </summary>
internal sealed class StatedPpi
{
    private readonly List<(string Folder, int Ppi)> stated = [];

    /// <param name="texts">500, or DB2=569.</param>
    /// <exception cref="InvalidDataException">A text is neither, or outside of what an extractor takes.</exception>
    public StatedPpi(IEnumerable<string> texts)
    {
        foreach (string text in texts)
        {
            int equals = text.LastIndexOf('=');
            if (!int.TryParse(text.AsSpan(equals + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int ppi))
            {
                throw new InvalidDataException($"--ppi: found {text}, wanted a number or FOLDER=number");
            }

            if (ppi is < ExtractionLimits.LowestPpi or > ExtractionLimits.HighestPpi)
            {
                throw new InvalidDataException(
                    $"--ppi: found {text}, wanted {ExtractionLimits.LowestPpi}..{ExtractionLimits.HighestPpi}");
            }

            this.stated.Add((equals < 0 ? "" : text[..equals], ppi));
        }
    }

    /// <summary>Looks whether every folder that is named has one of the pictures.</summary>
    /// <exception cref="InvalidDataException">One has none: its name is mistyped.</exception>
    public void Check(IEnumerable<string> paths)
    {
        string[] folders = [.. paths.Select(FolderOf).Distinct().Order(StringComparer.Ordinal)];
        foreach ((string named, int ppi) in this.stated)
        {
            if (!folders.Any(folder => folder.StartsWith(named, StringComparison.OrdinalIgnoreCase)))
            {
                throw new InvalidDataException(
                    $"--ppi: found {named}={ppi}, wanted the beginning of a folder's name: "
                    + string.Join(", ", folders.Take(10)) + (folders.Length > 10 ? ", ..." : ""));
            }
        }
    }

    /// <summary>The resolution of a file's folder; null where none was stated.</summary>
    public int? Of(string path)
    {
        string folder = FolderOf(path);
        return this.stated
            .Where(one => folder.StartsWith(one.Folder, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(one => one.Folder.Length)
            .Select(one => (int?)one.Ppi)
            .FirstOrDefault();
    }

    private static string FolderOf(string path) =>
        Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) ?? "";
}
