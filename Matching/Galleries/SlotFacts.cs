using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Galleries;

/// <summary>What the table keeps of an encounter beside its rows.</summary>
internal readonly record struct SlotFacts
{
    public required string PersonId { get; init; }

    public required string EncounterId { get; init; }

    /// <summary>
    /// Id of the stored record that the rows were made from: another record has other rows.
    /// </summary>
    public required Guid RecordId { get; init; }

    public required IReadOnlyList<string> Galleries { get; init; }

    public required bool IsActive { get; init; }

    /// <summary>Whether another person may hold it too (<see cref="Encounter.IsMoving"/>).</summary>
    public required bool IsMoved { get; init; }

    /// <summary>Year of birth; 0 where it is unknown.</summary>
    public required short YearOfBirth { get; init; }

    public required Sex Sex { get; init; }

    /// <summary>When it expires, as <see cref="Expiry"/> counts; 0 where it does not.</summary>
    public uint ExpiresAt { get; init; }

    /// <summary>Whether a legal hold keeps it (<see cref="Encounter.IsHeld"/>).</summary>
    public bool IsHeld { get; init; }

    /// <summary>Its part of the galleries' state, where it was made before; null where it was not.</summary>
    public StateHash? State { get; init; }

    public static SlotFacts Of(Encounter encounter) => new()
    {
        PersonId = encounter.PersonId,
        EncounterId = encounter.EncounterId,
        RecordId = encounter.RecordId,
        Galleries = encounter.Galleries,
        IsActive = encounter.Status == EncounterStatus.Active,
        IsMoved = encounter.IsMoving,
        YearOfBirth = (short)(encounter.YearOfBirth ?? 0),
        Sex = encounter.Sex,
        ExpiresAt = Expiry.Of(encounter.ExpiresAt),
        IsHeld = encounter.IsHeld,
    };
}
