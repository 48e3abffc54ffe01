using static MatchCluster.Api.Http.Failures.FailureCode;
using static MatchCluster.Api.OpenApi.OperationParts;

namespace MatchCluster.Api.OpenApi;

/// <summary>Every operation by its id.</summary>
internal static class Operations
{
    private static readonly Dictionary<string, OperationText> Own = new()
    {
        ["batchIdentify"] = new("Search with many probes",
            "One probe in each line, or an enrolled person who is searched with (personId); the answers come while the "
            + "probes are still being sent, in any order, and name the probe's id and line. A line that cannot be "
            + "searched with has an error in its answer.",
            Body)
        { TakesImages = true },
        ["bulkEnrol"] = new("Enrol a stream of encounters",
            "One encounter in each line, a stream of any length. Refused lines are answered one by one, progress "
            + "and the end with counts: every line up to there is durable or refused.",
            Body)
        {
            TakesImages = true,
            HasDeadline = false,
        },
        ["extractTemplates"] = new("Make templates of pictures",
            "What any door makes of these pictures: for each item its templates with quality and notes, or why there "
            + "are none. Nothing is searched, stored or kept. On request with drawings for people to look at.",
            [.. Body, .. Overloads])
        {
            TakesImages = true,
            SaysHowItRead = true,
            ProtectsAnswer = true,
            Text = Message,
        },
        ["explainCandidate"] = new("Take a candidate apart",
            "For an examiner's screen: each stage's numbers, both sets of minutiae and which were paired, which "
            + "bits of the iris codes differ.", [Unknown, .. Body, .. Overloads])
        { TakesImages = true, SaysHowItRead = true, ProtectsAnswer = true, Text = Message },
        ["listCases"] = new("List cases",
            "The cases that the caller's partner may see, the oldest first, by pages; those that wait for people where "
            + "state is left out. A page goes on after the last case of the one before (after).", Unknown)
        {
            HasDeadline = false,
        },
        ["readCase"] = new("Read a case",
            "Its candidates and what people decided. Who a candidate is, is for the gallery's owner until two persons "
            + "have confirmed it; another person's decision is shown after the own.", Unknown)
        {
            HasDeadline = false,
        },
        ["compareCase"] = new("Hold a candidate against the probe",
            "As explainCandidate, with the probe that the case keeps.",
            [Unknown, MayNotDecide, ProbeNeeded, .. Body, .. Overloads])
        {
            TakesImages = true,
        },
        ["decideCase"] = new("Record a decision",
            "What a natural person found of a candidate. Two who say SAME confirm it, two who say DIFFERENT reject it; "
            + "nothing else does. 409 where this person has decided already, or two agree already.",
            [Unknown, PersonRequired, MayNotDecide, DecidedAlready, CaseClosed, ProbeNeeded, Overloaded, .. Body])
        {
            TakesImages = true,
        },
        ["readCaseReport"] = new("Read who decided",
            "Counts and times of all cases: decided by persons and otherwise, how often the second agrees with the "
            + "first, how long it took.", Unknown)
        {
            HasDeadline = false,
        },
        ["readHeldPerson"] = new("Read a person of any identifier",
            "As readAllEncounters, with the person in the query: older versions stored identifiers that are refused "
            + "today, and what was stored can be read, enrolled anew under another one and deleted.", Unknown)
        { ProtectsAnswer = true },
        ["deleteHeldPerson"] = new("Delete a person of any identifier",
            "As deleteAll, with the person in the query.", [Unknown, .. Changing])
        { GivesReceipt = true },
        ["deleteHeldEncounter"] = new("Delete an encounter of any identifier",
            "As deleteEncounter, with both identifiers in the query.", [Unknown, .. Changing])
        { GivesReceipt = true },
        ["beginLegalHold"] = new("Begin a legal hold",
            "Keeps an encounter: nobody deletes, replaces or moves it, and it is not erased when it expires.",
            [Unknown, .. Changing]),
        ["endLegalHold"] = new("End a legal hold",
            "Lets the encounter go: one that has expired meanwhile is erased soon.", [Unknown, .. Changing]),
        ["readGalleryState"] = new("Read what a gallery holds, as a hash",
            "Encounters and state hash of a gallery, or of ALL. The hash depends on what is held and not on how it "
            + "came: adding an encounter and deleting it gives the former one. Audit rows of searches carry the same "
            + "hash, of what they searched.", Unknown)
        {
            HasDeadline = false,
        },
        ["readGalleryChanges"] = new("Read the changes of a gallery",
            "What came, changed and left after a position, in the order of commits, without gaps: whoever has seen n "
            + "never finds anything new at or before n. `wait` holds the call until there is something. With "
            + "`content=encounter` or `content=record` the encounters stand beside their changes, for whoever may see "
            + "everything; replayed in order they give the same gallery and the same state hash (docs/feed.md).",
            [ChangesCompacted, ChangesNotReached, ChangesNotKept, Overloaded])
        {
            HasDeadline = false,
            ProtectsAnswer = true,
        },
        ["readAudit"] = new("Read the audit log",
            "Rows of recorded uses as NDJSON, the oldest first, byte for byte as they are chained: the SHA-256 of a "
            + "line is the `previous` of the next one. 404 where the server keeps no log.", Unknown)
        {
            HasDeadline = false,
        },
        ["exportAudit"] = new("Export a part of the audit log",
            "Every row of a time or about a person as NDJSON, and a signed manifest as the last line, by which "
            + "the receiver verifies them (`audit verify-export`). 404 where the server keeps no log.", Unknown)
        {
            HasDeadline = false,
        },
        ["deleteGallery"] = new("Delete a gallery",
            "Encounters that are in no other gallery are deleted, others leave it; its keys are destroyed, after which "
            + "nothing that they sealed can be read. 503 where it could not be finished: what is done is done, and "
            + "asking again goes on. Nobody is enrolled in it meanwhile. 409 where an encounter has to stay, as under "
            + "a legal hold: the gallery stays with it, and the others are out of it.",
            [Unknown, Conflict, .. Changing]),
        ["erasePictures"] = new("Erase the pictures of a gallery",
            "The pictures that are kept with its encounters are erased; templates stay. What is under a legal hold "
            + "keeps them and is counted. 503 where it could not be finished: asking again goes on.",
            [Unknown, .. Changing]),
        ["rotateGalleryKey"] = new("Give a gallery a new key",
            "What is stored from now on is sealed with it; older records stay readable and are sealed again in the "
            + "background, after which the older key is destroyed.", Unknown)
        {
            HasDeadline = false,
        },
        ["readKeys"] = new("List the keys of the galleries", "Which there are, since when; no key is in the answer.")
        {
            HasDeadline = false,
        },
        ["rapidSearch"] = new("Search a watchlist and get a colour",
            "For mobile devices: red is a highly probable candidate, yellow a possible one, green none. The thresholds "
            + "follow from an FPIR of 0.0001 and 0.01 and the size of the gallery, and are in the answer. Wants two "
            + "different fingers at least. Green is the answer of whole searches alone; others have 503.",
            [Unknown, .. Body, .. Overloads])
        {
            IsSearch = true,
            TakesImages = true,
        },
        ["readCallbackKeys"] = new("Read the public key of results",
            "The JWKS (RFC 7517) by which receivers at callback addresses verify who sent a result "
            + "(HTTP Message Signatures, RFC 9421). Empty where this server sends none.")
        {
            HasDeadline = false,
        },
        ["rotateMasterKey"] = new("Take the master key that is there now",
            "Reads the master key again where the server got it from, and wraps the key of every gallery with it. No "
            + "record is written.", Unknown)
        {
            HasDeadline = false,
        },
        ["readOwnAgreements"] = new("Read the own agreements",
            "What the partner that asks may do at present, without the names of those who signed it.", Governed)
        {
            HasDeadline = false,
        },
        ["listAgreements"] = new("List the agreements",
            "The version of each that holds, and whether it is suspended.", Governed)
        {
            HasDeadline = false,
        },
        ["readAgreement"] = new("Read an agreement",
            "Every version that held with its two signatures, every suspension, and the version that waits for its "
            + "second signature.", Governed)
        {
            HasDeadline = false,
        },
        ["proposeAgreement"] = new("Propose a version of an agreement",
            "It holds as soon as another natural person approves it; an older proposal is replaced. Where the body "
            + "states a version, it is the one that holds now: 409 where another one does.", Signing)
        {
            HasDeadline = false,
        },
        ["approveAgreement"] = new("Approve the proposed version",
            "From then on it holds, on the next request. 409 for the administrator who proposed it, and where another "
            + "version or another text is proposed than the body names.", Signing)
        {
            HasDeadline = false,
        },
        ["suspendAgreement"] = new("Suspend an agreement at once",
            "By one administrator alone: every use of it is refused from the next request on, until two let it go on.",
        Signing)
        {
            HasDeadline = false,
        },
        ["proposeResumption"] = new("Propose the end of a suspension",
            "The agreement holds again as soon as another natural person approves that. 409 where it is not "
            + "suspended.", Signing)
        {
            HasDeadline = false,
        },
        ["approveResumption"] = new("Approve the end of a suspension",
            "409 for the administrator who proposed it.", Signing)
        {
            HasDeadline = false,
        },
        ["listGalleryPolicies"] = new("List the galleries' policies",
            "Whose data each gallery holds, and how long what is enrolled is kept.", Governed)
        {
            HasDeadline = false,
        },
        ["readGalleryPolicy"] = new("Read a gallery's policy",
            "Every version that held, and the one that waits for its second signature.", Governed)
        {
            HasDeadline = false,
        },
        ["proposeGalleryPolicy"] = new("Propose a version of a gallery's policy",
            "As proposeAgreement.", Signing)
        {
            HasDeadline = false,
        },
        ["approveGalleryPolicy"] = new("Approve the proposed policy", "As approveAgreement.", Signing)
        {
            HasDeadline = false,
        },
        ["listProposals"] = new("List what waits for a second administrator",
            "Proposed versions of agreements and policies, and ends of suspensions, each with the digest that an "
            + "approval names.", Governed)
        {
            HasDeadline = false,
        },
        ["readStats"] = new("Read what is held",
            "Rows and bytes by partition, galleries, members, places at the gate.")
        {
            HasDeadline = false,
        },
        ["readLive"] = new("Read the last minute",
            "Searches, refusals, writes and latencies of this front end by seconds.")
        {
            HasDeadline = false,
        },
        ["alive"] = new("Is the process alive?", "Answers as soon as the server listens.") { HasDeadline = false },
        ["health"] = new("Is the server ready?",
            "200 as soon as every partition is loaded, 503 with the same body before.")
        {
            HasDeadline = false,
        },
    };

    public static IReadOnlyDictionary<string, OperationText> ById { get; } = new Dictionary<string, OperationText>(
        [.. OsiaOperations.ById, .. WorkOperations.ById, .. Own]);
}
