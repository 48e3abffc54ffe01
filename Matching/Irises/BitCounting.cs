namespace MatchCluster.Matching.Irises;

/// <summary>The techniques that count differing and valid bits, narrowest first.</summary>
internal enum BitCounting
{
    Scalar,
    Vector128,
    Vector256,
    Vector512,
}

/// <summary>What this CPU (and the switches of the runtime) allow.</summary>
internal static class BitCountings
{
    /// <summary>The widest the CPU has: constants once compiled, so asking costs nothing.</summary>
    public static BitCounting Widest =>
        CountBits512.IsSupported ? BitCounting.Vector512
        : CountBits256.IsSupported ? BitCounting.Vector256
        : CountBits128.IsSupported ? BitCounting.Vector128
        : BitCounting.Scalar;
}
