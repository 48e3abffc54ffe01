using MatchCluster.Matching.Extraction.Slaps;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Tests.Extraction;

/// <summary>
/// Whether boxes are where fingers were drawn: the tip and each side within 64 pixels at 500 per inch (3.3 mm), the end
/// within 128 of the joint, and the position right.
/// </summary>
internal static class SlapTruth
{
    private const double Near = 64;
    private const double NearJoint = 128;

    /// <summary>What is wrong, in a few words; null where all is right.</summary>
    public static string? FaultOf(DrawnSlap drawn, int ppi, SlapSegmentation found)
    {
        if (found.IsRefused)
        {
            return found.Rejection.ToString();
        }

        if (found.Fingers.Count != drawn.Fingers.Count)
        {
            return $"{found.Fingers.Count} of {drawn.Fingers.Count} fingers";
        }

        double scale = 500.0 / ppi;
        for (int k = 0; k < drawn.Fingers.Count; k++)
        {
            if (FaultOf(drawn.Fingers[k], found.Fingers[k], scale) is { } fault)
            {
                return $"finger {drawn.Fingers[k].Finger}: {fault}";
            }
        }

        return null;
    }

    private static string? FaultOf(DrawnFinger drawn, SlapFinger found, double scale)
    {
        double dx = drawn.JointX - drawn.TipX;
        double dy = drawn.JointY - drawn.TipY;
        double length = Math.Sqrt((dx * dx) + (dy * dy));
        (double tip, double tipAside) = Along(Middle(found, 0, 1));
        (double end, double endAside) = Along(Middle(found, 2, 3));
        double wide = Math.Abs(found.Width - drawn.Width) * scale / 2;
        return found.Position.Finger != drawn.Finger ? $"named {found.Position}"
            : Math.Abs(tip) > Near ? $"tip {tip:0} pixels off"
            : Math.Abs(end - (length * scale)) > NearJoint ? $"joint {end - (length * scale):0} pixels off"
            : Math.Max(Math.Abs(tipAside), Math.Abs(endAside)) + wide > Near
                ? $"sides {tipAside:0} and {endAside:0} pixels aside, {wide:0} too wide or narrow"
            : null;

        (double Down, double Aside) Along((double X, double Y) at)
        {
            double x = at.X - drawn.TipX;
            double y = at.Y - drawn.TipY;
            return (scale * ((x * dx) + (y * dy)) / length, scale * ((x * dy) - (y * dx)) / length);
        }
    }

    private static (double X, double Y) Middle(SlapFinger finger, int first, int second) => (
        (finger.Corners[first].X + finger.Corners[second].X) / 2,
        (finger.Corners[first].Y + finger.Corners[second].Y) / 2);
}
