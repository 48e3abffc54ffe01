using System.Diagnostics;
using OpenTelemetry.Trace;

namespace MatchCluster.ServiceDefaults.Telemetry;

/// <summary>
/// Decides about the first span of a trace: all are kept but those of calls between members that no request and no
/// work of ours caused. Orleans makes one of each such call (who owns what, how are you), a few a second and silo, and
/// the searches would be lost among them.
/// </summary>
internal sealed class CausedSampler : Sampler
{
    /// <summary>How Orleans names a call: the grain's interface and its method.</summary>
    private const string GrainCall = "Grain/";

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        bool isUncaused = samplingParameters.Kind == ActivityKind.Client
            || samplingParameters.Name.Contains(GrainCall, StringComparison.Ordinal);
        return new SamplingResult(isUncaused ? SamplingDecision.Drop : SamplingDecision.RecordAndSample);
    }
}
