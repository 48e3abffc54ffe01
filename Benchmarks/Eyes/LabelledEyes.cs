namespace MatchCluster.Benchmarks.Eyes;

/// <summary>The pictures of a folder and which of them show the same eye.</summary>
/// <param name="Pictures">All that count, in the order of their names.</param>
/// <param name="Names">The eyes, in the order in which they come.</param>
/// <param name="Eyes">For each picture the index of its eye in the names.</param>
internal sealed record LabelledEyes(EyePicture[] Pictures, string[] Names, int[] Eyes)
{
    /// <summary>Reads and encodes a folder; null where it is of no use, after the error stream was told why.</summary>
    /// <param name="folder">The pictures.</param>
    /// <param name="leastEyes">How many different eyes are wanted; one of them has two pictures.</param>
    /// <param name="counts">Which pictures count; all where it is left out.</param>
    public static LabelledEyes? Read(DirectoryInfo folder, int leastEyes, Func<EyePicture, bool>? counts = null)
    {
        try
        {
            EyePicture[] pictures = [.. EyePicture.ReadFolder(folder).Where(counts ?? (_ => true))];
            string[] names = [.. pictures.Select(picture => picture.Eye).Distinct()];
            if (names.Length >= leastEyes && names.Length < pictures.Length)
            {
                return new LabelledEyes(
                    pictures, names, [.. pictures.Select(picture => Array.IndexOf(names, picture.Eye))]);
            }

            Console.Error.WriteLine(
                $"found {pictures.Length} pictures of {names.Length} eyes, wanted {leastEyes} eyes and two pictures of "
                + "one");
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(e.Message);
        }

        return null;
    }
}
