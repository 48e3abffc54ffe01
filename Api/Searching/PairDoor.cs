using MatchCluster.Api.Http;
using MatchCluster.Api.Telemetry;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Api.Searching;

/// <summary>Compares two sets of samples that are not enrolled; a place at the gate as for any search.</summary>
internal sealed class PairDoor(AdmissionGate gate, SearchMetrics metrics)
{
    public Mapped<VerifyAnswer> Compare(
        Probe probe, IReadOnlyList<Sample> reference, double threshold, Priority priority)
    {
        if (reference.Count == 0)
        {
            return new Failure(FailureCode.InvalidBiometricData,
                "biometricData2: found no template, wanted at least one");
        }

        if (gate.Enter(count: 0, priority) is { } full)
        {
            metrics.Refused("Gate", priority);
            return full;
        }

        try
        {
            Decoded<VerifyAnswer> answer = PairComparison.Compare(probe, reference, threshold);
            return answer.IsAccepted
                ? answer.Value
                : new Failure(FailureCode.RejectedTemplate, $"biometricData2: {answer.Rejection}");
        }
        finally
        {
            gate.Leave(count: 0, priority);
        }
    }
}
