using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MatchCluster.Matching.Tests;

/// <summary>
/// Kernel tests are also run with instruction sets switched off from outside (.ci/run). Such a run names in
/// MATCHCLUSTER_CPU_LEVEL what it means to have, because a misspelt switch would test the widest level again.
/// </summary>
public sealed class CpuLevelTests
{
    [Fact]
    public void The_run_has_the_level_that_it_was_started_for()
    {
        string? level = Environment.GetEnvironmentVariable("MATCHCLUSTER_CPU_LEVEL");
        int widest = Avx512F.IsSupported ? 512
            : Vector256.IsHardwareAccelerated ? 256
            : Vector128.IsHardwareAccelerated ? 128
            : 0;
        int most = level switch
        {
            null or "" => 512,
            "256" => 256,
            "128" => 128,
            "0" => 0,
            _ => throw new InvalidOperationException(
                $"MATCHCLUSTER_CPU_LEVEL: found '{level}', wanted 256, 128, 0 or nothing"),
        };
        Assert.InRange(widest, 0, most);
    }
}
