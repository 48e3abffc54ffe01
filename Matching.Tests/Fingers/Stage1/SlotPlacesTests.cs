using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Fingers.Stage1;

namespace MatchCluster.Matching.Tests.Fingers.Stage1;

/// <summary>Where cylinders stand in a block: all directions fit, and the same directions stand alike.</summary>
public sealed class SlotPlacesTests
{
    private const int Turn = SlotPlaces.Turn;

    [Fact]
    public void Places_rise_within_a_turn_of_slots_whatever_the_directions()
    {
        Random random = new(31);
        for (int count = 0; count <= Turn; count++)
        {
            for (int i = 0; i < 60; i++)
            {
                // From all directions alike to all around the circle, wherever on it.
                int middle = random.Next(-32768, 32768);
                int spread = 1 << random.Next(17);
                short[] angles =
                [
                    .. Enumerable.Range(0, count)
                        .Select(_ => (short)(middle + random.Next(-spread, spread))).Order(),
                ];

                AssertHold(angles, $"{count} cylinders within {spread} of {middle}");
            }

            AssertHold([.. Enumerable.Repeat(short.MinValue, count)], $"{count} at the first direction");
            AssertHold([.. Enumerable.Repeat(short.MaxValue, count)], $"{count} at the last direction");
        }
    }

    [Fact]
    public void Directions_that_lie_evenly_stand_at_their_share_of_the_turn()
    {
        foreach (int count in (int[])[1, 5, 8, 10, 20, 40])
        {
            int[] places = PlacesOf(
                [
                    .. Enumerable.Range(0, count)
                        .Select(i => (short)(short.MinValue + (((2 * i) + 1) * 32768 / count) + 1)),
                ]);

            Assert.Equal(Enumerable.Range(0, count).Select(i => ((2 * i) + 1) * Turn / (2 * count)), places);
        }
    }

    [Fact]
    public void Prints_that_share_a_block_leave_the_window_of_a_cylinder_in_six_of_ten_quads()
    {
        Random random = new(32);
        QuadRange[] ranges = new QuadRange[Stage1Parameters.ProbeCylinders];
        double quads = 0;
        int windows = 0;
        ushort[] block = new ushort[Stage1Block.Length];
        for (int i = 0; i < 20; i++)
        {
            Stage1Block.Clear(block);
            for (int template = 0; template < Stage1Parameters.Rows; template++)
            {
                Stage1Block.Put(block, template, FingerRow.Over(Print(random).Row), 0);
            }

            int found = QuadRange.Fill(block, new Stage1Probe(Print(random).Row), ranges);
            quads += ranges.Take(found).Sum(range => range.Count);
            windows += found;
        }

        Assert.InRange(quads / windows, 3, 6.2);
    }

    private static FingerTemplate Print(Random random) =>
        FingerTemplate.Prepare(RandomFingers.View(random, 50));

    private static void AssertHold(short[] angles, string what)
    {
        int[] places = PlacesOf(angles);
        for (int i = 1; i < places.Length; i++)
        {
            Assert.True(places[i] > places[i - 1], $"{what}: {string.Join(' ', places)}");
        }

        // The block counts quads from a turn before the first, in bytes.
        Assert.True(
            places.Length == 0
                || (places[^1] - places[0] < Turn && places[0] >= -Turn && places[^1] >= 0 && places[^1] < 2 * Turn),
            $"{what}: {string.Join(' ', places)}");
    }

    private static int[] PlacesOf(short[] angles)
    {
        // Rows of one cylinder a direction; the bits do not matter here.
        Cylinder[] cylinders = [.. angles.Select(angle => new Cylinder { Angle = angle })];
        for (int i = 0; i < cylinders.Length; i++)
        {
            cylinders[i][0] = EveryCell;
        }

        Span<Stage1Cylinder> chosen = stackalloc Stage1Cylinder[Stage1Parameters.RowCylinders];
        byte[] row = FingerRow.Write(cylinders, cylinders.Length);
        chosen = chosen[..Stage1Cylinder.Choose(FingerRow.Over(row), chosen, Stage1Parameters.Bits)];
        Assert.Equal(angles.Length, chosen.Length);
        int[] places = new int[chosen.Length];
        SlotPlaces.Fill(chosen, places);
        return places;
    }

    /// <summary>Every cell of a section.</summary>
    private const ulong EveryCell = (1UL << MccParameters.CellsPerSection) - 1;
}
