using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// Checks what a minutiae record can hold. The writers ask first, so that what they write is read back
/// unchanged; the message names the view, what was found and what was wanted.
/// </summary>
internal static class Representable
{
    /// <exception cref="ArgumentException">A view cannot be represented.</exception>
    public static void Check(IReadOnlyList<FingerView> views, int highestViewNumber, int highestImpression)
    {
        Within(views.Count, 1, Limits.ViewsPerRecord, "number of finger views", -1);
        for (int i = 0; i < views.Count; i++)
        {
            FingerView view = views[i];
            if (view.Position.Modality != Modality.Finger)
            {
                throw new ArgumentException(
                    $"view {i}: found position {view.Position}, wanted a finger", nameof(views));
            }

            Within(view.ViewNumber, 0, highestViewNumber, "view number", i);
            Within(view.Impression, 0, highestImpression, "impression type", i);
            Within(view.Quality ?? 0, 0, 100, "finger quality", i);
            Within(view.Width, 1, ushort.MaxValue, "image width in pixels", i);
            Within(view.Height, 1, ushort.MaxValue, "image height in pixels", i);
            Within(view.ResolutionX, 1, Limits.PixelsPerCm, "x resolution in pixels per cm", i);
            Within(view.ResolutionY, 1, Limits.PixelsPerCm, "y resolution in pixels per cm", i);
            Within(view.Minutiae.Count, 0, Limits.MinutiaePerView, "number of minutiae", i);
            CheckMinutiae(view, i);
        }
    }

    /// <summary>
    /// The length of a record that a decoder here would accept, in the short form of INCITS 378-2004 too.
    /// </summary>
    /// <exception cref="ArgumentException">It is longer than <see cref="Limits.FingerTemplateBytes"/>
    /// allows.</exception>
    public static int Length(int bytes) =>
        bytes < Limits.FingerTemplateBytes
            ? bytes
            : throw new ArgumentException(
                $"found views that take {bytes} bytes, wanted less than {Limits.FingerTemplateBytes}",
                nameof(bytes));

    private static void CheckMinutiae(FingerView view, int index)
    {
        const int Highest14 = 0x3fff;
        foreach (Minutia minutia in view.Minutiae)
        {
            Within(minutia.X, 0, Highest14, "x of a minutia", index);
            Within(minutia.Y, 0, Highest14, "y of a minutia", index);
            Within(minutia.Quality, 0, 100, "quality of a minutia", index);
            Within((int)minutia.Kind, 0, (int)MinutiaKind.Bifurcation, "kind of a minutia", index);
        }
    }

    private static void Within(int value, int lowest, int highest, string field, int view)
    {
        if (value < lowest || value > highest)
        {
            string where = view < 0 ? "" : $"view {view}: ";
            throw new ArgumentException(
                $"{where}found {field} {value}, wanted {lowest}..{highest}", nameof(value));
        }
    }
}
