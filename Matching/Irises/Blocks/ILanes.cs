namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// What the block engine asks of a vector: one bit a lane, the same step for every lane. Adders are stated by what
/// they do to single bits, so that each width may use what its instructions are good at.
/// </summary>
/// <typeparam name="TVector">The register: 1, 2, 4 or 8 words.</typeparam>
internal unsafe interface ILanes<TVector>
    where TVector : unmanaged
{
    static abstract bool IsSupported { get; }

    /// <summary>Ones in every lane.</summary>
    static abstract TVector Ones { get; }

    static abstract TVector Load(byte* from);

    static abstract void Store(byte* to, TVector value);

    static abstract TVector And(TVector a, TVector b);

    /// <summary>a and not b.</summary>
    static abstract TVector AndNot(TVector a, TVector b);

    static abstract TVector Or(TVector a, TVector b);

    static abstract TVector Xor(TVector a, TVector b);

    /// <summary>The low bit of a + b + c.</summary>
    static abstract TVector Sum(TVector a, TVector b, TVector c);

    /// <summary>
    /// The high bit of a + b + c, given a, b and the low bit <paramref name="sum"/>: c need not be kept.
    /// </summary>
    static abstract TVector Carry(TVector a, TVector b, TVector sum);

    /// <summary>The bit to borrow for limit - value - borrow.</summary>
    static abstract TVector Borrow(TVector limit, TVector value, TVector borrow);
}
