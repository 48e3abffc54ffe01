using System.Numerics;
using System.Runtime.CompilerServices;

namespace MatchCluster.Matching.Fingers;

/// <summary>
/// Local similarities one pair at a time: five XORs and population counts, a square root and a division.
/// The form of CPUs without AVX2.
/// </summary>
internal static class SimilarityPopcount
{
    /// <summary>Fills the matrix of keys and the greatest key of each line.</summary>
    public static void Fill(in FingerRow probe, in FingerRow row, Span<uint> keys, Span<uint> best)
    {
        for (int i = 0; i < probe.Cylinders; i++)
        {
            ReadOnlySpan<ulong> a = probe.Bits[FingerRow.WordOf(i)..];
            Span<uint> line = keys.Slice(i * SimilarityKeys.Line, row.Octets * FingerRow.Lanes);
            best[i] = 0;
            for (int j = 0; j < line.Length; j++)
            {
                short apart = (short)(probe.Angles[i] - row.Angles[j]);
                int similarity = apart is < -MccParameters.DirectionWindow or > MccParameters.DirectionWindow
                    ? 0
                    : Similarity(Differing(a, row.Bits[FingerRow.WordOf(j)..]), probe.Roots[i] + row.Roots[j]);
                line[j] = ((uint)similarity << SimilarityKeys.SimilarityShift) + SimilarityKeys.Base(i) - (uint)j;
                best[i] = Math.Max(best[i], line[j]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Differing(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b) =>
        BitOperations.PopCount(a[0] ^ b[0])
        + BitOperations.PopCount(a[1 * FingerRow.Lanes] ^ b[1 * FingerRow.Lanes])
        + BitOperations.PopCount(a[2 * FingerRow.Lanes] ^ b[2 * FingerRow.Lanes])
        + BitOperations.PopCount(a[3 * FingerRow.Lanes] ^ b[3 * FingerRow.Lanes])
        + BitOperations.PopCount(a[4 * FingerRow.Lanes] ^ b[4 * FingerRow.Lanes]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Similarity(int differing, float roots) =>
        (int)((1 - (MathF.Sqrt(differing) / roots)) * RelaxationTables.Unit);
}
