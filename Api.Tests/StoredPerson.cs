using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Api.Tests;

/// <summary>
/// An encounter as a store holds it, put there without passing a door that would refuse its identifiers.
/// </summary>
internal static class StoredPerson
{
    /// <summary>One right index finger of a generated person.</summary>
    public static StoreWrite Put(string person, string encounter, string gallery, DateTimeOffset? expiresAt = null) =>
        StoreWrite.Put(new Encounter
        {
            PersonId = person,
            EncounterId = encounter,
            RecordId = Guid.NewGuid(),
            Status = EncounterStatus.Active,
            EncounterType = "visit",
            Galleries = [gallery],
            ExpiresAt = expiresAt,
            Created = DateTimeOffset.UnixEpoch,
            Updated = DateTimeOffset.UnixEpoch,
            Samples =
            [
                new Sample
                {
                    Position = BiometricPosition.OfFinger(2),
                    Format = TemplateFormat.Iso19794v2005,
                    Template = FingerRecords.Encode(
                        TemplateFormat.Iso19794v2005, [new SyntheticPopulation(7).Person(1).Finger(2, 0)]),
                },
            ],
        });
}
