using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Prints;

/// <summary>What is known of a print's picture besides its pixels.</summary>
public sealed record PrintReading
{
    /// <summary>Pixels per inch that the request states.</summary>
    public int? RequestPpi { get; init; }

    /// <summary>Pixels per inch that the record around the picture states.</summary>
    public int? RecordPpi { get; init; }

    /// <summary>
    /// Whether a picture whose resolution nobody states is refused; it is taken for 500 ppi otherwise.
    /// </summary>
    public bool RefusesAssumed { get; init; }

    /// <summary>
    /// What is wrong with a width and a height at 500 ppi for whoever reads the print, asked before its pixels are
    /// looked at; null where every size is read.
    /// </summary>
    public Func<int, int, Rejection?>? SizeFault { get; init; }
}

/// <summary>A print ready to be extracted: 500 ppi, dark ridges on light.</summary>
/// <param name="Image">The picture at 500 ppi.</param>
/// <param name="SourcePpi">Pixels per inch of the picture as it was sent.</param>
/// <param name="Source">Who stated that.</param>
/// <param name="Notes">What was assumed or changed.</param>
public sealed record PreparedPrint(
    GrayImage Image, int SourcePpi, ResolutionSource Source, IReadOnlyList<ImageNote> Notes);

/// <summary>Who states a resolution; the first one counts.</summary>
public enum ResolutionSource
{
    Request,
    Record,
    File,
    Assumed,
}
