using System.Text.RegularExpressions;
using MatchCluster.Benchmarks.Extraction;

namespace MatchCluster.Benchmarks.Accuracy;

/// <summary>One impression of one finger of a set.</summary>
/// <param name="Set">Name of its folder, with those above it up to the one that was given.</param>
/// <param name="Finger">F of F_I.iso (or .ansi, .fmr).</param>
/// <param name="Impression">I of F_I.iso.</param>
/// <param name="Path">The record.</param>
internal sealed record FvcImpression(string Set, int Finger, int Impression, string Path);

/// <summary>
/// A folder of FVC-like sets: DIR/SET/F_I.iso, finger F, impression I; or one set itself, DIR/F_I.iso; or folders of
/// sets, DIR/YEAR/SET/F_I.iso, whose names then hold the year. Other files are passed over.
/// </summary>
internal static partial class FvcFolder
{
    /// <summary>Folders below folders that are looked through.</summary>
    private const int Depth = 3;

    private static readonly string[] RecordEndings = [".iso", ".ansi", ".fmr"];

    /// <summary>The sets by name, each ordered by finger, then impression.</summary>
    /// <exception cref="InvalidDataException">There is no such folder, or no set in it; images alone are named.
    /// </exception>
    public static IReadOnlyList<IReadOnlyList<FvcImpression>> Read(DirectoryInfo folder, bool pictures = false)
    {
        if (!folder.Exists)
        {
            throw new InvalidDataException(
                $"found no folder {folder.FullName}, wanted one that holds SET/F_I.iso");
        }

        DirectoryInfo[] places = [folder, .. Below(folder, Depth)];
        IReadOnlyList<FvcImpression>[] sets =
        [
            .. places.Select(place => Impressions(NameOf(folder, place), place, pictures))
                .Where(set => set.Count > 0),
        ];
        if (sets.Length > 0)
        {
            return sets;
        }

        string wanted = pictures ? "F_I.tif (or another picture)" : "F_I.iso";
        int images = places.Sum(place => place.EnumerateFiles().Count(
            file => PictureFile.IsPicture(file.Name)));
        throw new InvalidDataException(images > 0
            ? $"found {images} images and no SET/{wanted} under {folder.FullName}, wanted minutiae records (ISO/IEC "
                + "19794-2 or ANSI 378), or --images to extract them from pictures F_I.tif, .png ..."
            : $"found no SET/{wanted} under {folder.FullName}, wanted at least one set");
    }

    private static IEnumerable<DirectoryInfo> Below(DirectoryInfo folder, int depth) =>
        folder.EnumerateDirectories().OrderBy(place => place.Name, StringComparer.Ordinal)
            .SelectMany(place => depth > 1 ? Below(place, depth - 1).Prepend(place) : [place]);

    /// <summary>The name of a set from the folder down; the folder's own name where it is the set.</summary>
    private static string NameOf(DirectoryInfo folder, DirectoryInfo place)
    {
        string below = Path.GetRelativePath(folder.FullName, place.FullName);
        return below == "." ? place.Name : below.Replace('\\', '/');
    }

    private static IReadOnlyList<FvcImpression> Impressions(string name, DirectoryInfo set, bool pictures) =>
    [
        .. from file in set.EnumerateFiles()
           let parts = Name().Match(Path.GetFileNameWithoutExtension(file.Name))
           where parts.Success
               && (pictures ? PictureFile.IsPicture(file.Name)
                   : RecordEndings.Contains(file.Extension, StringComparer.OrdinalIgnoreCase))
           let impression = new FvcImpression(
               name, int.Parse(parts.Groups[1].Value), int.Parse(parts.Groups[2].Value), file.FullName)
           orderby impression.Finger, impression.Impression
           select impression,
    ];

    [GeneratedRegex(@"^(\d{1,6})_(\d{1,6})$")]
    private static partial Regex Name();
}
