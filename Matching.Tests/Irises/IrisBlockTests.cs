using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Irises;

public sealed class IrisBlockTests
{
    [Fact]
    public void Sixty_four_words_on_their_side_have_every_bit_where_it_belongs()
    {
        ulong[] words = TestIrises.Random(new Random(5), BitTranspose.Size);
        ulong[] turned = [.. words];
        BitTranspose.Run(turned);
        for (int word = 0; word < BitTranspose.Size; word++)
        {
            for (int bit = 0; bit < BitTranspose.Size; bit++)
            {
                Assert.Equal(words[word] >> bit & 1, turned[bit] >> word & 1);
            }
        }

        BitTranspose.Run(turned);
        Assert.Equal(words, turned);
    }

    [Fact]
    public unsafe void Eyes_written_side_by_side_lie_as_eyes_written_one_by_one()
    {
        Random random = new(6);
        foreach (IrisShape shape in TestIrises.Shapes)
        {
            foreach (bool shared in new[] { false, true })
            {
                IrisBlock one = new(shape, shared);
                IrisBlock many = new(shape, shared);
                for (int word = 0; word < IrisBlock.Lanes / 64; word += 3)
                {
                    // Some lanes are there before, some stay empty.
                    ulong[] codes = new ulong[shape.Words * 64];
                    ulong[] masks = new ulong[codes.Length];
                    for (int lane = 0; lane < 64; lane++)
                    {
                        ulong[] code = TestIrises.Random(random, shape.Words);
                        ulong[] mask = TestIrises.Random(random, shape.Words);
                        mask = shared && shape.Phases == 2
                            ? [.. mask.Select(m => (m & 0x5555555555555555) * 3)] : mask;
                        int place = random.Next(3);
                        if (place > 0)
                        {
                            one.Write((word * 64) + lane, code, mask);
                        }

                        if (place == 1)
                        {
                            many.Write((word * 64) + lane, code, mask);
                        }

                        for (int i = 0; i < shape.Words && place == 2; i++)
                        {
                            codes[(i * 64) + lane] = code[i];
                            masks[(i * 64) + lane] = mask[i];
                        }
                    }

                    many.WriteWord(word, codes, masks);
                }

                Assert.Equal(one.ValidBits, many.ValidBits);
                int planes = shape.Bits + (shape.Bits / (shared ? shape.Phases : 1));
                Assert.True(new ReadOnlySpan<byte>(one.Planes, planes * IrisBlock.PlaneBytes).SequenceEqual(
                    new ReadOnlySpan<byte>(many.Planes, planes * IrisBlock.PlaneBytes)));
                GC.KeepAlive(one);
                GC.KeepAlive(many);
            }
        }
    }
}
