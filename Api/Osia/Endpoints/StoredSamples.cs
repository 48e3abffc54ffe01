using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Model;

namespace MatchCluster.Api.Osia.Endpoints;

/// <summary>What is stored of a person, as what is searched with.</summary>
internal static class StoredSamples
{
    /// <summary>Where such samples come from, for what is wrong with them.</summary>
    public const string Name = "stored samples";

    /// <summary>
    /// Stored samples as a probe, the latest encounters first where there are too many. What is inactive takes no part:
    /// it is neither found nor searched with, whether the person or the encounter is named.
    /// </summary>
    public static Parsed<List<Sample>> Of(IEnumerable<Encounter> encounters)
    {
        List<Sample> samples = [.. encounters
            .Where(encounter => encounter.Status == EncounterStatus.Active)
            .OrderByDescending(encounter => encounter.Created)
            .SelectMany(encounter => encounter.Samples)];
        return samples.Count > 0 ? samples
            : new Failure(FailureCode.InvalidBiometricData, "found no sample of an active encounter to search with");
    }
}
