using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Seam;

/// <summary>Writes of one partition, applied in order.</summary>
/// <param name="Writes">At most <see cref="Limits.WritesPerBatch"/> writes.</param>
/// <param name="AllOrNothing">One write that cannot be applied refuses the whole batch and changes nothing.</param>
public sealed record WriteBatch(IReadOnlyList<Write> Writes, bool AllOrNothing = false)
{
    /// <summary>
    /// The galleries of whoever asks: an encounter that also is in another one is not changed, deleted or moved. Null
    /// where there is no such limit.
    /// </summary>
    public IReadOnlySet<string>? Owned { get; init; }

    /// <summary>
    /// Turns in which it is written: nothing is where a later holder has been here. None as a rule.
    /// </summary>
    public IReadOnlyList<GalleryLease> Leases { get; init; } = [];
}

/// <summary>A change of one encounter or of one person.</summary>
public abstract record Write
{
    private Write()
    {
    }

    public abstract string PersonId { get; }

    /// <summary>The one encounter of the person that is changed; null where there is none, or all are.</summary>
    internal string? Changed => this switch
    {
        Update update => update.Encounter.EncounterId,
        SetStatus set => set.EncounterId,
        SetGalleries set => set.EncounterId,
        ErasePictures erase => erase.EncounterId,
        SetHold hold => hold.EncounterId,
        Delete delete => delete.EncounterId,
        Leave leave => leave.EncounterId,
        _ => null,
    };

    /// <summary>The whole encounter that it brings; null where it brings none.</summary>
    internal virtual Encounter? Brought => null;

    /// <summary>Adds an encounter; a conflict where the person already has one of that id.</summary>
    public sealed record Create(Encounter Encounter) : Write
    {
        public override string PersonId => Encounter.PersonId;

        internal override Encounter? Brought => Encounter;
    }

    /// <summary>Replaces an encounter that exists; creation date and record id are kept.</summary>
    public sealed record Update(Encounter Encounter) : Write
    {
        public override string PersonId => Encounter.PersonId;

        internal override Encounter? Brought => Encounter;
    }

    public sealed record SetStatus(string Person, string EncounterId, EncounterStatus Status) : Write
    {
        public override string PersonId => Person;
    }

    public sealed record SetGalleries(string Person, string EncounterId, IReadOnlyList<string> Galleries) : Write
    {
        /// <summary>Whether its pictures go, because one of these galleries keeps none.</summary>
        public bool ErasesPictures { get; init; }

        /// <summary>Whether its opaque items stay, because none of these galleries forbids them.</summary>
        public bool KeepsOpaque { get; init; }

        public override string PersonId => Person;
    }

    /// <summary>Erases the pictures and opaque items of an encounter; nothing changes where it has none.</summary>
    public sealed record ErasePictures(string Person, string EncounterId) : Write
    {
        public override string PersonId => Person;
    }

    /// <summary>
    /// Begins or ends a legal hold: a held encounter is neither deleted nor replaced nor moved.
    /// </summary>
    public sealed record SetHold(string Person, string EncounterId, bool IsHeld) : Write
    {
        public override string PersonId => Person;
    }

    /// <summary>
    /// Deletes one encounter. With <paramref name="OnlyRecord"/> it is deleted only if it still is that record.
    /// </summary>
    public sealed record Delete(string Person, string EncounterId, Guid? OnlyRecord = null) : Write
    {
        public override string PersonId => Person;
    }

    /// <summary>
    /// The first step of a move: marks an encounter that still is that record, so that nothing but the move may change
    /// it until <see cref="EndMove"/>.
    /// </summary>
    /// <param name="Person">Who gives it.</param>
    /// <param name="EncounterId">Which encounter.</param>
    /// <param name="OnlyRecord">The version that was read.</param>
    /// <param name="Transit">The mark.</param>
    /// <param name="OfAll">How many encounters the person must have, where all of them move; 0 otherwise.</param>
    public sealed record Leave(string Person, string EncounterId, Guid OnlyRecord, Transit Transit, int OfAll) : Write
    {
        public override string PersonId => Person;
    }

    /// <summary>
    /// The step that decides a move: adds the encounter, with its mark, to a person who exists and is not leaving.
    /// Doing it again for that move changes nothing.
    /// </summary>
    public sealed record Arrive(Encounter Encounter) : Write
    {
        public override string PersonId => Encounter.PersonId;

        internal override Encounter? Brought => Encounter;
    }

    /// <summary>
    /// The last step of a move on either side: takes the mark of that move off, or the encounter that wears it. Unknown
    /// where there is no such mark: the move has ended already.
    /// </summary>
    public sealed record EndMove(string Person, string EncounterId, Guid Move, bool Keep) : Write
    {
        public override string PersonId => Person;
    }

