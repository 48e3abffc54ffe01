using MatchCluster.Matching.Images;
using MatchCluster.Matching.IrisImages;
using MatchCluster.Matching.Model;

namespace MatchCluster.Benchmarks.Eyes;

/// <summary>A picture of an eye in a folder and what was made of it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Eye">Which eye it is: its file's name up to the first underscore.</param>
/// <param name="Image">The picture; null where it could not be read.</param>
/// <param name="Encoded">The codes or the reason why there are none.</param>
internal sealed record EyePicture(string Path, string Eye, GrayImage? Image, Decoded<IrisEncoded> Encoded)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>
    /// Every picture of a folder and its folders, in the order of their names; files that are no pictures
    /// are passed over.
    /// </summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static IEnumerable<EyePicture> ReadFolder(DirectoryInfo folder)
    {
        if (!folder.Exists)
        {
            throw new InvalidDataException($"--in: found no folder {folder.FullName}");
        }

        int count = 0;
        foreach (string path in Directory.EnumerateFiles(folder.FullName, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            byte[] bytes = File.ReadAllBytes(path);
            if (ImageMagic.Of(bytes) is not null)
            {
                count++;
                yield return Of(path, bytes);
            }
        }

        if (count == 0)
        {
            throw new InvalidDataException(
                $"--in: found no picture in {folder.FullName}, wanted {ImageDecoder.Readable}");
        }
    }

    private static EyePicture Of(string path, byte[] bytes)
    {
        string eye = System.IO.Path.GetFileNameWithoutExtension(path).Split('_')[0];
        Decoded<GrayImage> image = ImageDecoder.Decode(bytes);
        return image.IsAccepted
            ? new EyePicture(path, eye, image.Value, IrisEncoder.Encode(image.Value, BiometricPosition.UnknownEye))
            : new EyePicture(path, eye, null, image.Rejection);
    }
}
