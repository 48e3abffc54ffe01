namespace MatchCluster.Matching.Model;

/// <summary>Only ACTIVE encounters are searched (OSIA ABIS 1.6.0, Encounter.status).</summary>
public enum EncounterStatus : byte
{
    Active = 1,
    Inactive = 2,
}

/// <summary>Codes of ISO/IEC 5218.</summary>
public enum Sex : byte
{
    Unknown = 0,
    Male = 1,
    Female = 2,
}

/// <summary>The formats a template may be supplied in or asked back in.</summary>
public enum TemplateFormat : byte
{
    Iso19794v2005 = 1,
    Iso19794v2011 = 2,
    Ansi378v2004 = 3,
    Ansi378v2009 = 4,
    MatchClusterIris = 16,
    OpenIrisJson = 17,
}

/// <summary>One template of one place on the body, as it was supplied.</summary>
public sealed record Sample
{
    /// <summary>
    /// The place that it is from; unknown positions take part in every comparison of their modality.
    /// </summary>
    public required BiometricPosition Position { get; init; }

    public required TemplateFormat Format { get; init; }

    /// <summary>The supplied bytes, decoded once before they are accepted and again at every load.</summary>
    public required ReadOnlyMemory<byte> Template { get; init; }

    /// <summary>Tells two samples of the same place apart.</summary>
    public string? Instance { get; init; }

    /// <summary>Quality from 0 to 100, as the caller states it.</summary>
    public int? Quality { get; init; }

    /// <summary>
    /// What the template was decoded to in this process, if it was. It is not stored, not sent, and two samples are
    /// equal whether they have it or not.
    /// </summary>
    internal KeptDecoding Decoding { get; init; }
}

/// <summary>
/// One enrolment event of a person: its samples, the galleries it belongs to and the two filter bins. Nothing
/// biographic is held beyond the bins; names stay with the caller, <see cref="ClientData"/> is opaque.
/// </summary>
public sealed record Encounter
{
    public required string PersonId { get; init; }

    public required string EncounterId { get; init; }

    /// <summary>
    /// Names this version of the encounter: every change makes a new one, and so does every step of a move to another
    /// person. No version ever comes back, also where an encounter is moved there and back.
    /// </summary>
    public required Guid RecordId { get; init; }

    public required EncounterStatus Status { get; init; }

    public required string EncounterType { get; init; }

    /// <summary>Names of the galleries that it belongs to: at least one, each once.</summary>
    public required IReadOnlyList<string> Galleries { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Updated { get; init; }

    /// <summary>Year of birth, by which searches can filter; null where it is not known.</summary>
    public int? YearOfBirth { get; init; }

    /// <summary>Sex, by which searches can filter.</summary>
    public Sex Sex { get; init; }

    public ReadOnlyMemory<byte> ClientData { get; init; }

    public required IReadOnlyList<Sample> Samples { get; init; }

    /// <summary>
    /// What could not be captured, as the caller stated it; at most <see cref="Limits.SamplesPerEncounter"/>.
    /// </summary>
    public IReadOnlyList<MissingItem> Missing { get; init; } = [];

    /// <summary>
    /// The pictures that samples were extracted from, where every gallery of it keeps them, and opaque items where they
    /// are kept; mostly none.
    /// </summary>
    public IReadOnlyList<Picture> Pictures { get; init; } = [];

    /// <summary>
    /// When it expires, in whole seconds: from then on no search sees it, and it is erased soon. Null where it does
    /// not.
    /// </summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// Whether a legal hold keeps it: nobody deletes or replaces it, and it is not erased when it expires. It does not
    /// make it visible again.
    /// </summary>
    public bool IsHeld { get; init; }

    /// <summary>
    /// The person this record was moved from by an older version of this program, and who may still hold this
    /// version; null otherwise. Moves are marked by <see cref="Transit"/> today.
    /// </summary>
    public string? MovedFrom { get; init; }

    /// <summary>The move to another person that is under way; null otherwise.</summary>
    public Transit? Transit { get; init; }

    /// <summary>
    /// The call that created it, so that the same call is recognised when it comes again; null where it is not known.
    /// </summary>
    public Origin? Origin { get; init; }

    /// <summary>Whether the bytes of every picture are here.</summary>
    public bool HasItsPictures => Pictures.All(picture => picture.IsRead);

    /// <summary>Bytes of its pictures, here or not.</summary>
    public long PictureBytes => Pictures.Sum(picture => (long)picture.Length);

    /// <summary>It, with the facts of its pictures and not their bytes.</summary>
    public Encounter WithoutPictureBytes() => Pictures.Any(picture => picture.IsRead)
        ? this with { Pictures = [.. Pictures.Select(picture => picture with { Content = default })] } : this;

    /// <summary>Whether another person may hold it too, because a move is under way or was cut off.</summary>
    public bool IsMoving => Transit is not null || MovedFrom is not null;
}
