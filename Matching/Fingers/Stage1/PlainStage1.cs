using System.Numerics;

namespace MatchCluster.Matching.Fingers.Stage1;

/// <summary>
/// The first stage's distance of two fingers, loop by loop: for each probe cylinder the nearest row cylinder of
/// similar direction; the eight nearest of those are added up. This twin decides: every vector form returns
/// the same integer, whichever templates share its block.
/// </summary>
/// <remarks>
/// The distance of two cylinders is |a xor b| / sqrt(|a| |b|). It stands for the square of MCC's
/// sqrt|a xor b| / (sqrt|a| + sqrt|b|), from which it differs by a factor of 4 and, where |a| and |b| differ by a
/// factor of 2, by 3 %; but it is a product of one factor of the row and one of the probe, and needs no division
/// and no square root in the loop.
/// </remarks>
internal static class PlainStage1
{
    /// <summary>The distance of two fingers, 0..<see cref="Stage1Parameters.Farthest"/>.</summary>
    public static int Distance(Stage1Probe probe, ReadOnlySpan<byte> rowBytes)
    {
        Span<Stage1Cylinder> row = stackalloc Stage1Cylinder[Stage1Parameters.RowCylinders];
        row = row[..Stage1Cylinder.Choose(FingerRow.Over(rowBytes), row, Stage1Parameters.Bits)];
        List<int> distances = [.. Enumerable.Repeat(Stage1Parameters.CylinderLimit, Stage1Parameters.Best)];
        foreach (Stage1Cylinder cylinder in probe.Cylinders)
        {
            int nearest = Stage1Parameters.SlotLimit;
            foreach (Stage1Cylinder other in row)
            {
                int apart = (short)(cylinder.Angle - other.Angle);
                if (apart is >= -Stage1Parameters.DirectionWindow and <= Stage1Parameters.DirectionWindow)
                {
                    int weighted = Differing(cylinder, other) * Stage1Parameters.SlotUnit;
                    nearest = Math.Min(nearest, (int)((long)weighted * other.Weight >> 16));
                }
            }

            int distance = (int)((long)nearest * Stage1Parameters.ProbeScale * cylinder.Weight >> 16);
            distances.Add(Math.Min(distance, Stage1Parameters.CylinderLimit));
        }

        return distances.Order().Take(Stage1Parameters.Best).Sum();
    }

    private static int Differing(Stage1Cylinder a, Stage1Cylinder b)
    {
        int differing = 0;
        for (int word = 0; word < Stage1Parameters.Words; word++)
        {
            differing += BitOperations.PopCount((uint)(a[word] ^ b[word]));
        }

        return differing;
    }
}
