namespace MatchCluster.Matching.Irises;

/// <summary>
/// What <see cref="CountBits{TLanes,TVector}"/> asks of a vector; a struct, so that the walk is compiled for it.
/// </summary>
/// <typeparam name="TVector">The register: 2, 4 or 8 words.</typeparam>
internal interface ICountLanes<TVector>
    where TVector : struct
{
    static abstract bool IsSupported { get; }

    /// <summary>64-bit words of a vector.</summary>
    static abstract int Words { get; }

    static abstract TVector Load(ref ulong from, nuint at);

    static abstract TVector And(TVector a, TVector b);

    static abstract TVector Xor(TVector a, TVector b);

    /// <summary>Bit by bit, the lower digit of a + b + c.</summary>
    static abstract TVector Sum(TVector a, TVector b, TVector c);

    /// <summary>Bit by bit, the upper digit of a + b + c.</summary>
    static abstract TVector Carry(TVector a, TVector b, TVector c);

    /// <summary>Byte by byte; no byte passes 255.</summary>
    static abstract TVector AddBytes(TVector a, TVector b);

    /// <summary>How many bits of each byte are set.</summary>
    static abstract TVector BitsPerByte(TVector value);

    /// <summary>The 8 bytes of each 64-bit lane added up.</summary>
    static abstract TVector Across(TVector bytes);

    /// <summary>A sum over groups of four vectors and the bits per byte of one group more.</summary>
    static abstract TVector AddGroup(TVector sum, TVector bytes);

    /// <summary>64-bit lanes of a sum over groups.</summary>
    static abstract TVector GroupsAcross(TVector sum);

    /// <summary>Low, plus each 64-bit lane of high times a power of two.</summary>
    static abstract TVector AddShifted(TVector low, TVector high, int shift);

    /// <summary>All 64-bit lanes added up.</summary>
    static abstract ulong Total(TVector lanes);
}
