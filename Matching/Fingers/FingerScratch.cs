using System.Runtime.InteropServices;
using MatchCluster.Matching.Fingers.Evidence;

namespace MatchCluster.Matching.Fingers;

/// <summary>
/// Working memory of one comparing thread, allocated once: 16 KiB of keys and some 8 KiB of pairs, which stay in the
/// first-level cache. Not shared between threads.
/// </summary>
public sealed class FingerScratch
{
    private const int MaxPairs = MccParameters.MaxRelaxedPairs;

    // Arrays of this size on the pinned heap are 8-byte aligned; the extra line lets the keys begin on a 64-byte one.
    private readonly uint[] keys = GC.AllocateUninitializedArray<uint>(
        (Limits.MinutiaeScored * SimilarityKeys.Line) + 16, pinned: true);

    private readonly int keysFrom;

    public FingerScratch()
    {
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(this.keys, 0);
        keysFrom = (int)(-address & 63) / sizeof(uint);
    }

    /// <summary>Similarity keys, one line of 64 per probe cylinder.</summary>
    internal Span<uint> Keys => keys.AsSpan(keysFrom, Limits.MinutiaeScored * SimilarityKeys.Line);

    /// <summary>Greatest key of each line.</summary>
    internal uint[] Best { get; } = new uint[Limits.MinutiaeScored];

    /// <summary>Keys of the chosen pairs, best first.</summary>
    internal uint[] Chosen { get; } = new uint[MaxPairs];

    /// <summary>Probe and row places of the chosen pairs, in units, and their turn in the upper 16 bits.</summary>
    internal PairColumns Columns { get; } = new();

    /// <summary>MaxPairs of pairs that may agree: the earlier in the upper byte, the later in the lower.</summary>
    internal ushort[] Near { get; } = new ushort[(MaxPairs * (MaxPairs - 1) / 2) + Relaxation.Spare];

    /// <summary>MaxPairs of pairs that do agree, in both directions.</summary>
    internal Agreement[] Agreements { get; } = new Agreement[(MaxPairs * (MaxPairs - 1)) + Relaxation.Spare];

    /// <summary>First similarity of each pair, 2^-24.</summary>
    internal int[] First { get; } = new int[MaxPairs];

    /// <summary>Relaxed similarity of each pair, 2^-24; the rounds change sides between the two.</summary>
    internal int[] Now { get; } = new int[MaxPairs];

    internal int[] Next { get; } = new int[MaxPairs];

    /// <summary>
    /// Pairs of the last comparison: how many of <see cref="Chosen"/> and <see cref="Relaxed"/> hold.
    /// </summary>
    internal int Pairs { get; set; }

    /// <summary>Relaxed similarity of each chosen pair of the last comparison: where the rounds ended.</summary>
    internal int[] Relaxed => MccParameters.RelaxationRounds % 2 == 0 ? Now : Next;

    /// <summary>Working memory of the third stage, which leaves the paired minutiae there.</summary>
    internal EvidenceScratch Evidence { get; init; } = new();
}

/// <summary>The chosen pairs by columns, so that eight of them fit a vector.</summary>
internal sealed class PairColumns
{
    private const int Pairs = MccParameters.MaxRelaxedPairs;

    public float[] ProbeX { get; } = new float[Pairs];

    public float[] ProbeY { get; } = new float[Pairs];

    public float[] RowX { get; } = new float[Pairs];

    public float[] RowY { get; } = new float[Pairs];

    public int[] Turn { get; } = new int[Pairs];
}

/// <summary>Share, in 2^-31, of one pair's similarity that another gains in a round.</summary>
internal readonly record struct Agreement(short To, short From, int Share);
