namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// By how many degrees an eye looks aside of the camera. A disc that is turned away is seen as an ellipse whose short
/// axis is the cosine of the angle; and the reflection of a light near the lens leaves the middle of the pupil.
/// </summary>
/// <remarks>
/// Both signs err upwards: pupils are not quite round (an axis of 0.98 counts as 11 degrees), and lights stand beside
/// the lens. So the smaller one is said. Small angles cannot be told: below about ten degrees the value means "about
/// straight".
/// </remarks>
internal static class GazeAngle
{
    /// <summary>
    /// Millimetres from the pupil to the centre of the cornea's curvature over the radius of the iris, of a usual eye
    /// (4.2 and 5.9; E. Guestrin and M. Eizenman, IEEE Trans. Biomedical Engineering 53(6), 2006).
    /// </summary>
    internal const double Lever = 0.72;

    /// <summary>Pixels of a reflection that is used.</summary>
    private const int LeastReflection = 4;

    /// <summary>A contour whose axes differ more is that of a poor segmentation.</summary>
    private const double LeastAxis = 0.5;

    /// <summary>The angle in degrees, 0 to 60.</summary>
    public static double Of(EyeLevels levels, EyeSegmentation eye)
    {
        double bySine = ByReflection(levels, eye) is { } sine ? Math.Asin(sine) : Math.PI / 3;
        return Math.Min(Math.Acos(AxisOf(eye.Pupil.Contour)), bySine) * 180 / Math.PI;
    }

    /// <summary>
    /// The short axis of the pupil over its long one. That of the outer border is not looked at: lids hide where it
    /// would show.
    /// </summary>
    private static double AxisOf(EyeContour pupil)
    {
        (double cos, double sin) = (pupil.Series[3] / pupil.Radius, pupil.Series[4] / pupil.Radius);
        double amplitude = Math.Sqrt((cos * cos) + (sin * sin));
        return Math.Max(LeastAxis, (1 - amplitude) / (1 + amplitude));
    }

    /// <summary>
    /// Sine of the angle by the middle of the reflections within the pupil; null where there are none.
    /// </summary>
    private static double? ByReflection(EyeLevels levels, EyeSegmentation eye)
    {
        EyeContour pupil = eye.Pupil.Contour;
        (double sumX, double sumY, int count) = (0, 0, 0);
        int reach = (int)pupil.Radius;
        for (int dy = -reach; dy <= reach; dy++)
        {
            for (int dx = -reach; dx <= reach; dx++)
            {
                if ((dx * dx) + (dy * dy) <= reach * reach
                    && levels.Reflections.At(pupil.MiddleX + dx, pupil.MiddleY + dy))
                {
                    sumX += dx;
                    sumY += dy;
                    count++;
                }
            }
        }

        double offset = Math.Sqrt((sumX * sumX) + (sumY * sumY)) / Math.Max(1, count);
        return count < LeastReflection ? null : Math.Min(0.866, offset / (Lever * eye.Limbus.Radius));
    }
}
