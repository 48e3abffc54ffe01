using MatchCluster.Matching;
using Microsoft.Extensions.Options;

namespace MatchCluster.Grains.Silos;

/// <summary>Refuses the start of a silo whose options are out of their range.</summary>
internal sealed class ClusterSiloOptionsCheck : IValidateOptions<ClusterSiloOptions>
{
    public ValidateOptionsResult Validate(string? name, ClusterSiloOptions options) =>
        options.Threads is < 0 or > Limits.ScanThreads
            ? ValidateOptionsResult.Fail($"threads: found {options.Threads}, wanted 0..{Limits.ScanThreads}")
        : options.MemoryBytes < 0
            ? ValidateOptionsResult.Fail($"memory: found {options.MemoryBytes} bytes, wanted 0 or more")
        : ValidateOptionsResult.Success;
}
