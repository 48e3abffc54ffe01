using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Benchmarks.Accuracy;

/// <summary>Reads minutiae records from files, whichever of the standard formats they are in.</summary>
internal static class FingerFiles
{
    private static readonly TemplateFormat[] Formats =
    [
        TemplateFormat.Iso19794v2005, TemplateFormat.Iso19794v2011, TemplateFormat.Ansi378v2004,
        TemplateFormat.Ansi378v2009,
    ];

    /// <summary>
    /// The first view of every record; a record that no format accepts is named and has none.
    /// </summary>
    public static IReadOnlyList<PreparedImpression> Prepare(
        IReadOnlyList<FvcImpression> impressions, Action<string> warn) =>
        [.. impressions.Select(impression => new PreparedImpression(impression, View(impression, warn)))];

    private static FingerView? View(FvcImpression impression, Action<string> warn)
    {
        byte[] bytes = File.ReadAllBytes(impression.Path);
        Rejection? first = null;
        foreach (TemplateFormat format in Formats)
        {
            Decoded<FingerRecord> record = FingerRecords.Decode(format, bytes);
            if (record.IsAccepted)
            {
                return record.Value.Views[0];
            }

            first ??= record.Rejection;
        }

        warn($"{impression.Set}/{Path.GetFileName(impression.Path)} is not readable: {first}");
        return null;
    }
}
