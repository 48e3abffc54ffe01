namespace MatchCluster.Matching.Images.Wsq;

/// <summary>
/// What the segments of a stream have said so far; a later segment replaces an earlier one.
/// </summary>
internal sealed class WsqTables
{
    /// <summary>Huffman tables that a stream may name.</summary>
    public const int HuffmanTables = 8;

    public WsqFilters? Filters { get; set; }

    public WsqQuantisation? Quantisation { get; set; }

    public WsqHuffman?[] Huffman { get; } = new WsqHuffman?[HuffmanTables];

    /// <summary>What was read although it breaks a rule.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Pixels per inch by a NISTCOM comment; null where none says it.</summary>
    public int? Ppi { get; set; }
}

/// <param name="Centre">Where in a bin its value lies, as a share of the bin.</param>
/// <param name="Bins">Widths of the bins of each subband; 0 where the subband is not coded.</param>
/// <param name="ZeroBins">Widths of the bins around zero.</param>
internal sealed record WsqQuantisation(float Centre, float[] Bins, float[] ZeroBins);

/// <param name="Width">Pixels of a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Shift">Added to every pixel after scaling.</param>
/// <param name="Scale">Multiplies every pixel.</param>
internal sealed record WsqFrame(int Width, int Height, float Shift, float Scale);
