using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Irises;

public sealed class PlaneOrderTests
{
    [Fact]
    public void Every_bit_has_a_plane_of_its_own_and_phases_share_their_masks()
    {
        foreach (IrisShape shape in TestIrises.Shapes)
        {
            int[] order = PlaneOrder.Of(shape).ToArray();
            Assert.Equal(Enumerable.Range(0, shape.Bits), order.Order());
            for (int bit = 0; bit < shape.Bits; bit += shape.Phases)
            {
                Assert.Equal(0, order[bit] % shape.Phases);
                Assert.Equal(order[bit] + shape.Phases - 1, order[bit + shape.Phases - 1]);
            }
        }
    }

    /// <summary>What a fast search reads lies together, in the order in which it reads.</summary>
    [Fact]
    public void Sampled_bits_come_first_as_they_are_read()
    {
        foreach (IrisShape shape in TestIrises.Shapes)
        {
            int[] order = PlaneOrder.Of(shape).ToArray();
            BlockLayout layout = new(shape, SampleBound.StepOf(shape), IrisBlock.PlaneBytes);
            int[] read = [.. from tile in Enumerable.Range(0, layout.Tiles)
                             from offset in layout.Offsets.ToArray()
                             select order[(tile * layout.TileStride) + offset]];
            Assert.Equal(Enumerable.Range(0, shape.Bits / layout.Step), read);
        }
    }
}
