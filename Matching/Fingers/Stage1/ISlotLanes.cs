namespace MatchCluster.Matching.Fingers.Stage1;

/// <summary>
/// What the first stage asks of a vector of 16-bit lanes; a struct, so that the walk over blocks is compiled for it.
/// Lanes come in fours: the slots of one template.
/// </summary>
/// <typeparam name="TVector">The vector.</typeparam>
internal interface ISlotLanes<TVector>
    where TVector : struct
{
    /// <summary>16-bit lanes of a vector, a multiple of four, at most <see cref="Stage1Block.Line"/>.</summary>
    static abstract int Lanes { get; }

    static abstract TVector Broadcast(ushort value);

    /// <summary>Two lanes again and again: from memory that takes no instruction but the load.</summary>
    static abstract TVector Twos(uint lanes);

    /// <summary>Four lanes again and again.</summary>
    static abstract TVector Fours(ulong lanes);

    static abstract TVector Load(ref readonly ushort from, nuint at);

    static abstract void Store(TVector value, ref ushort to);

    static abstract TVector Differing(TVector a, TVector b);

    /// <summary>Bit by bit, the lower digit of a + b + c.</summary>
    static abstract TVector Sum(TVector a, TVector b, TVector c);

    /// <summary>Bit by bit, the upper digit of a + b + c.</summary>
    static abstract TVector Carry(TVector a, TVector b, TVector c);

    /// <summary>64 times the bits of a lane: those of the four words weigh 1, 2, 4 and 8.</summary>
    static abstract TVector Count(TVector ones, TVector twos, TVector fours, TVector eights);

    /// <summary>The upper 16 bits of the product.</summary>
    static abstract TVector Product(TVector a, TVector b);

    /// <summary>The least of both in lanes where a + window - b, as it wraps, is at most twice the window.</summary>
    static abstract TVector LeastNear(
        TVector least, TVector value, TVector aPlusWindow, TVector b, TVector twiceWindow);

    static abstract TVector Scale64(TVector a);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Min(TVector a, TVector b);

    static abstract TVector Max(TVector a, TVector b);

    /// <summary>The least of a, of b, of c and of d, for every four lanes.</summary>
    static abstract TVector LeastOfFours(TVector a, TVector b, TVector c, TVector d);

    /// <summary>Every two lanes in each other's place.</summary>
    static abstract TVector SwapLanes(TVector a);

    /// <summary>Every two pairs of lanes in each other's place.</summary>
    static abstract TVector SwapPairs(TVector a);
}
