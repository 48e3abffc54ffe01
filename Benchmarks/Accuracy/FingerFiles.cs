using MatchCluster.Benchmarks.Extraction;
using MatchCluster.Matching.Extraction;
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

    /// <summary>The views of records, or with a resolution those that are extracted from pictures.</summary>
    public static IReadOnlyList<PreparedImpression> Read(
        IReadOnlyList<FvcImpression> impressions, StatedPpi? ppi, Action<string> warn) =>
        ppi is null ? Prepare(impressions, warn) : Extract(impressions, ppi, warn);

    /// <summary>
    /// The first view of every record; a record that no format accepts is named and has none.
    /// </summary>
    public static IReadOnlyList<PreparedImpression> Prepare(
        IReadOnlyList<FvcImpression> impressions, Action<string> warn) =>
        [.. impressions.Select(impression => new PreparedImpression(impression, View(impression, warn)))];

    /// <summary>The first view of a record, in whichever format it is; null with the first format's reason.
    /// </summary>
    public static FingerView? View(byte[] bytes, out Rejection? rejection)
    {
        rejection = null;
        foreach (TemplateFormat format in Formats)
        {
            Decoded<FingerRecord> record = FingerRecords.Decode(format, bytes);
            if (record.IsAccepted && record.Value.Views.Count > 0)
            {
                return record.Value.Views[0];
            }

            rejection ??= record.Rejection ?? new Rejection(-1, "a record without a view", "one at least");
        }

        return null;
    }

    /// <summary>
    /// The view that this project's extractor makes of every picture, several at a time; a picture without one is
    /// named.
    /// </summary>
    public static IReadOnlyList<PreparedImpression> Extract(
        IReadOnlyList<FvcImpression> pictures, StatedPpi ppi, Action<string> warn)
    {
        var prepared = new PreparedImpression[pictures.Count];
        Parallel.For(
            0,
            pictures.Count,
            () => new FingerExtractor(),
            (i, _, extractor) =>
            {
                FvcImpression one = pictures[i];
                PictureFile? picture = PictureFile.Read(one.Path, ppi.Of(one.Path), out Rejection? rejection);
                FingerExtraction? found = picture is null ? null : extractor.Extract(picture.Image, picture.Ppi);
                prepared[i] = new PreparedImpression(one, found?.View);
                if (prepared[i].View is null)
                {
                    warn($"{one.Set}/{Path.GetFileName(one.Path)}: "
                        + (found is null ? rejection?.ToString() : $"{found.Failure?.Word()}, {found.Rejection}"));
                }

                return extractor;
            },
            _ => { });
        return prepared;
    }

    private static FingerView? View(FvcImpression impression, Action<string> warn)
    {
        FingerView? view = View(File.ReadAllBytes(impression.Path), out Rejection? rejection);
        if (view is null)
        {
            warn($"{impression.Set}/{Path.GetFileName(impression.Path)} is not readable: {rejection}");
        }

        return view;
    }
}
