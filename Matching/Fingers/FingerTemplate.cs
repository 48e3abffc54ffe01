using MatchCluster.Matching.Fingers.Evidence;
using MatchCluster.Matching.Fingers.Ridges;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Fingers;

/// <summary>
/// The cylinders of one finger view, prepared once and compared many times. Immutable; it is its own gallery row.
/// </summary>
public sealed class FingerTemplate
{
    /// <summary>
    /// Cylinders that a finger needs to be compared: a score is the mean of at least this number of pairs.
    /// </summary>
    public const int LeastCylinders = MccParameters.MinPairs;

    private readonly byte[] ownRow;
    private readonly FingerTemplate?[] turned = new FingerTemplate?[QuarterTurns.Count];
    private PrintShape? shape;

    private FingerTemplate(byte[] row)
    {
        ownRow = row;
        FingerRow columns = FingerRow.Over(row);
        Cylinders = columns.Cylinders;
        Minutiae = columns.Minutiae;
        Extractor = FingerRow.ExtractorOf(row);
    }

    /// <summary>Cylinders that take part in scoring, 0..<see cref="Limits.MinutiaeScored"/>.</summary>
    public int Cylinders { get; }

    /// <summary>
    /// Whether any other finger can be compared with this one. One that is not scores 0 against everybody, its own copy
    /// too (<see cref="Scores.FingerCalibration"/>), and is neither a probe nor a row.
    /// </summary>
    public bool IsComparable => Cylinders >= LeastCylinders;

    /// <summary>Minutiae the cylinders were built from: the best of the view, at most
    /// <see cref="Limits.MinutiaeScored"/>, or <see cref="Limits.MinutiaeUnranked"/> without quality.</summary>
    public int Minutiae { get; }

    /// <summary>What extracted the minutiae, where their record said it.</summary>
    public FingerExtractorId Extractor { get; }

    /// <summary>Bytes of the gallery row, a multiple of 64.</summary>
    public int RowBytes => ownRow.Length;

    /// <summary>The print as the third stage reads it; made once, on first use.</summary>
    internal PrintShape Shape
    {
        get
        {
            // Two threads may both make it; the results are equal.
            return Volatile.Read(ref shape) ?? (shape = PrintShape.Of(ownRow));
        }
    }

    /// <summary>Whether the row says what the ridges do besides minutiae (<see cref="RidgeColumns"/>).</summary>
    internal bool HasRidges => FingerRow.RidgeBytesOf(ownRow) > 0;

    /// <summary>The row itself.</summary>
    internal ReadOnlySpan<byte> Row => ownRow;

    /// <summary>The row as memory that a caller may keep.</summary>
    internal ReadOnlyMemory<byte> RowMemory => ownRow;

    /// <summary>
    /// Builds the cylinders of a view. Total over every view: one without minutiae, or with all of them in one place,
    /// has no cylinders and matches nothing (<see cref="IsComparable"/>).
    /// </summary>
    public static FingerTemplate Prepare(FingerView view)
    {
        ReadOnlySpan<PlacedMinutia> minutiae = MinutiaeSelection.Best(view);
        Cylinder[] cylinders = CylinderChoice.Of(CylinderBuilder.Build(minutiae));
        return new(FingerRow.Write(
            cylinders, minutiae.Length, view.Extractor, RidgeColumns.Of(view, cylinders)));
    }

    /// <summary>
    /// The print turned about its middle, without its ridges; made once for each turn.
    /// </summary>
    /// <param name="quarters">Quarters of a turn, counter-clockwise, 0..3.</param>
    public FingerTemplate Turned(int quarters)
    {
        if (quarters == 0)
        {
            return this;
        }

        // Two threads may both make it; the results are equal.
        ref FingerTemplate? made = ref turned[quarters];
        return Volatile.Read(ref made) ?? (made = new(QuarterTurns.Of(ownRow, quarters)));
    }

    /// <summary>Clears the row: nothing may be compared with it any more.</summary>
    internal void Erase()
    {
        ownRow.AsSpan().Clear();
        shape = null;
        for (int i = 0; i < turned.Length; i++)
        {
            turned[i]?.Erase();
            turned[i] = null;
        }
    }

    /// <summary>Writes the gallery row.</summary>
    /// <exception cref="ArgumentException">The span is shorter than <see cref="RowBytes"/>.</exception>
    public void WriteRow(Span<byte> row) => ownRow.CopyTo(row);

    /// <summary>Length in bytes of the row that begins here, from its header.</summary>
    /// <exception cref="ArgumentException">The bytes are not a row.</exception>
    public static int RowBytesAt(ReadOnlySpan<byte> row) => FingerRow.LengthOf(row);

    /// <summary>Cylinders of a gallery row, from its header.</summary>
    public static int CylindersAt(ReadOnlySpan<byte> row) => FingerRow.CylindersOf(row);

    /// <summary>What extracted the minutiae of a gallery row, from its header.</summary>
    public static FingerExtractorId ExtractorAt(ReadOnlySpan<byte> row) => FingerRow.ExtractorOf(row);

    /// <summary>Whether the bytes are one whole row, neither more nor less, by its header.</summary>
    internal static bool IsRow(ReadOnlySpan<byte> row) => FingerRow.IsRow(row);

    /// <summary>The template a row was written from.</summary>
    /// <exception cref="ArgumentException">The bytes are not a row, or end before it does.</exception>
    public static FingerTemplate FromRow(ReadOnlySpan<byte> row) => new(row[..FingerRow.LengthOf(row)].ToArray());
}
