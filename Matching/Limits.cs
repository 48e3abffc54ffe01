namespace MatchCluster.Matching;

/// <summary>
/// Every limit of the engine, with its unit in its name and the reason for its value. Reaching one is a refusal that
/// names the limit, what was found and what was wanted; it is never an endless wait.
/// </summary>
public static class Limits
{
    /// <summary>A standard record with 255 minutiae and several views stays far below this.</summary>
    public const int FingerTemplateBytes = 64 * 1024;

    /// <summary>W16384 with a mask per bit is 4 KiB; open-iris' JSON form of it about 6 KiB.</summary>
    public const int IrisTemplateBytes = 16 * 1024;

    /// <summary>One byte counts minutiae in every standard record.</summary>
    public const int MinutiaePerView = 255;

    /// <summary>Four bits number the views of one finger in ISO/IEC 19794-2:2005 and INCITS 378-2004.</summary>
    public const int ViewsPerRecord = 176;

    /// <summary>Minutiae (best quality first) that take part in scoring: more only add noise and time.</summary>
    public const int MinutiaeScored = 64;

    /// <summary>Bits of the widest iris code accepted (16 x 256 x 2 x 2).</summary>
    public const int IrisCodeBits = 16384;

    /// <summary>Ten fingers, two eyes, and room for repeated captures of each.</summary>
    public const int SamplesPerEncounter = 64;

    /// <summary>Galleries one encounter may belong to.</summary>
    public const int GalleriesPerEncounter = 32;

    /// <summary>Person, encounter, gallery and transaction identifiers, in UTF-8 bytes.</summary>
    public const int IdBytes = 128;

    /// <summary>The caller's opaque reference kept with an encounter.</summary>
    public const int ClientDataBytes = 4 * 1024;

    /// <summary>Encounters of one person that are held; more are a sign of a wrong person id.</summary>
    public const int EncountersPerPerson = 256;

    /// <summary>Searches that share one pass over a partition.</summary>
    public const int SearchesPerBatch = 64;

    /// <summary>Candidates an answer may carry; an examiner reads tens.</summary>
    public const int CandidatesPerSearch = 1000;

    /// <summary>Search batches waiting at one partition before the next is refused.</summary>
    public const int QueuedBatchesPerPartition = 1024;

    /// <summary>Write batches waiting at one partition before the next is refused.</summary>
    public const int QueuedWritesPerPartition = 4096;

    /// <summary>Writes one batch may carry.</summary>
    public const int WritesPerBatch = 10_000;

    /// <summary>Partitions of one gallery store: 4,096 x 64 k identities is 268 M.</summary>
    public const int Partitions = 4096;

    /// <summary>Deadline of a search that brings none.</summary>
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Longest deadline a caller may ask for.</summary>
    public static readonly TimeSpan LongestDeadline = TimeSpan.FromSeconds(120);
}
