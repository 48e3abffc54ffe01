using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Irises;

public class BitCountingTests
{
    /// <summary>
    /// Asks the CPU and the runtime's switches themselves, so that a run of the suite with a switch set is
    /// known to have tested the narrower form, and one without it the widest.
    /// </summary>
    [Fact]
    public void The_widest_technique_is_the_one_this_cpu_and_its_switches_allow()
    {
        BitCounting wanted = BitCounting.Scalar;
        if (AdvSimd.Arm64.IsSupported)
        {
            wanted = BitCounting.Vector128;
        }
        else if (X86Base.IsSupported && !IsOff("EnableHWIntrinsic"))
        {
            (int _, int ebx, int _, int _) = X86Base.CpuId(7, 0);
            bool avx2 = (ebx & (1 << 5)) != 0 && !IsOff("EnableAVX") && !IsOff("EnableAVX2");
            bool avx512 = (ebx & (1 << 30)) != 0 && avx2 && !IsOff("EnableAVX512");

            // The runtime leaves 512 bits alone on CPUs that slow down for them.
            wanted = avx512 && Vector512.IsHardwareAccelerated ? BitCounting.Vector512
                : avx2 ? BitCounting.Vector256
                : BitCounting.Vector128;
        }

        Assert.Equal(wanted, BitCountings.Widest);
    }

    [Fact]
    public void A_technique_this_cpu_lacks_says_so()
    {
        IrisCode code = TestIrises.Of(IrisShape.D2048, new ulong[32], TestIrises.Filled(32, ulong.MaxValue));
        IrisProbe probe = new(code);
        byte[] row = TestIrises.RowOf(code);
        foreach (BitCounting counting in Enum.GetValues<BitCounting>())
        {
            if (counting <= BitCountings.Widest)
            {
                Assert.True(IrisScorer.TryCompare(probe, row, counting, out _));
            }
            else
            {
                Assert.Throws<PlatformNotSupportedException>(
                    () => IrisScorer.TryCompare(probe, row, counting, out _));
            }
        }
    }

    private static bool IsOff(string feature) =>
        Environment.GetEnvironmentVariable($"DOTNET_{feature}") is "0";
}
