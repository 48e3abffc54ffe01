namespace MatchCluster.Matching.Fingers;

/// <summary>
/// Local similarities as keys that carry their own place, so that the greatest key of a set says which pair it is and
/// ties fall to the lower probe index, then the lower row index, whatever the order they are looked at.
/// </summary>
/// <remarks>
/// Key: similarity in 2^-15 (0..32768) times 2^12, plus (63 - probe index) times 2^6, plus 63 - row index. The matrix
/// has one line per probe cylinder, <see cref="Line"/> keys apart; lanes beyond the row's cylinders have similarity 0.
/// </remarks>
internal static class SimilarityKeys
{
    /// <summary>Keys from one line of the matrix to the next.</summary>
    public const int Line = Limits.MinutiaeScored;

    public const int SimilarityShift = 12;

    private const int IndexMask = Limits.MinutiaeScored - 1;

    /// <summary>Key of similarity 0 for a probe cylinder and row cylinder 0; subtract the row index.</summary>
    public static uint Base(int probe) => (uint)(((IndexMask - probe) << 6) | IndexMask);

    public static int Similarity(uint key) => (int)(key >> SimilarityShift);

    public static int Probe(uint key) => IndexMask - (int)((key >> 6) & IndexMask);

    public static int Row(uint key) => IndexMask - (int)(key & IndexMask);
}
