using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Requests;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Endpoints;
using MatchCluster.Api.Osia.Reading;
using MatchCluster.Api.Searching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Streams;

/// <summary>The requests of a stream's lines: of samples that were sent, or of a person who is enrolled.</summary>
internal sealed class BatchProbes(ProbePreparation probes, ImageItems images, EncounterService encounters)
{
    /// <summary>The engine's request for a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="notes">Gets what of the line is not used.</param>
    /// <param name="read">Gets the samples.</param>
    /// <param name="http">The call of the stream.</param>
    /// <param name="cancel">Ends the wait for a thread.</param>
    public async ValueTask<Parsed<IdentifyRequest>> RequestOfAsync(
        BatchProbe line, string gallery, NotStored notes, Action<List<Sample>> read, HttpContext http,
        CancellationToken cancel)
    {
        if (Check(line) is { } wrong)
        {
            return wrong;
        }

        OsiaFilter? filter = line.TargetFpir is null
            ? line.Filter : (line.Filter ?? new OsiaFilter()) with { TargetFpir = line.TargetFpir };

        // The deadline of a line is for its search: before that it waits for the lines before it as long as it takes.
        bool isStored = line.BiometricData is null;
        Parsed<List<Sample>> samples = isStored
            ? await StoredAsync(line.PersonId!, line.EncounterId, http.LineBudget(cancel))
            : await images.ReadProbeAsync(
                line.BiometricData!, "biometricData", notes, http.LineBudget(cancel), true);
        if (samples.IsFailed)
        {
            return samples.Failure;
        }

        read(samples.Value);
        Parsed<Probe> probe = await probes.PrepareAsync(
            samples.Value, isStored ? StoredSamples.Name : "biometricData", http.LineBudget(cancel), isStored);
        return probe.IsFailed ? probe.Failure
            : SearchReader.Read(
                probe.Value, gallery, filter, line.MaxNbCand, line.Threshold, line.Exhaustive ?? false,
                line.Fast ?? false, line.SwappedHands ?? false, line.SwappedEyes ?? false, line.Rotation);
    }

    private static Failure? Check(BatchProbe line) =>
        Identifiers.Check("id", line.Id)
        ?? ((line.BiometricData is null) == (line.PersonId is null)
            ? new Failure(FailureCode.MalformedBody,
                $"found {(line.PersonId is null ? "neither" : "both")} biometricData and personId, wanted one of them")
            : null)
        ?? (line.PersonId is null ? null : Identifiers.Check("personId", line.PersonId))
        ?? (line.EncounterId is null ? null : Identifiers.Check("encounterId", line.EncounterId))
        ?? (line is { EncounterId: not null, PersonId: null }
            ? new Failure(FailureCode.MalformedBody, "encounterId: found without personId, whose encounter it is")
            : null)
        ?? (line.TargetFpir is not null && line.Filter?.TargetFpir is not null
            ? new Failure(FailureCode.InvalidFilter, "targetFPIR: found beside filter.targetFPIR") : null);

    private async ValueTask<Parsed<List<Sample>>> StoredAsync(
        string personId, string? encounterId, SearchBudget budget)
    {
        if (encounterId is not null)
        {
            Parsed<Encounter> one = await encounters.ReadAsync(personId, encounterId, budget);
            return one.IsFailed ? one.Failure : StoredSamples.Of([one.Value]);
        }

        Parsed<IReadOnlyList<Encounter>> all = await encounters.ReadAllAsync(personId, budget);
        return all.IsFailed ? all.Failure : StoredSamples.Of(all.Value);
    }
}
