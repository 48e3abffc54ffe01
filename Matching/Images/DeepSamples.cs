using System.Numerics;

namespace MatchCluster.Matching.Images;

/// <summary>
/// Grey samples of 16 bits that are collected before they become 8: cameras of 10 and 12 bits write theirs into the
/// lower bits of 16, where only a black picture would be seen.
/// </summary>
internal static class DeepSamples
{
    /// <summary>Bits up to which the rest of 16 is taken for unused and not for darkness.</summary>
    private const int MostUnusualBits = 12;

    /// <summary>The samples as 8-bit pixels, stretched where the upper bits are unused.</summary>
    /// <param name="samples">Grey samples of 16 bits.</param>
    /// <param name="warnings">Gets a sentence where the samples were stretched.</param>
    public static byte[] ToPixels(ReadOnlySpan<ushort> samples, List<string> warnings)
    {
        ushort most = 0;
        foreach (ushort sample in samples)
        {
            most = Math.Max(most, sample);
        }

        int bits = 32 - BitOperations.LeadingZeroCount((uint)most);
        bool isStretched = bits is > 8 and <= MostUnusualBits;
        if (isStretched)
        {
            warnings.Add($"samples of 16 bits use the lower {bits}, which are taken for all");
        }

        int range = isStretched ? (1 << bits) - 1 : ushort.MaxValue;
        byte[] pixels = new byte[samples.Length];
        for (int i = 0; i < samples.Length; i++)
        {
            pixels[i] = range == ushort.MaxValue ? Grey.Of16(samples[i]) : Grey.OfRange(samples[i], range);
        }

        return pixels;
    }
}
