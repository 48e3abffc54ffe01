using MatchCluster.Matching.Images;
using MatchCluster.Matching.IrisImages;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Eyes;

/// <summary>As what a picture of an eye is seen.</summary>
internal enum EyeAttackKind
{
    None,
    Print,
    Screen,
}

/// <summary>A picture of an eye in a folder and what was made of it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">Its path within the folder, without its ending.</param>
/// <param name="Eye">Which eye it is: its file's name up to the first underscore.</param>
/// <param name="Image">The picture; null where it could not be read.</param>
/// <param name="Encoded">The codes or the reason why there are none.</param>
internal sealed record EyePicture(
    string Path, string Name, string Eye, GrayImage? Image, Decoded<IrisEncoded> Encoded)
{
    /// <summary>
    /// Every picture of a folder and its folders, in the order of their names; files that are no pictures
    /// are passed over.
    /// </summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static string[] FilesIn(DirectoryInfo folder)
    {
        if (!folder.Exists)
        {
            throw new InvalidDataException($"--in: found no folder {folder.FullName}");
        }

        string[] files =
        [
            .. Directory.EnumerateFiles(folder.FullName, "*", SearchOption.AllDirectories)
                .Where(path => ImageMagic.Of(File.ReadAllBytes(path)) is not null).Order(StringComparer.Ordinal),
        ];
        return files.Length > 0 ? files : throw new InvalidDataException(
            $"--in: found no picture in {folder.FullName}, wanted {ImageDecoder.Readable}");
    }

    /// <summary>Reads and encodes all pictures of a folder.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static IEnumerable<EyePicture> ReadFolder(DirectoryInfo folder) =>
        FilesIn(folder).Select((path, i) => Read(folder, path, EyeAttackKind.None, i));

    /// <summary>Reads and encodes one picture of a folder.</summary>
    /// <param name="folder">The folder, for the name.</param>
    /// <param name="path">The picture.</param>
    /// <param name="attack">As what it is seen.</param>
    /// <param name="number">Its number, which chooses the period of the attack.</param>
    public static EyePicture Read(DirectoryInfo folder, string path, EyeAttackKind attack, int number)
    {
        string name = System.IO.Path.ChangeExtension(
            System.IO.Path.GetRelativePath(folder.FullName, path), null);
        string eye = System.IO.Path.GetFileNameWithoutExtension(path).Split('_')[0];
        Decoded<GrayImage> image = ImageDecoder.Decode(File.ReadAllBytes(path));
        if (!image.IsAccepted)
        {
            return new EyePicture(path, name, eye, null, image.Rejection);
        }

        GrayImage seen = Seen(image.Value, attack, number);
        return new EyePicture(path, name, eye, seen, IrisEncoder.Encode(seen, BiometricPosition.UnknownEye));
    }

    /// <summary>
    /// The picture through an attack whose dots or gaps the camera resolves at a tenth of their contrast.
    /// </summary>
    private static GrayImage Seen(GrayImage image, EyeAttackKind attack, int number)
    {
        const double Resolved = 0.1;
        const double PrintTurns = 0.125;
        const double ScreenTurns = 0.007;
        double[] periods = [2.6, 3.7, 5.5, 8];
        double period = periods[number % periods.Length];
        return attack switch
        {
            EyeAttackKind.None => image,
            EyeAttackKind.Print => EyeAttack.Printed(image, period, PrintTurns, Resolved),
            EyeAttackKind.Screen => EyeAttack.OnScreen(image, period, ScreenTurns, Resolved),
            _ => throw new ArgumentOutOfRangeException(nameof(attack), attack, null),
        };
    }
}
