using System.Numerics;
using System.Runtime.CompilerServices;

namespace MatchCluster.Matching.Fingers;

/// <summary>
/// One minutia's neighbourhood in bits: five direction sections of 52 cells, in the minutia's own frame.
/// </summary>
internal struct Cylinder
{
    private Words sections;

    /// <summary>65536ths of a turn, counter-clockwise.</summary>
    public short Angle { get; init; }

    /// <summary>1/8 pixel at 500 dpi, from the middle of the print.</summary>
    public short X { get; init; }

    /// <summary>1/8 pixel at 500 dpi, from the middle of the print, up.</summary>
    public short Y { get; init; }

    public readonly int SetBits
    {
        get
        {
            int bits = 0;
            for (int section = 0; section < MccParameters.Sections; section++)
            {
                bits += BitOperations.PopCount(this.sections[section]);
            }

            return bits;
        }
    }

    public ulong this[int section]
    {
        readonly get => this.sections[section];
        set => this.sections[section] = value;
    }

    [InlineArray(MccParameters.Sections)]
    private struct Words
    {
        private ulong first;
    }
}
