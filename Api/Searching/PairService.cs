using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Telemetry;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Searching;

/// <summary>
/// Compares two sets of samples outside any search: a place at the gate as for a verification, the engine's
/// threads, the call's budget.
/// </summary>
internal sealed class PairService(
    AdmissionGate gate, ProbePreparation probes, EngineCalls calls, SearchMetrics metrics, IUsePolicy policy,
    SearchRoot searches)
{
    /// <summary>What fingers are scored by.</summary>
    public ScoreCalibration Calibration => calls.Calibration;

    /// <summary>Two sets that are not enrolled.</summary>
    /// <param name="probe">One side, biometricData1.</param>
    /// <param name="reference">The other, biometricData2.</param>
    /// <param name="threshold">Score from which the decision is true.</param>
    /// <param name="asker">Who asks: decides who is refused first.</param>
    /// <param name="budget">How long the caller waits.</param>
    public async ValueTask<Parsed<VerifyAnswer>> CompareAsync(
        IReadOnlyList<Sample> probe, IReadOnlyList<Sample> reference, double threshold, Asker asker,
        SearchBudget budget)
    {
        if (reference.Count == 0)
        {
            return new Failure(FailureCode.InvalidBiometricData,
                "biometricData2: found no template, wanted at least one");
        }

        UseRequest asked = UseRequest.Of(Operation.Compare) with
        {
            Modalities = [.. probe.Concat(reference).Select(sample => sample.Position.Modality).Distinct()],
            Threshold = threshold,
        };
        UseDecision decision = await policy.DecideAsync(budget.Use, asked, budget.Cancel);
        if (decision.Refusal is { } refusal)
        {
            return Failure.Of(refusal);
        }

        return await InsideAsync(asker, budget, async () =>
        {
            Parsed<Probe> prepared = await probes.PrepareAsync(probe, "biometricData1", budget);
            if (prepared.IsFailed)
            {
                return prepared.Failure;
            }

            CallResult<Decoded<VerifyAnswer>> compared = await calls.RunAsync(
                () => PairComparison.Compare(prepared.Value, reference, threshold, budget, calls.Calibration),
                budget);
            if (compared.IsInTime && decision.NoRetain)
            {
                prepared.Value.Erase();
            }

            return !compared.IsInTime ? Failure.DeadlinePassed
                : !compared.Value.IsAccepted
                    ? new Failure(FailureCode.RejectedTemplate, $"biometricData2: {compared.Value.Rejection}")
                : CoverageRule.Decided(AnswerRelease.Of(compared.Value.Value with { Permission = decision }));
        });
    }

    /// <summary>
    /// The score that a search would give a person of whom these encounters are enrolled and no others.
    /// Whether it is allowed is the search's matter.
    /// </summary>
    /// <param name="probe">Stored samples that are searched with.</param>
    /// <param name="encounters">Stored samples of each of the person's encounters.</param>
    /// <param name="asker">Who asks.</param>
    /// <param name="budget">How long it may take.</param>
    public ValueTask<Parsed<VerifyAnswer>> ScoreAsync(
        IReadOnlyList<Sample> probe, IReadOnlyList<IReadOnlyList<Sample>> encounters, Asker asker,
        SearchBudget budget) =>
        InsideAsync<VerifyAnswer>(asker, budget, async () =>
        {
            Parsed<Probe> prepared = await probes.PrepareAsync(probe, "stored samples", budget, areStored: true);
            if (prepared.IsFailed)
            {
                return prepared.Failure;
            }

            CallResult<Decoded<VerifyAnswer>> compared = await calls.RunAsync(
                () => PairComparison.Compare(prepared.Value, encounters, 0, budget, calls.Calibration), budget);
            return !compared.IsInTime ? Failure.DeadlinePassed
                : !compared.Value.IsAccepted
                    ? new Failure(FailureCode.RejectedTemplate, $"stored samples: {compared.Value.Rejection}")
                : Failure.Of(compared.Value.Value.Refusal, compared.Value.Value.Outage) is { } failure ? failure
                : compared.Value.Value;
        });

    /// <summary>
    /// A candidate taken apart: the probe against one encounter, which is read inside too. Whom a search under the
    /// agreement would not have shown, because the score stays below its threshold, is not explained: the answer holds
    /// what is enrolled.
    /// </summary>
    /// <param name="probe">What was searched with.</param>
    /// <param name="gallery">Where the candidate was found.</param>
    /// <param name="read">Reads the encounter, as was decided.</param>
    /// <param name="asker">Who asks.</param>
    /// <param name="budget">How long the caller waits.</param>
    public ValueTask<Parsed<(Encounter Of, CandidateExplanation Found)>> ExplainAsync(
        IReadOnlyList<Sample> probe, string gallery, Func<UseDecision, ValueTask<Parsed<Encounter>>> read,
        Asker asker, SearchBudget budget) =>
        InsideAsync<(Encounter, CandidateExplanation)>(asker, budget, async () =>
        {
            UseRequest asked = UseRequest.Of(Operation.Explain, gallery) with
            {
                Modalities = [.. probe.Select(sample => sample.Position.Modality).Distinct()],
            };
            UseDecision decision = await policy.DecideAsync(budget.Use, asked, budget.Cancel);
            if (decision.Refusal is { } refusal)
            {
                return Failure.Of(refusal);
            }

            Parsed<Encounter> found = await read(decision);
            if (found.IsFailed)
            {
                return found.Failure;
            }

            if (decision.MinThreshold > 0
                && await BelowAsync(probe, gallery, found.Value.PersonId, decision, budget) is { } below)
            {
                return below;
            }

            CallResult<Decoded<CandidateExplanation>> explained = await calls.RunAsync(
                () => CandidateExplanation.Of(probe, found.Value.Samples, budget, calls.Calibration), budget);
            return !explained.IsInTime || budget.IsSpent ? Failure.DeadlinePassed
                : !explained.Value.IsAccepted
                    ? new Failure(FailureCode.RejectedTemplate, $"biometricData: {explained.Value.Rejection}")
                : explained.Value.Value is { Fingers.Count: 0, Irises.Count: 0 } ? CoverageRule.NothingOfTwoSides
                : (found.Value, explained.Value.Value);
        });

    /// <summary>Why the person is no candidate of the probe; null where the threshold is reached.</summary>
    private async ValueTask<Failure?> BelowAsync(
        IReadOnlyList<Sample> probe, string gallery, string person, UseDecision decision, SearchBudget budget)
    {
        Parsed<Probe> prepared = await probes.PrepareAsync(probe, "biometricData", budget);
        if (prepared.IsFailed)
        {
            return prepared.Failure;
        }

        VerifyAnswer compared = await searches.VerifyAsync(
            prepared.Value, gallery, person, decision.MinThreshold, budget.For(Use.Internal));
        if (decision.NoRetain && !budget.IsSpent)
        {
            prepared.Value.Erase();
        }

        return Failure.Of(compared.Refusal, compared.Outage)
            ?? (compared.Decision ? null : Failure.Of(Refusal.Of(UseRule.ThresholdTooLow, FormattableString.Invariant(
                $"the score stays below {decision.MinThreshold}, from which on the agreement shows candidates"))));
    }

    private async ValueTask<Parsed<T>> InsideAsync<T>(
        Asker asker, SearchBudget budget, Func<ValueTask<Parsed<T>>> work)
    {
        if (gate.Enter(SearchLoad.Call, asker) is { } full)
        {
            metrics.Refused("Gate", asker.Priority, budget.Use.Partner);
            return full;
        }

        bool isAnswered = false;
        try
        {
            Parsed<T> done = await work();
            isAnswered = !done.IsFailed;
            return done;
        }
        finally
        {
            gate.Leave(SearchLoad.Call, asker, Told.OfCall(isAnswered, budget));
        }
    }
}
