using System.Globalization;
using System.Text;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Benchmarks.Extraction;

/// <summary>How minutiae are written to a file.</summary>
internal enum MinutiaeFormat
{
    /// <summary>ISO/IEC 19794-2:2005 record.</summary>
    Iso,

    /// <summary>INCITS 378-2004 record.</summary>
    Ansi,

    /// <summary>Lines of NIST's programs: x, y from the bottom, direction in degrees, quality.</summary>
    Xyt,
}

/// <summary>Minutiae as bytes of a file.</summary>
internal static class MinutiaeFile
{
    public static string Ending(MinutiaeFormat format) => format switch
    {
        MinutiaeFormat.Iso => ".iso",
        MinutiaeFormat.Ansi => ".ansi",
        MinutiaeFormat.Xyt => ".xyt",
    };

    public static byte[] Bytes(MinutiaeFormat format, FingerView view) => format switch
    {
        MinutiaeFormat.Iso => FingerRecords.Encode(TemplateFormat.Iso19794v2005, [view]),
        MinutiaeFormat.Ansi => FingerRecords.Encode(TemplateFormat.Ansi378v2004, [view]),
        MinutiaeFormat.Xyt => Encoding.ASCII.GetBytes(Lines(view)),
    };

    private static string Lines(FingerView view)
    {
        var text = new StringBuilder();
        foreach (Minutia minutia in view.Minutiae)
        {
            int degrees = (int)Math.Round(minutia.Angle * 360 / 65536.0) % 360;
            text.Append(
                CultureInfo.InvariantCulture,
                $"{minutia.X} {view.Height - 1 - minutia.Y} {degrees} {minutia.Quality}\n");
        }

        return text.ToString();
    }
}
