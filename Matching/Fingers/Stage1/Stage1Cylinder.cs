using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MatchCluster.Matching.Fingers.Stage1;

/// <summary>A cylinder as the first stage sees it: 240 bits in 16-bit words, section by section.</summary>
internal struct Stage1Cylinder
{
    private WordArray words;

    public short Angle { get; private set; }

    /// <summary>1 / square root of the set bits, in 65536ths.</summary>
    public ushort Weight { get; private set; }

    public int SetBits { get; private set; }

    public readonly ushort this[int word] => words[word];

    /// <summary>
    /// The cylinders of a row nearest to the print's middle, in the row's order of angles; those without a bit here
    /// are left out.
    /// </summary>
    /// <param name="row">A finger row.</param>
    /// <param name="into">Receives them; its length is the most that are taken.</param>
    /// <param name="mostBits">Cylinders with more set bits are left out.</param>
    public static int Choose(in FingerRow row, Span<Stage1Cylinder> into, int mostBits)
    {
        Span<(int Place, int Index)> all = stackalloc (int, int)[Limits.MinutiaeScored];
        int found = 0;
        for (int i = 0; i < row.Cylinders; i++)
        {
            if (Read(row, i).SetBits is > 0 and int bits && bits <= mostBits)
            {
                all[found++] = ((row.X[i] * row.X[i]) + (row.Y[i] * row.Y[i]), i);
            }
        }

        all = all[..found];
        if (found > into.Length)
        {
            all.Sort();
            all = all[..into.Length];
            all.Sort((a, b) => a.Index.CompareTo(b.Index));
        }

        for (int i = 0; i < all.Length; i++)
        {
            into[i] = Read(row, all[i].Index);
        }

        return all.Length;
    }

    private static Stage1Cylinder Read(in FingerRow row, int index)
    {
        Stage1Cylinder cylinder = default;
        for (int section = 0; section < MccParameters.Sections; section++)
        {
            ulong bits = Pack(row.Bits[FingerRow.WordOf(index) + (section * FingerRow.Lanes)]);
            for (int part = 0; part < Stage1Parameters.SectionWords; part++)
            {
                cylinder.words[(section * Stage1Parameters.SectionWords) + part] = (ushort)(bits >> (16 * part));
            }

            cylinder.SetBits += BitOperations.PopCount(bits);
        }

        cylinder.Angle = row.Angles[index];
        cylinder.Weight = Stage1Parameters.Weight(cylinder.SetBits);
        return cylinder;
    }

    /// <summary>Moves the bits of the cells that take part together.</summary>
    private static ulong Pack(ulong section)
    {
        if (Bmi2.X64.IsSupported)
        {
            return Bmi2.X64.ParallelBitExtract(section, Stage1Parameters.Cells);
        }

        ulong packed = 0;
        ulong cells = Stage1Parameters.Cells;
        for (int bit = 0; cells != 0; bit++, cells &= cells - 1)
        {
            packed |= (section >> BitOperations.TrailingZeroCount(cells) & 1) << bit;
        }

        return packed;
    }

    [InlineArray(Stage1Parameters.Words)]
    private struct WordArray
    {
        private ushort first;
    }
}
