using CsCheck;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Properties;

/// <summary>Generators of encounters: everything that a record can hold, valid as an engine admits it or not.</summary>
internal static class SomeRecords
{
    public static Gen<Sample> Sample { get; } =
        from position in Some.Position
        from format in Some.One(Enum.GetValues<TemplateFormat>())
        from instance in Some.Maybe(Some.Words)
        from quality in Some.MaybeValue(Gen.Int[0, 100])
        from template in Some.Bytes(1, ModalityTable.Of(position.Modality).MostTemplateBytes, 40)
        select new Sample
        {
            Position = position,
            Format = format,
            Instance = instance,
            Quality = quality,
            Template = template,
        };

    public static Gen<MissingItem> Missing { get; } =
        from modality in Some.One(Modality.Finger, Modality.Iris)
        from place in Some.Maybe(Some.Id)
        from instance in Some.Maybe(Some.Words)
        from sample in Some.MaybeValue(Gen.Int[0, Limits.SamplesPerEncounter - 1])
        from parts in Some.Many(Part, 1, Limits.MissingParts, 3)
        select new MissingItem
        {
            Modality = modality,
            Place = place,
            Instance = instance,
            Sample = sample,
            Parts = parts,
        };

    public static Gen<Transit> Transit { get; } =
        from kind in Some.One(TransitKind.Leaving, TransitKind.Arrived)
        from move in Gen.Guid
        from other in Some.Id
        from begun in Some.Instant
        select new Transit(kind, move, other, begun);

    /// <summary>One that version 1 of the record can hold, and whoever has what it cannot say: version 2.</summary>
    public static Gen<Encounter> Encounter { get; } =
        from first in FirstVersion
        from second in Gen.Bool
        from missing in Some.Many(Missing, 0, Limits.SamplesPerEncounter, 2)
        from transit in Some.Maybe(Transit)
        from origin in Some.Maybe(Gen.Select(Gen.Guid, Gen.Guid, (call, content) => new Origin(call, content)))
        select second ? first with { Missing = missing, Transit = transit, Origin = origin } : first;

    private static Gen<MissingPart> Part =>
        from place in Some.Maybe(Some.Id)
        from reason in Some.MaybeValue(Some.One(Enum.GetValues<MissingReason>()))
        select new MissingPart(place, reason);

    private static Gen<Encounter> FirstVersion =>
        from ids in Gen.Select(Some.Id, Some.Id, Gen.Guid)
        from status in Some.One(EncounterStatus.Active, EncounterStatus.Inactive)
        from sex in Some.One(Enum.GetValues<Sex>())
        from type in Some.Words
        from galleries in Some.Galleries
        from times in Gen.Select(Some.Instant, Some.Instant)
        from year in Some.MaybeValue(Some.Int)
        from source in Some.Maybe(Some.Id)
        from data in Some.Bytes(0, Limits.ClientDataBytes, 20)
        from samples in Some.Many(Sample, 0, 8, 2)
        select new Encounter
        {
            PersonId = ids.Item1,
            EncounterId = ids.Item2,
            RecordId = ids.Item3,
            Status = status,
            Sex = sex,
            EncounterType = type,
            Galleries = galleries,
            Created = times.Item1,
            Updated = times.Item2,
            YearOfBirth = year,
            MovedFrom = source,
            ClientData = data,
            Samples = samples,
        };
}
