namespace MatchCluster.Api.Http.Access;

/// <summary>
/// What a caller may be allowed, by name. OSIA's are its own, unchanged; ours begin with "mc." and cover what OSIA has
/// no word for. A scope allows nothing but the routes that name it: none includes another.
/// </summary>
internal static class Scopes
{
    public const string Identify = "abis.identify";

    public const string Verify = "abis.verify";

    public const string EncounterRead = "abis.encounter.read";

    public const string EncounterWrite = "abis.encounter.write";

    public const string GalleryRead = "abis.gallery.read";

    public const string TaskRead = "abis.task.read";

    public const string TaskUpdate = "abis.task.update";

    /// <summary>Streams of searches.</summary>
    public const string BatchIdentify = "mc.identify";

    /// <summary>Streams of enrolments.</summary>
    public const string BulkEnrol = "mc.enrol";

    /// <summary>Enrolments of those whom nobody in the gallery is like: a search and an enrolment in one.</summary>
    public const string EnrolIfUnique = "mc.enrol-if-unique";

    /// <summary>Pictures into templates, which are answered and not stored.</summary>
    public const string Extract = "mc.extract";

    /// <summary>A candidate's minutiae and codes beside the probe's, for an examiner.</summary>
    public const string Explain = "mc.explain";

    /// <summary>People under identifiers that only older versions took: to read them.</summary>
    public const string HeldRead = "mc.held.read";

    /// <summary>People under identifiers that only older versions took: to delete them.</summary>
    public const string HeldDelete = "mc.held.delete";

    /// <summary>Legal holds, to begin and to end them.</summary>
    public const string Hold = "mc.hold";

    /// <summary>Figures of the server: what it holds, the last minute, metrics.</summary>
    public const string Stats = "mc.stats";

    /// <summary>The audit log, to read it.</summary>
    public const string Audit = "mc.audit";

    /// <summary>
    /// What an administrator does: agreements, policies of galleries and their signatures, galleries and their keys.
    /// </summary>
    public const string Admin = "mc.admin";

    /// <summary>A partner's own agreements, to read them.</summary>
    public const string OwnAgreements = "mc.agreement.read";

    /// <summary>Cases: which there are, and the comparison of a candidate with the probe.</summary>
    public const string CaseRead = "mc.case.read";

    /// <summary>Decisions of natural persons about candidates.</summary>
    public const string Decide = "mc.decide";

    /// <summary>The changes of a gallery, for somebody who keeps a copy of it.</summary>
    public const string Changes = "mc.changes";

    /// <summary>Packs of galleries: to make them and to read what their copies report.</summary>
    public const string Pack = "mc.pack";

    /// <summary>Reports of a copy's hits.</summary>
    public const string PackReport = "mc.pack.report";

    /// <summary>Jobs over whole galleries: to begin, watch and end them, and to read their results.</summary>
    public const string Jobs = "mc.jobs";

    /// <summary>Subscriptions of the caller's partner and their alerts.</summary>
    public const string Subscriptions = "mc.subscriptions";

    public static IReadOnlyList<string> All { get; } =
    [
        Identify, Verify, EncounterRead, EncounterWrite, GalleryRead, TaskRead, TaskUpdate, BatchIdentify, BulkEnrol,
        EnrolIfUnique, Extract, Explain, HeldRead, HeldDelete, Hold, Stats, Audit, Admin, OwnAgreements,
        CaseRead, Decide, Changes, Pack, PackReport, Jobs, Subscriptions,
    ];

    /// <summary>Scopes separated by blanks, each once; null where one is unknown.</summary>
    public static IReadOnlySet<string>? Read(string text)
    {
        HashSet<string> scopes = [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        return scopes.Count > 0 && scopes.All(All.Contains) ? scopes : null;
    }
}
