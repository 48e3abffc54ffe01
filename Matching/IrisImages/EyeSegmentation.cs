using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.IrisImages;

/// <summary>What was found in a picture of an eye.</summary>
internal sealed record EyeSegmentation
{
    public required PupilFound Pupil { get; init; }

    public required EyeContour Limbus { get; init; }

    /// <summary>Mean rise of the grey value from iris to sclera.</summary>
    public required double LimbusContrast { get; init; }

    public EyelidEdge? Upper { get; init; }

    public EyelidEdge? Lower { get; init; }

    /// <summary>How good this hypothesis is; of several the highest is kept.</summary>
    public required double Score { get; init; }

    /// <summary>0: nothing else came near; 1: another hypothesis of another size was as good.</summary>
    public double Doubt { get; init; }
}

/// <summary>Tries each pupil with each outer border that may belong to it and keeps the best.</summary>
internal static class EyeSegmenter
{
    /// <summary>A pupil whose edge rises by less is none.</summary>
    private const double LeastPupilContrast = 9;
    private const double LeastPupilClear = 0.6;

    private const double LeastPupilSharp = 0.3;
    private const double MostDarkening = 0.5;

    /// <summary>Pupils that are tried with their outer borders.</summary>
    private const int MostPupils = 5;

    /// <summary>
    /// Score of a pupil with a contrast of 30 all around and an iris with 13: less likely pupils are not
    /// tried after it.
    /// </summary>
    private const double SurelyEye = 400;

    public static Decoded<EyeSegmentation> Find(EyeLevels levels)
    {
        PupilFound? bestPupil = null;
        PupilFound? rejected = null;
        LimbusCandidate best = default;
        double score = 0;
        double second = 0;
        int tried = 0;
        int pupils = 0;
        foreach (PupilCandidate candidate in PupilSearch.Find(levels))
        {
            if (tried >= MostPupils)
            {
                break;
            }

            // A dark iris is found as a pupil too, so that other discs around the same centre are always
            // tried.
            if (score >= SurelyEye && !IsAround(bestPupil!.Contour, candidate))
            {
                continue;
            }

            tried++;

            PupilFound pupil = PupilContour.Find(levels, candidate);
            if (!IsPupil(pupil))
            {
                rejected = rejected is null || pupil.Contrast > rejected.Contrast ? pupil : rejected;
                continue;
            }

            pupils++;
            foreach (LimbusCandidate limbus in LimbusSearch.Find(levels, pupil.Contour))
            {
                double together = Math.Min(pupil.Contrast, 40) * pupil.Clear * Math.Min(limbus.Score, 15);
                if (together > score)
                {
                    second = Differ(best, limbus) ? score : second;
                    (score, best, bestPupil) = (together, limbus, pupil);
                }
                else if (together > second && Differ(best, limbus))
                {
                    second = together;
                }
            }
        }

        if (bestPupil is null)
        {
            return pupils > 0
                ? new Rejection(
                    -1, "a pupil without the outer border of an iris around it",
                    $"an iris of {2 * LimbusSearch.LeastRadius} pixels across or more, brighter than its pupil "
                    + "and darker than the sclera")
                : NoPupil(rejected);
        }

        (EyeContour contour, double contrast) = LimbusContour.Find(levels, bestPupil.Contour, best);
        return new EyeSegmentation
        {
            Pupil = bestPupil,
            Limbus = contour,
            LimbusContrast = contrast,
            Upper = Eyelids.Find(levels, bestPupil.Contour, contour, true),
            Lower = Eyelids.Find(levels, bestPupil.Contour, contour, false),
            Score = score,
            Doubt = second / score,
        };
    }

    private static Rejection NoPupil(PupilFound? nearest) => new(
        -1, nearest is null ? "no dark disc with a brighter ring around it" : FormattableString.Invariant(
            $"no clear pupil: at best a contrast of {nearest.Contrast:0}, {100 * nearest.Clear:0} % of the edge, ")
            + FormattableString.Invariant($"{100 * nearest.Sharp:0} % sharp"),
        $"an open eye with a pupil: a contrast of {LeastPupilContrast}, {100 * LeastPupilClear} % of its edge, "
        + $"{100 * LeastPupilSharp} % sharp");

    private static bool IsPupil(PupilFound pupil) =>
        pupil.Contrast >= LeastPupilContrast && pupil.Clear >= LeastPupilClear && pupil.Sharp >= LeastPupilSharp
        && pupil.Darkening <= MostDarkening;

    private static bool IsAround(EyeContour pupil, PupilCandidate other) =>
        Math.Abs(pupil.CentreX - other.X) + Math.Abs(pupil.CentreY - other.Y)
        < Math.Max(pupil.Radius, other.Radius) / 2;

    private static bool Differ(LimbusCandidate a, LimbusCandidate b)
    {
        double limit = Math.Max(a.Radius, b.Radius) * 0.1;
        return Math.Abs(a.Radius - b.Radius) > limit
            || Math.Abs(a.X - b.X) + Math.Abs(a.Y - b.Y) > 2 * limit;
    }
}
