using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Fingers;

/// <summary>A minutia at 500 dpi: 1/8 pixels from the middle of the print, y up; 65536ths of a turn.</summary>
internal readonly record struct PlacedMinutia(short X, short Y, short Angle);

/// <summary>
/// Chooses the minutiae that are scored and brings them to 500 dpi by the resolution the record states.
/// </summary>
internal static class MinutiaeSelection
{
    /// <summary>
    /// The minutiae that cylinders are built from: the best of the view by quality, among equals those nearer to the
    /// middle of all, which another impression is likelier to show; at most <see cref="Limits.MinutiaeScored"/>. Where
    /// the record states no quality, up to <see cref="Limits.MinutiaeUnranked"/>, of whose cylinders
    /// <see cref="CylinderChoice"/> then chooses: cut to the middle, a print whose false minutiae cannot be told from
    /// the others would lose half of its area.
    /// </summary>
    public static PlacedMinutia[] Best(FingerView view) => [.. Ranked(view).Select(ranked => ranked.Placed)];

    /// <summary>The minutiae of <see cref="Best"/>, each with its index in the view.</summary>
    public static (int Index, PlacedMinutia Placed)[] Ranked(FingerView view)
    {
        int count = view.Minutiae.Count;
        if (count == 0)
        {
            return [];
        }

        (int X, int Y)[] places = PlacesOf(view);
        (int middleX, int middleY) = MiddleOf(places);
        return [.. Enumerable.Range(0, count)
            .OrderByDescending(i => view.Minutiae[i].Quality)
            .ThenBy(i => Square(places[i].X - middleX) + Square(places[i].Y - middleY))
            .Take(StatesQuality(view) ? Limits.MinutiaeScored : Limits.MinutiaeUnranked)
            .Select(i => (i, new PlacedMinutia(
                Clamp(places[i].X - middleX), Clamp(places[i].Y - middleY), (short)view.Minutiae[i].Angle)))];
    }

    /// <summary>
    /// The middle of a view's minutiae, which their places are counted from: 1/8 pixels at 500 dpi from the left upper
    /// corner of the image, y up and so negative.
    /// </summary>
    public static (int X, int Y) MiddleOf(FingerView view) => MiddleOf(PlacesOf(view));

    /// <summary>Index in the view of each cylinder's minutia: the one in the same place and direction.</summary>
    /// <param name="view">The view.</param>
    /// <param name="cylinders">Cylinders of its row, turned by some quarters of a turn.</param>
    /// <param name="quarters">Those quarters, counter-clockwise.</param>
    public static int[] IndexesOf(FingerView view, ReadOnlySpan<Cylinder> cylinders, int quarters = 0)
    {
        Dictionary<PlacedMinutia, Queue<int>> at = Ranked(view)
            .GroupBy(ranked => QuarterTurns.Of(ranked.Placed, quarters), ranked => ranked.Index)
            .ToDictionary(group => group.Key, group => new Queue<int>(group));
        int[] indexes = new int[cylinders.Length];
        for (int i = 0; i < indexes.Length; i++)
        {
            indexes[i] = at[new PlacedMinutia(cylinders[i].X, cylinders[i].Y, cylinders[i].Angle)].Dequeue();
        }

        return indexes;
    }

    private static (int X, int Y)[] PlacesOf(FingerView view) =>
    [
        .. view.Minutiae.Select(minutia =>
            (Resample(minutia.X, view.ResolutionX), -Resample(minutia.Y, view.ResolutionY))),
    ];

    private static (int X, int Y) MiddleOf((int X, int Y)[] places)
    {
        long sumX = 0;
        long sumY = 0;
        foreach ((int x, int y) in places)
        {
            sumX += x;
            sumY += y;
        }

        return places.Length == 0 ? default : ((int)(sumX / places.Length), (int)(sumY / places.Length));
    }

    /// <summary>Whether qualities tell some minutiae of a view from others.</summary>
    private static bool StatesQuality(FingerView view) =>
        view.Minutiae.Any(minutia => minutia.Quality != view.Minutiae[0].Quality);

    /// <summary>
    /// Record pixels to 1/8 pixels at 500 dpi; a record that states no resolution is taken as 500 dpi.
    /// </summary>
    private static int Resample(int pixels, int pixelsPerCentimetre)
    {
        int resolution = pixelsPerCentimetre > 0 ? pixelsPerCentimetre : MccParameters.PixelsPerCentimetre;
        return (int)Math.Min(
            ((2L * pixels * MccParameters.UnitsPerPixel * MccParameters.PixelsPerCentimetre) + resolution)
            / (2L * resolution),
            int.MaxValue / 4);
    }

    /// <summary>16 bits reach 20 cm to each side: far more than any finger, so only nonsense is clamped.</summary>
    private static short Clamp(int units) => (short)Math.Clamp(units, short.MinValue + 1, short.MaxValue);

    private static long Square(long value) => value * value;
}
