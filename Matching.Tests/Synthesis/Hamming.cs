using System.Numerics;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Synthesis;

/// <summary>The plain masked Hamming distance, independent of the engine.</summary>
internal static class Hamming
{
    /// <summary>Differing over valid bits with <paramref name="b"/> turned by whole columns.</summary>
    public static (int Different, int Valid) Count(IrisCode a, IrisCode b, int columns)
    {
        int different = 0;
        int valid = 0;
        ReadOnlySpan<ulong> aCode = a.Code.Span;
        ReadOnlySpan<ulong> aMask = a.Mask.Span;
        int bits = a.Shape.Bits;
        int shift = (((columns * a.Shape.BitsPerColumn) % bits) + bits) % bits;
        for (int word = 0; word < aCode.Length; word++)
        {
            ulong both = aMask[word] & Turned(b.Mask.Span, word, shift);
            valid += BitOperations.PopCount(both);
            different += BitOperations.PopCount((aCode[word] ^ Turned(b.Code.Span, word, shift)) & both);
        }

        return (different, valid);
    }

    /// <summary>The smallest distance within 20 degrees to either side.</summary>
    public static double Best(IrisCode a, IrisCode b)
    {
        int range = (int)Math.Round(a.Shape.Columns * 20 / 360.0);
        return Enumerable.Range(-range, (2 * range) + 1).Min(turn =>
        {
            (int different, int valid) = Count(a, b, turn);
            return (double)different / valid;
        });
    }

    private static ulong Turned(ReadOnlySpan<ulong> words, int word, int shift)
    {
        int from = (word + (shift >> 6)) % words.Length;
        int part = shift & 63;
        ulong low = words[from] >> part;
        return part == 0 ? low : low | (words[(from + 1) % words.Length] << (64 - part));
    }
}
