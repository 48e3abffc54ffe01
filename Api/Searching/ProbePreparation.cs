using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Searching;

/// <summary>
/// Prepares what was sent to search with, on the engine's threads and within the call's budget. Whoever asks has a
/// place at the gate: preparing is work too.
/// </summary>
internal sealed class ProbePreparation(EngineCalls calls)
{
    /// <summary>The samples as a probe.</summary>
    /// <param name="samples">Decoded once already.</param>
    /// <param name="path">Where they came from, for what is wrong with them.</param>
    /// <param name="budget">How long the caller waits.</param>
    /// <param name="areStored">Whether the samples are stored ones, of which what cannot be used is left out
    /// and not refused.</param>
    public async ValueTask<Parsed<Probe>> PrepareAsync(
        IReadOnlyList<Sample> samples, string path, SearchBudget budget, bool areStored = false)
    {
        CallResult<Decoded<Probe>> built = await calls.RunAsync(
            () => areStored ? ProbeBuilder.OfStored(samples) : ProbeBuilder.Build(samples), budget);
        return !built.IsInTime ? Failure.DeadlinePassed
            : built.Value.IsAccepted ? built.Value.Value
            : new Failure(FailureCode.RejectedTemplate, $"{path}: {built.Value.Rejection}");
    }
}
