using System.Numerics;
using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Irises;

/// <summary>
/// One eye of a probe, ready to compare: its code and mask in every rotation, made once and read by every
/// thread.
/// </summary>
/// <remarks>
/// A rotation by r columns moves column c to column c + r (cyclically), which in the column-major order of
/// <see cref="IrisCode"/> is one cyclic shift of the whole string by r * BitsPerColumn bits towards higher
/// bit numbers. Rotations lie in the order they are tried, 0, -1, +1, -2, +2, ..., each as code then mask
/// with the padding of <see cref="IrisRow"/>: 2 * 8 * IrisRow.PaddedWords bytes a rotation, 7.5 KiB for
/// D2048, 124 KiB for W16384 in all.
/// </remarks>
public sealed class IrisProbe
{
    /// <summary>Chooses the rotations by the shape: <see cref="RotationsFor"/>.</summary>
    public const int DefaultRotations = -1;

    private readonly ulong[] words;
    private readonly int first;
    private TileLists? tiles;
    private TileLists? sampled;
    private IrisProbe? upsideDown;

    /// <summary>
    /// Prepares a code for comparison over <paramref name="rotations"/> columns to either side.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The shape is not valid, the words do not fit it, the position is not an eye, or 2 * rotations + 1 exceeds
    /// the columns of the code.
    /// </exception>
    public IrisProbe(IrisCode code, int rotations = DefaultRotations)
    {
        IrisRow.Check(code);
        if (code.Position.Modality != Modality.Iris)
        {
            throw new ArgumentException($"found the position {code.Position}, wanted an eye", nameof(code));
        }

        Rotations = rotations == DefaultRotations ? RotationsFor(code.Shape) : rotations;
        if (Rotations < 0 || (2 * Rotations) + 1 > code.Shape.Columns)
        {
            throw new ArgumentException(
                $"found {rotations} columns of rotation to either side, wanted "
                + $"0..{(code.Shape.Columns - 1) / 2} for a code of shape {code.Shape}",
                nameof(rotations));
        }

        Position = code.Position;
        Shape = code.Shape;
        Encoder = code.Encoder;
        foreach (ulong word in code.Mask.Span)
        {
            ValidBits += BitOperations.PopCount(word);
        }

        int padded = IrisRow.PaddedWords(Shape);
        words = GC.AllocateArray<ulong>((((2 * Rotations) + 1) * 2 * padded) + 7, pinned: true);
        first = IrisRow.WordsToLine(words);
        for (int i = 0; i <= 2 * Rotations; i++)
        {
            int bits = RotationAt(i) * Shape.BitsPerColumn;
            Span<ulong> rotated = words.AsSpan(first + (i * 2 * padded), 2 * padded);
            Rotate(code.Code.Span, bits, rotated);
            Rotate(code.Mask.Span, bits, rotated[padded..]);
        }
    }

    /// <summary>The eye of another probe under another label; both share the code.</summary>
    private IrisProbe(IrisProbe other, BiometricPosition position)
    {
        (Position, Shape, Encoder) = (position, other.Shape, other.Encoder);
        (ValidBits, Rotations) = (other.ValidBits, other.Rotations);
        (words, first, tiles, sampled) = (other.words, other.first, other.tiles, other.sampled);
    }

    public BiometricPosition Position { get; }

    public IrisShape Shape { get; }

    /// <summary>What made the code.</summary>
    public IrisEncoderId Encoder { get; }

    /// <summary>Set bits of the mask.</summary>
    public int ValidBits { get; }

    /// <summary>Columns of rotation tried to either side.</summary>
    public int Rotations { get; }

    /// <summary>
    /// About 21 degrees to either side: 15 of 256 columns, 7 of 128. Codes of 200 columns take 15 too (27
    /// degrees), as open-iris' own matcher does, so that distances agree with it.
    /// </summary>
    public static int RotationsFor(IrisShape shape) => shape.Columns == 200 ? 15 : shape.Columns * 15 / 256;

