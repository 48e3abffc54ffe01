using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Templates;

/// <summary>Seeded views and codes that fill every field with all it can hold.</summary>
public static class SyntheticRecords
{
    /// <summary>Views that every minutiae format can represent, but for the unit of their angles.</summary>
    public static FingerView[] Views(Random dice, int count)
    {
        int width = dice.Next(1, 2000);
        int height = dice.Next(1, 2000);
        int resolution = dice.Next(1, Limits.PixelsPerCm);
        return [.. Enumerable.Range(0, count).Select(i => new FingerView
        {
            Position = BiometricPosition.OfFinger(dice.Next(11)),
            ViewNumber = i % 16,
            Impression = dice.Next(16),
            Quality = dice.Next(3) == 0 ? null : dice.Next(101),
            Width = width,
            Height = height,
            ResolutionX = resolution,
            ResolutionY = resolution + 1,
            Minutiae = Minutiae(dice, width, height, i == 0 ? 255 : dice.Next(60)),
        })];
    }

    public static IrisCode Code(Random dice, IrisShape shape, bool sharedMask)
    {
        ulong[] mask = Words(dice, shape.Words);
        if (sharedMask)
        {
            for (int i = 0; i < mask.Length; i++)
            {
                ulong first = mask[i] & 0x5555555555555555;
                mask[i] = first | (first << 1);
            }
        }

        return new IrisCode
        {
            Position = BiometricPosition.OfEye(dice.Next(3)),
            Shape = shape,
            Code = Words(dice, shape.Words),
            Mask = mask,
            Quality = dice.Next(2) == 0 ? null : dice.Next(101),
        };
    }

    private static Minutia[] Minutiae(Random dice, int width, int height, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new Minutia(
            (ushort)dice.Next(width), (ushort)dice.Next(height), (ushort)dice.Next(65536),
            (byte)dice.Next(101), (MinutiaKind)dice.Next(3)))];

    private static ulong[] Words(Random dice, int count)
    {
        ulong[] words = new ulong[count];
        for (int i = 0; i < count; i++)
        {
            words[i] = (ulong)dice.NextInt64() ^ ((ulong)dice.NextInt64() << 32);
        }

        return words;
    }
}
