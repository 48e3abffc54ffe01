using System.Numerics;

namespace MatchCluster.Matching.Model;

/// <summary>
/// The shape of an iris code: radial rows, angular columns, wavelets (filters) and phase bits a cell.
/// A rotation of the eye is a cyclic shift of the columns.
/// </summary>
public readonly record struct IrisShape(int Rows, int Columns, int Wavelets, int Phases)
{
    /// <summary>8 x 128 x 1 x 2 = 2,048 bits: the profile to search with.</summary>
    public static IrisShape D2048 { get; } = new(8, 128, 1, 2);

    /// <summary>16 x 256 x 2 x 2 = 16,384 bits: the profile to decide with.</summary>
    public static IrisShape W16384 { get; } = new(16, 256, 2, 2);

    /// <summary>16 x 200 x 2 x 2 = 12,800 bits: open-iris' template.</summary>
    public static IrisShape OpenIris12800 { get; } = new(16, 200, 2, 2);

    public int Bits => Rows * Columns * Wavelets * Phases;

    public int BitsPerColumn => Rows * Wavelets * Phases;

    public int Words => (Bits + 63) / 64;

    /// <summary>
    /// Rows 1..64, columns 8..512, wavelets 1..4, phases 1..2, at most 16,384 bits, whole 64-bit words.
    /// </summary>
    public bool IsValid =>
        Rows is >= 1 and <= 64 && Columns is >= 8 and <= 512 && Wavelets is >= 1 and <= 4 && Phases is 1 or 2
        && Bits <= Limits.IrisCodeBits && Bits % 64 == 0;

    public override string ToString() => $"{Rows}x{Columns}x{Wavelets}x{Phases}";
}

/// <summary>
/// One iris code with its mask. Bit order is column-major, so that a rotation by c columns is one cyclic shift of the
/// whole string by c * BitsPerColumn bits: bit ((column * Rows + row) * Wavelets + wavelet) * Phases + phase lies at
/// word bit/64, position bit%64 (least significant first). A mask bit of 1 means the code bit is valid.
/// </summary>
public sealed record IrisCode
{
    public required BiometricPosition Position { get; init; }

    public required IrisShape Shape { get; init; }

    /// <summary>The code's bits, Shape.Words words.</summary>
    public required ReadOnlyMemory<ulong> Code { get; init; }

    /// <summary>The mask, Shape.Words words; one mask bit per code bit.</summary>
    public required ReadOnlyMemory<ulong> Mask { get; init; }

    /// <summary>Bits that the mask calls valid.</summary>
    internal int ValidBits
    {
        get
        {
            int valid = 0;
            foreach (ulong word in Mask.Span)
            {
                valid += BitOperations.PopCount(word);
            }

            return valid;
        }
    }

    /// <summary>What made the code; its scores are calibrated by it.</summary>
    public IrisEncoderId Encoder { get; init; }

    /// <summary>Quality 0..100, or null where the template states none.</summary>
    public int? Quality { get; init; }
}
