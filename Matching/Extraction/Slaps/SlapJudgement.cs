using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Extraction.Slaps;

/// <summary>
/// Which finger is which. As many as expected are named from the left. Fewer without a word on what is missing are not
/// named, because any of them may be the one that is not there.
/// </summary>
internal static class SlapJudgement
{
    /// <summary>A part so much wider than a usual finger, or than the others, is two that were not parted.</summary>
    private const double WidestMillimetres = 29;

    private const double WidestShare = 1.7;

    /// <summary>
    /// Millimetres by which the tip of an index finger must lie below that of the little finger, and share of the
    /// little finger's width, before the hand is doubted: by nature it lies some 15 above it and is a fifth wider.
    /// </summary>
    private const double LowIndex = 4;

    private const double NarrowIndex = 0.93;

    public static SlapSegmentation Of(List<SlapFinger> found, double degrees, SlapRequest request)
    {
        int[] expected = [.. request.Expected];
        SlapSegmentation bare = new() { Fingers = found, Degrees = degrees };
        if (found.Count == 0)
        {
            return Refused(ExtractionFailure.NoFingerprint, "no fingertip", "at least one");
        }

        if (found.Count == 1 && expected.Length > 1)
        {
            return Refused(
                ExtractionFailure.OneFinger, "one finger",
                $"{Words(expected)}; a picture of one finger goes under its own label, and fingers that are not there "
                    + "are named as missing");
        }

        int[]? names = found.Count == expected.Length ? expected
            : found.Count == request.FromLeft.Count ? [.. request.FromLeft]
            : null;
        if (found.Count > request.FromLeft.Count || ((names is null || found.Count > 2) && HasUnparted(found)))
        {
            return Refused(
                ExtractionFailure.FingerCount,
                $"{found.Count} parts as wide as "
                    + $"{string.Join(", ", found.Select(finger => $"{Millimetres(finger.Width):0}"))} mm",
                Words(expected));
        }

        List<string> warnings = [];
        if (names is null)
        {
            warnings.Add($"slap-fingers-unnamed: found {found.Count} fingers, wanted {Words(expected)}; which of them "
                + "are missing is not said, so none is named");
            return bare with { Warnings = warnings };
        }

        List<SlapFinger> named =
            [.. found.Select((finger, k) => finger with { Position = BiometricPosition.OfFinger(names[k]) })];
        if (names.Length > expected.Length)
        {
            int[] missing = [.. request.FromLeft.Intersect(request.Missing)];
            warnings.Add(
                $"slap-missing-found: found {found.Count} fingers, although {Words(missing)} should be missing");
        }

        if (DoubtOf(named, degrees) is { } doubt)
        {
            warnings.Add(doubt);
        }

        return bare with { Fingers = named, Warnings = warnings };

        SlapSegmentation Refused(ExtractionFailure failure, string what, string wanted) =>
            bare with { Failure = failure, Rejection = new Rejection(-1, what, wanted) };
    }

    /// <summary>Whether a part is too wide for one finger.</summary>
    private static bool HasUnparted(List<SlapFinger> found)
    {
        double[] widths = [.. found.Select(finger => finger.Width).Order()];
        double usual = widths[(widths.Length - 1) / 2];
        return found.Exists(
            finger => Millimetres(finger.Width) > WidestMillimetres || finger.Width > WidestShare * usual);
    }

    /// <summary>
    /// Whether index and little finger look exchanged, as they do when the picture is of the other hand: the index
    /// finger is longer and wider.
    /// </summary>
    private static string? DoubtOf(List<SlapFinger> named, double degrees)
    {
        SlapFinger? index = named.Find(finger => finger.Position.Finger is 2 or 7);
        SlapFinger? little = named.Find(finger => finger.Position.Finger is 5 or 10);
        if (index is null || little is null)
        {
            return null;
        }

        double low = Millimetres(TipOf(index, degrees) - TipOf(little, degrees));
        double wide = index.Width / little.Width;
        return low > LowIndex && wide < NarrowIndex
            ? $"slap-hand-doubtful: the tip of {index.Position} lies {low:0} mm below that of {little.Position}, and "
                + $"it is {wide:0.00} times as wide; this looks like the other hand"
            : null;
    }

    /// <summary>Pixels down to a tip, along the hand.</summary>
    private static double TipOf(SlapFinger finger, double degrees)
    {
        (double X, double Y) left = finger.Corners[0];
        (double X, double Y) right = finger.Corners[1];
        return (StableMath.Cos(degrees / 360) * (left.Y + right.Y) / 2)
            - (StableMath.Sin(degrees / 360) * (left.X + right.X) / 2);
    }

    private static double Millimetres(double pixels) => pixels * 25.4 / FingerExtractor.WorkingPpi;

    private static string Words(int[] fingers) => fingers.Length == 0 ? "none, since all are said to be missing"
        : string.Join(", ", fingers.Select(finger => BiometricPosition.OfFinger(finger).ToString()));
}
