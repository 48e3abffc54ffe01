using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Fingers;

/// <summary>Views and rows from a seed: minutiae anywhere, or cylinders that no print would have.</summary>
internal static class RandomFingers
{
    /// <summary>A 500-dpi view with minutiae spread over 300 x 400 pixels.</summary>
    public static FingerView View(Random random, int minutiae) => ViewOf(
        [.. Enumerable.Range(0, minutiae).Select(_ => new Minutia(
            (ushort)random.Next(20, 320),
            (ushort)random.Next(20, 420),
            (ushort)random.Next(65536),
            (byte)random.Next(1, 101),
            MinutiaKind.RidgeEnding))]);

    public static FingerView ViewOf(IReadOnlyList<Minutia> minutiae, int resolution = 197) => new()
    {
        Position = BiometricPosition.OfFinger(2),
        Width = 340,
        Height = 440,
        ResolutionX = resolution,
        ResolutionY = resolution,
        Minutiae = minutiae,
    };

    /// <summary>A template of exactly so many cylinders, with few distinct values so that ties abound.</summary>
    public static FingerTemplate Template(Random random, int cylinders)
    {
        ulong[] words =
            [.. Enumerable.Range(0, 4).Select(_ => (ulong)(random.NextInt64() & random.NextInt64() & Used))];
        Cylinder[] all = new Cylinder[cylinders];
        for (int i = 0; i < cylinders; i++)
        {
            all[i] = new()
            {
                Angle = (short)random.Next(short.MinValue, short.MaxValue + 1),
                X = (short)random.Next(-40, 40),
                Y = (short)(40 * random.Next(-40, 40)),
            };
            for (int section = 0; section < MccParameters.Sections; section++)
            {
                all[i][section] = words[random.Next(words.Length)] | 1;
            }
        }

        return FingerTemplate.FromRow(FingerRow.Write([.. all.OrderBy(c => c.Angle)], cylinders));
    }

    private const long Used = (1L << MccParameters.CellsPerSection) - 1;
}
