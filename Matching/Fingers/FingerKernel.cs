using System.Runtime.Intrinsics.X86;

namespace MatchCluster.Matching.Fingers;

/// <summary>How local similarities are computed; the result is the same integer in every form.</summary>
internal enum FingerKernel
{
    /// <summary>One pair at a time with the scalar population count: every CPU.</summary>
    Popcount,

    /// <summary>Eight pairs in two 256-bit vectors (AVX2).</summary>
    CarrySave256,

    /// <summary>Eight pairs in one 512-bit vector (AVX-512 F, BW, VL).</summary>
    CarrySave512,
}

internal static class FingerKernels
{
    /// <summary>The widest form this CPU and runtime support, chosen once.</summary>
    public static FingerKernel Widest { get; } =
        IsSupported(FingerKernel.CarrySave512) ? FingerKernel.CarrySave512
        : IsSupported(FingerKernel.CarrySave256) ? FingerKernel.CarrySave256
        : FingerKernel.Popcount;

    public static bool IsSupported(FingerKernel kernel) => kernel switch
    {
        FingerKernel.CarrySave512 => Avx512BW.VL.IsSupported,
        FingerKernel.CarrySave256 => Avx2.IsSupported,
        _ => true,
    };
}