    /// <summary>
    /// The eye as a camera that stands on its head sees it: turned by half of the columns. Made once, on first use.
    /// </summary>
    public IrisProbe UpsideDown => LazyInitializer.EnsureInitialized(ref upsideDown, () =>
    {
        int bits = Shape.Columns / 2 * Shape.BitsPerColumn;
        ulong[] code = new ulong[Shape.Words];
        ulong[] mask = new ulong[Shape.Words];
        Rotate(Code, bits, code);
        Rotate(Mask, bits, mask);
        IrisCode turned = new() { Position = Position, Shape = Shape, Code = code, Mask = mask, Encoder = Encoder };
        return new IrisProbe(turned, Rotations);
    });

    /// <summary>Clears the code: nothing may be compared with it any more.</summary>
    internal void Erase()
    {
        words.AsSpan().Clear();
        (tiles, sampled) = (null, null);
        upsideDown?.Erase();
    }

    /// <summary>The eye under the label of the other one; an eye without a label as it is.</summary>
    public IrisProbe Swapped => Position.OtherEye == Position ? this : new(this, Position.OtherEye);

    /// <summary>
    /// The code as the block engine reads it at this CPU's widest level; made once, on first use.
    /// </summary>
    internal TileLists Tiles => LazyInitializer.EnsureInitialized(
        ref tiles, () => new TileLists(this, BlockLayout.Of(Shape, 1, BlockPass.WidestPlaneBytes)));

    /// <summary>
    /// The sampled bits that the first stage of a fast search compares; made once, on first use.
    /// </summary>
    internal TileLists Sampled => LazyInitializer.EnsureInitialized(
        ref sampled,
        () => new TileLists(this, BlockLayout.Of(Shape, SampleBound.StepOf(Shape), BlockPass.WidestPlaneBytes)));

    /// <summary>The code as it was given: the first rotation tried is none.</summary>
    internal ReadOnlySpan<ulong> Code => words.AsSpan(first, Shape.Words);

    /// <summary>The mask as it was given.</summary>
    internal ReadOnlySpan<ulong> Mask => words.AsSpan(first + IrisRow.PaddedWords(Shape), Shape.Words);

    /// <summary>The rotation tried at place <paramref name="index"/>: 0, -1, +1, -2, +2, ...</summary>
    internal static int RotationAt(int index) => (index & 1) == 0 ? index / 2 : -(index + 1) / 2;

    /// <summary>The place of a rotation in the order of <see cref="RotationAt"/>.</summary>
    internal static int IndexOf(int rotation) => rotation < 0 ? (-2 * rotation) - 1 : 2 * rotation;

    /// <summary>The bits at some places from <paramref name="from"/> on, around the code; the first lowest.</summary>
    /// <param name="from">A bit, from minus to plus one turn.</param>
    /// <param name="offsets">At most 32 offsets, each within a turn.</param>
    internal (int Code, int Mask) BitsAt(int from, ReadOnlySpan<int> offsets)
    {
        int code = 0;
        int mask = 0;
        for (int k = 0; k < offsets.Length; k++)
        {
            int bit = (from + offsets[k] + Shape.Bits) % Shape.Bits;
            code |= (int)(Code[bit / 64] >> (bit % 64) & 1) << k;
            mask |= (int)(Mask[bit / 64] >> (bit % 64) & 1) << k;
        }

        return (code, mask);
    }

    /// <summary>Code then mask at one rotation, each padded as in a row.</summary>
    internal ReadOnlySpan<ulong> TurnedBy(int rotation)
    {
        int length = 2 * IrisRow.PaddedWords(Shape);
        return Rotated.Slice(IndexOf(rotation) * length, length);
    }

    /// <summary>Every rotation in the order of <see cref="RotationAt"/>, 64-byte aligned.</summary>
    internal ReadOnlySpan<ulong> Rotated => words.AsSpan(first, words.Length - 7);

    /// <summary>target bit (b + bits) mod n = source bit b, n being the source's length.</summary>
    private static void Rotate(ReadOnlySpan<ulong> source, int bits, Span<ulong> target)
    {
        int length = source.Length * 64;
        int up = ((bits % length) + length) % length;
        int wordsUp = up / 64;
        int bitsUp = up % 64;
        for (int i = 0; i < source.Length; i++)
        {
            ulong low = source[(i - wordsUp + source.Length) % source.Length];
            ulong before = source[(i - wordsUp - 1 + (2 * source.Length)) % source.Length];
            target[i] = bitsUp == 0 ? low : (low << bitsUp) | (before >> (64 - bitsUp));
        }
    }
}
