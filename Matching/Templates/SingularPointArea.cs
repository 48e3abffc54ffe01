using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// The area of cores and deltas of ISO/IEC 19794-2, for readers that know no other: the number of cores, each as x and
/// y in pixels of the record with its direction, then the number of deltas with theirs.
/// </summary>
internal static class SingularPointArea
{
    /// <summary>The standard's type of the area.</summary>
    public const int Type = 2;

    /// <summary>The two highest bits of x: directions follow.</summary>
    private const int HasDirections = 1 << 14;

    private const int Highest14 = 0x3fff;
    private const int CoreBytes = 5;
    private const int DeltaBytes = 7;

    /// <summary>Directions of a delta are a third of a turn apart.</summary>
    private const double Third = 256 / 3.0;

    public static int Measure(IReadOnlyList<SingularPoint> points) =>
        2 + points.Sum(point => point.Kind == SingularKind.Core ? CoreBytes : DeltaBytes);

    public static void Write(ref RecordWriter writer, IReadOnlyList<SingularPoint> points, FingerView view)
    {
        SingularPoint[] cores = [.. points.Where(point => point.Kind == SingularKind.Core)];
        writer.Byte(cores.Length);
        foreach (SingularPoint core in cores)
        {
            WritePlace(ref writer, core, view);
            writer.Byte(core.Direction);
        }

        writer.Byte(points.Count - cores.Length);
        foreach (SingularPoint delta in points.Where(point => point.Kind != SingularKind.Core))
        {
            WritePlace(ref writer, delta, view);
            for (int branch = 0; branch < 3; branch++)
            {
                writer.Byte((int)Math.Round(delta.Direction + (branch * Third)) & byte.MaxValue);
            }
        }
    }

    private static void WritePlace(ref RecordWriter writer, SingularPoint point, FingerView view)
    {
        writer.Word(HasDirections | Pixels(point.X, view.ResolutionX));
        writer.Word(Pixels(point.Y, view.ResolutionY));
    }

    /// <summary>Pixels at 500 per inch to those of the record.</summary>
    private static int Pixels(int at500, int perCentimetre) =>
        Math.Min((int)Math.Round(at500 * perCentimetre * 2.54 / 500), Highest14);
}
