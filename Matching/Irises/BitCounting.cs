using MatchCluster.Matching.Irises.Blocks;

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
        CountLanes512.IsSupported ? BitCounting.Vector512
        : CountLanes256.IsSupported ? BitCounting.Vector256
        : CountLanes128.IsSupported ? BitCounting.Vector128
        : BitCounting.Scalar;

    /// <summary>The widest that slices across eyes; AVX-512F and AVX2 alone serve it, whatever they count by.</summary>
    public static BitCounting WidestLanes =>
        Lanes512.IsSupported ? BitCounting.Vector512
        : Lanes256.IsSupported ? BitCounting.Vector256
        : Lanes128.IsSupported ? BitCounting.Vector128
        : BitCounting.Scalar;
}
