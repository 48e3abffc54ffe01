namespace MatchCluster.Matching.Images.Wsq;

/// <summary>A rectangle of the coefficient plane.</summary>
/// <param name="X">Its leftmost column.</param>
/// <param name="Y">Its topmost row.</param>
/// <param name="Width">Columns; may be 0 in small pictures.</param>
/// <param name="Height">Rows; may be 0.</param>
/// <param name="HighFirstX">Splits along x put the high-pass half first (spectral inversion).</param>
/// <param name="HighFirstY">Splits along y do.</param>
internal readonly record struct WsqRegion(
    int X, int Y, int Width, int Height, bool HighFirstX, bool HighFirstY)
{
    /// <summary>
    /// Top left, top right, bottom left, bottom right. The low-pass half of an odd length is the longer one.
    /// A right or lower part is itself high-pass, which turns its frequencies round: its own split puts the
    /// high-pass half first.
    /// </summary>
    public WsqRegion[] Split()
    {
        int left = HighFirstX ? Width / 2 : (Width + 1) / 2;
        int top = HighFirstY ? Height / 2 : (Height + 1) / 2;
        return
        [
            new(X, Y, left, top, false, false),
            new(X + left, Y, Width - left, top, true, false),
            new(X, Y + top, left, Height - top, false, true),
            new(X + left, Y + top, Width - left, Height - top, true, true),
        ];
    }
}

/// <summary>
/// Where the 64 subbands of WSQ lie and which regions are joined to give the picture back (IAFIS-IC-0110, the
/// wavelet tree). The last four subbands are never coded.
/// </summary>
internal sealed class WsqSubbands
{
    /// <summary>Subbands that are coded.</summary>
    public const int Coded = 60;

    /// <summary>Subbands that a quantisation table has entries for.</summary>
    public const int Listed = 64;

    /// <summary>
    /// Pixels of a side: below, the lowest regions have a single row or column, which cannot be joined.
    /// </summary>
    public const int ShortestSide = 17;

    private WsqSubbands(WsqRegion[] bands, WsqRegion[] joins) => (Bands, Joins) = (bands, joins);

    /// <summary>The subbands in the order of the stream; only the first 60 are ever coded.</summary>
    public IReadOnlyList<WsqRegion> Bands { get; }

    /// <summary>Regions whose four quarters are joined, in the order in which that is done.</summary>
    public IReadOnlyList<WsqRegion> Joins { get; }

    public static WsqSubbands Of(int width, int height)
    {
        WsqRegion picture = new(0, 0, width, height, false, false);
        WsqRegion[] halves = picture.Split();
        WsqRegion[] quarters = halves[0].Split();
        WsqRegion[] lowest = quarters[0].Split();
        WsqRegion[] lowLow = lowest[0].Split();

        // The lowest band is split once more; the other eleven of its sixteen follow it.
        List<WsqRegion> bands = [.. lowLow[0].Split(), .. lowLow[1..], .. Sixteen(lowest[1..])];
        bands.AddRange(Sixteen(quarters[1].Split()));
        bands.AddRange(Sixteen(quarters[2].Split()));
        bands.Add(quarters[3]);
        bands.AddRange(halves[1].Split());
        bands.AddRange(halves[2].Split());
        bands.AddRange(halves[3].Split());

        List<WsqRegion> joins = [picture, halves[0], halves[1], halves[2]];
        foreach (int quarter in (int[])[1, 2, 0])
        {
            joins.Add(quarters[quarter]);
            joins.AddRange(quarters[quarter].Split());
        }

        joins.Add(lowLow[0]);
        joins.Reverse();
        return new WsqSubbands([.. bands], [.. joins]);
    }

    private static IEnumerable<WsqRegion> Sixteen(IEnumerable<WsqRegion> quarters) =>
        quarters.SelectMany(quarter => quarter.Split());
}
