using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Frames;

/// <summary>
/// The bytes of pictures in a frame, after all that it said before: for each picture of each of its encounters, in
/// order, the bytes (length 4), of length 0 where they were not read.
/// </summary>
internal static class PictureParts
{
    /// <summary>Whether there is anything to write.</summary>
    public static bool AreIn(IEnumerable<Encounter> encounters) =>
        encounters.Any(encounter => encounter.Pictures.Any(picture => picture.IsRead));

    public static void Write(FrameWriter writer, IEnumerable<Encounter> encounters)
    {
        foreach (Picture picture in encounters.SelectMany(encounter => encounter.Pictures))
        {
            writer.Bytes("picture", picture.Content.Span, 0, Limits.PictureBytes);
        }
    }

    /// <summary>The encounter with the bytes that stand next.</summary>
    public static Encounter Read(ref FrameReader reader, Encounter encounter)
    {
        if (encounter.Pictures.Count == 0)
        {
            return encounter;
        }

        Picture[] pictures = [.. encounter.Pictures];
        for (int i = 0; i < pictures.Length && reader.Rejection is null; i++)
        {
            pictures[i] = pictures[i] with { Content = reader.Bytes("picture", 0, Limits.PictureBytes) };
        }

        return encounter with { Pictures = pictures };
    }
}