    public sealed record DeletePerson(string Person) : Write
    {
        public override string PersonId => Person;
    }

    /// <summary>
    /// Stores an encounter that still is that record again as it is, so that today's keys seal it. The partition's own
    /// process alone asks for it; it is never sent.
    /// </summary>
    internal sealed record Reseal(string Person, string EncounterId, Guid OnlyRecord) : Write
    {
        public override string PersonId => Person;
    }
}

/// <summary>
/// The answer to a <see cref="WriteBatch"/>: one result per write, in its order. Applied means durable and visible.
/// </summary>
public sealed record WriteAck(IReadOnlyList<WriteResult> Results);

/// <summary>
/// The result of one write. Without refusal and outage it was applied. With a refusal it will never
/// be applied as asked. With an outage, MayRetry says whether asking again may help.
/// </summary>
public readonly record struct WriteResult(Refusal? Refusal = null, Outage? Outage = null)
{
    public static WriteResult Applied => default;

    public bool IsApplied => Refusal is null && Outage is null;
}

/// <summary>A read of stored encounters.</summary>
public abstract record ReadQuery
{
    private ReadQuery()
    {
    }

    /// <summary>Every encounter of a person, ordered by encounter id.</summary>
    public sealed record Person(string PersonId) : ReadQuery;

    /// <summary>One encounter of a person, with the bytes of its pictures.</summary>
    public sealed record Pictures(string PersonId, string EncounterId) : ReadQuery;

    /// <summary>
    /// The first <paramref name="Limit"/> members of a gallery after <paramref name="Skip"/>, ordered by person id,
    /// then encounter id (ordinal).
    /// </summary>
    public sealed record Gallery(string GalleryId, int Skip, int Limit) : ReadQuery
    {
        /// <summary>
        /// Only members after this one in the order, whether it is still there or not: whoever goes on from the last
        /// one of a page misses nobody who stays, whatever is enrolled and deleted meanwhile. Null begins at the front.
        /// </summary>
        public GalleryMember? After { get; init; }
    }

    /// <summary>
    /// What the first persons of a gallery would be searched with, in the order of their ids (ordinal): the rows that
    /// are in memory, encounter by encounter, without a look at any template. A page ends early where it would be
    /// larger than <see cref="Limits.ProbePageBytes"/>; it always has one person where there is one.
    /// </summary>
    /// <param name="GalleryId">The gallery, or <see cref="Search.AllGalleries"/>.</param>
    /// <param name="Persons">So many at most, 1..<see cref="Limits.ProbePagePersons"/>.</param>
    public sealed record Probes(string GalleryId, int Persons) : ReadQuery
    {
        /// <summary>Only persons after this id, whether it is still there or not; null begins at the front.</summary>
        public string? After { get; init; }

        /// <summary>
        /// Only persons with an encounter that was stored or changed since then, by the time in its record's id.
        /// </summary>
        public DateTimeOffset? Since { get; init; }
    }
}

/// <summary>An answer or the refusal or outage that stands in its place.</summary>
public sealed record ReadAnswer
{
    public Refusal? Refusal { get; init; }

    public Outage? Outage { get; init; }

    /// <summary>Whether the person is here and a stored record of it is damaged.</summary>
    public bool IsUnreadable => Outage?.Reason.StartsWith(Unreadable, StringComparison.Ordinal) == true;

    public IReadOnlyList<Encounter> Encounters { get; init; } = [];

    public IReadOnlyList<GalleryMember> Members { get; init; } = [];

    /// <summary>What persons would be searched with, ordered by person id, then encounter id.</summary>
    public IReadOnlyList<StoredProbe> Probes { get; init; } = [];

    /// <summary>Whether any encounter here names the gallery that was asked for.</summary>
    public bool GalleryKnown { get; init; }

    /// <summary>The begin of the reason of an outage by a damaged record.</summary>
    internal const string Unreadable = "a stored encounter cannot be read";
}

/// <summary>One encounter of a gallery.</summary>
public readonly record struct GalleryMember(string PersonId, string EncounterId)
{
    /// <summary>Compares by person id, then by encounter id, both ordinal.</summary>
    public static int Compare(GalleryMember a, GalleryMember b)
    {
        int person = string.CompareOrdinal(a.PersonId, b.PersonId);
        return person != 0 ? person : string.CompareOrdinal(a.EncounterId, b.EncounterId);
    }
}

/// <summary>The samples of one stored encounter as a probe; without any where nothing of it can be compared.</summary>
/// <param name="PersonId">Whose it is.</param>
/// <param name="EncounterId">Which encounter.</param>
/// <param name="Probe">Its rows.</param>
public sealed record StoredProbe(string PersonId, string EncounterId, Probe Probe);
