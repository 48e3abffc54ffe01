using MatchCluster.Matching.Images.Prints;

namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// Tells fingerprints from eyes: a whorl has a dark middle and rings, and a gap between ridges is a dark disc. But
/// ridges of one period run through what was taken for the iris, or through its pupil. The fibres of an iris have many
/// periods.
/// </summary>
/// <remarks>
/// Of 756 real eyes at most 6 % of the blocks look like ridges, and none within the pupil; of 47 fingerprints that were
/// taken for eyes at least 27 % of the blocks, or half of those within the pupil.
/// </remarks>
internal static class PrintRidges
{
    private const double MostInIris = 0.18;
    private const double MostInPupil = 0.25;

    private const int MostBlocks = 144;
    private const int LeastBlocksOfPupil = 9;
    private const double LeastCoherence = 0.2;

    /// <summary>
    /// The part of the pupil that is looked at: ridges that run around it are the iris' affair.
    /// </summary>
    private const double PupilReach = 0.75;

    /// <summary>What was found where it is a print; null where it may be an eye.</summary>
    public static string? In(EyeLevels levels, EyeSegmentation eye)
    {
        double iris = Share(levels, eye.Limbus, 1, 1);
        double pupil = Share(levels, eye.Pupil.Contour, PupilReach, LeastBlocksOfPupil);
        return iris > MostInIris
            ? FormattableString.Invariant($"ridges of one width over {100 * iris:0} % of the eye, as of a fingerprint")
            : pupil > MostInPupil
            ? FormattableString.Invariant(
                $"ridges of one width over {100 * pupil:0} % of the pupil, as of a fingerprint")
            : null;
    }

    /// <summary>The largest share that an eye may have, as a rejection says it.</summary>
    public static string Wanted => FormattableString.Invariant(
        $"at most {100 * MostInIris:0} % of the eye and {100 * MostInPupil:0} % of the pupil");

    private static double Share(EyeLevels levels, EyeContour contour, double reach, int leastBlocks)
    {
        double half = reach * contour.Radius;
        RidgeBox box = new(
            (int)(contour.MiddleX - half), (int)(contour.MiddleY - half), (int)(contour.MiddleX + half),
            (int)(contour.MiddleY + half));
        return RidgeSignature.ShareIn(
            levels.Original.Pixels, levels.Width, box, MostBlocks, leastBlocks, LeastCoherence);
    }
}
