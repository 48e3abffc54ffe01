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

    /// <summary>
    /// A whole output of open-iris with weights beside its codes, which may be hundreds of KiB of numbers as
    /// text. It is read; what is kept of it is within <see cref="IrisTemplateBytes"/>.
    /// </summary>
    public const int IrisJsonBytes = 1024 * 1024;

    /// <summary>A view's block of ridge detail, of any version (docs/records.md).</summary>
    public const int RidgeBlockBytes = 600;

    /// <summary>One byte counts minutiae in every standard record.</summary>
    public const int MinutiaePerView = 255;

    /// <summary>Four bits number the views of one finger in ISO/IEC 19794-2:2005 and INCITS 378-2004.</summary>
    public const int ViewsPerRecord = 176;

    /// <summary>
    /// Resolution of a minutiae record: 1,000 dpi are 394. Above it stand dots per inch, taken for this.
    /// </summary>
    public const int PixelsPerCm = 400;

    /// <summary>Minutiae (best quality first) that take part in scoring: more only add noise and time.</summary>
    public const int MinutiaeScored = 64;

    /// <summary>
    /// Minutiae that cylinders are built from where the record states no quality; as many as above are kept. Twice as
    /// many take four times the work.
    /// </summary>
    public const int MinutiaeUnranked = 128;

    /// <summary>Bits of the widest iris code accepted (16 x 256 x 2 x 2).</summary>
    public const int IrisCodeBits = 16384;

    /// <summary>Ten fingers, two eyes, and room for repeated captures of each.</summary>
    public const int SamplesPerEncounter = 64;

    /// <summary>Parts that one item may state as missing: more than a hand has.</summary>
    public const int MissingParts = 16;

    /// <summary>
    /// Bytes of all pictures that are kept with an encounter, or move to another person at once: with its record they
    /// fit into one message between processes.
    /// </summary>
    public const int PictureBytes = 7 * 1024 * 1024;

    /// <summary>Bytes of pictures after which a group of writes is full.</summary>
    public const int PictureBytesPerGroup = 16 * 1024 * 1024;

    /// <summary>Rows one encounter may bring: every view of every sample becomes one.</summary>
    public const int RowsPerEncounter = 256;

    /// <summary>
    /// Views and codes one probe may bring: each is compared with every row of its place. As many as samples, so that
    /// only records of many views come near it.
    /// </summary>
    public const int RowsPerProbe = 64;

    /// <summary>Distinct combinations of galleries in a partition: each search settles every one of them.</summary>
    public const int GalleryCombinations = 10_000;

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

    /// <summary>
    /// Comparisons of one verification, about two seconds of a thread that nobody else can use meanwhile. Ten
    /// fingers of no known place meet every one of ten fingers in 256 encounters by half of them.
    /// </summary>
    public const int ComparisonsPerVerification = 50_000;

    /// <summary>Persons whose stored samples are read at once to search with them.</summary>
    public const int ProbePagePersons = 256;

    /// <summary>Bytes of rows in such a page; one person may have more and then comes alone.</summary>
    public const int ProbePageBytes = 8 * 1024 * 1024;

    /// <summary>Candidates an answer may carry; an examiner reads tens.</summary>
    public const int CandidatesPerSearch = 1000;

    /// <summary>
    /// Between two rounds that erase what has expired: nothing stays in the store for longer than two of them, where
    /// the store can be written.
    /// </summary>
    public static readonly TimeSpan EraseEvery = TimeSpan.FromMinutes(1);

    /// <summary>Characters of the name of a partner or of a subject.</summary>
    public const int PartnerNameLength = 128;

    /// <summary>Search batches waiting at one partition before the next is refused.</summary>
    public const int QueuedBatchesPerPartition = 1024;

    /// <summary>
    /// Part of the memory the process may use that its galleries take where no limit is set. The rest is for
    /// requests, for the free ends of segments, and for rows that a compaction holds twice or the collector has
    /// not freed yet.
    /// </summary>
    public const double MemoryShare = 0.75;

    /// <summary>
    /// What an encounter's objects outside its rows count in memory: identity, ids, a dictionary of one, its place.
    /// </summary>
    public const int EncounterObjectBytes = 512;

    /// <summary>Write batches waiting at one partition before the next is refused.</summary>
    public const int QueuedWritesPerPartition = 4096;

    /// <summary>Writes one batch may carry.</summary>
    public const int WritesPerBatch = 10_000;

    /// <summary>Partitions of one gallery store: 4,096 x 64 k identities is 268 M.</summary>
    public const int Partitions = 4096;

    /// <summary>Threads that scan in one process: more than the cores of the largest machines bring nothing.</summary>
    public const int ScanThreads = 1024;

    /// <summary>Encounters a store hands to a load at once: enough to keep the rebuilding threads busy.</summary>
    public const int StoreChunkEncounters = 1024;

    /// <summary>Bytes of records in such a chunk; one record may be larger and then comes alone.</summary>
    public const int StoreChunkBytes = 4 * 1024 * 1024;

    /// <summary>Appends that share one commit: more gain nothing, the disk's sync is already spread thin.</summary>
    public const int AppendsPerCommit = 1024;

    /// <summary>Bytes that share one commit; bounds the time to commit and the write-ahead log.</summary>
    public const int BytesPerCommit = 16 * 1024 * 1024;

    /// <summary>Appends waiting for a store's commit before the next is refused.</summary>
    public const int QueuedAppends = 16 * 1024;

    /// <summary>Bytes waiting for a store's commit before the next append is refused.</summary>
    public const long QueuedAppendBytes = 256 * 1024 * 1024;

    /// <summary>Bytes a SQLite write-ahead log may reach before writing waits for readers and empties it.</summary>
    public const long WriteAheadLogBytes = 64 * 1024 * 1024;

    /// <summary>
    /// Changed persons that a partition remembers, for somebody who takes it over: minutes of a flood of enrolments,
    /// a few MB. What lies further back costs the new owner a comparison with the whole store.
    /// </summary>
    public const int JournalPersons = 65_536;

    /// <summary>Changes of a gallery that one read of its log brings.</summary>
    public const int ChangesPerRead = 1000;

    /// <summary>Changes of a gallery that its log may be told to keep: about 20 GB.</summary>
    public const int ChangesKept = 100_000_000;

    /// <summary>Small configuration under one name.</summary>
    public const int BlobBytes = 1024 * 1024;

    /// <summary>Deadline of a search that brings none.</summary>
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Longest deadline a caller may ask for.</summary>
    public static readonly TimeSpan LongestDeadline = TimeSpan.FromSeconds(120);

    /// <summary>
    /// After so long nobody is busy with a move any more: the longest deadline, the time its second half gives
    /// itself, and as much again for clocks that differ.
    /// </summary>
    public static readonly TimeSpan LongestMove = LongestDeadline + (6 * DefaultDeadline);

    /// <summary>
    /// After so long a move is not decided any more: enough below <see cref="LongestMove"/> for clocks that differ.
    /// </summary>
    public static readonly TimeSpan LongestDecision = LongestDeadline + (2 * DefaultDeadline);

    /// <summary>How long a write waits for a move that is in its way; one takes milliseconds.</summary>
    public static readonly TimeSpan WaitForMove = TimeSpan.FromSeconds(2);
}
