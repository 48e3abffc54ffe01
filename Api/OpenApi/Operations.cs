using MatchCluster.Api.Osia.Protection;
using static MatchCluster.Api.Http.Failures.FailureCode;
using FailureCode = MatchCluster.Api.Http.Failures.FailureCode;

namespace MatchCluster.Api.OpenApi;

/// <summary>What an operation does and may refuse: what its types cannot say.</summary>
/// <param name="Summary">What it does, in a few words.</param>
/// <param name="Description">One or two sentences for who calls it.</param>
/// <param name="Failures">Failures of its own, beside those that all operations of its door have.</param>
internal sealed record OperationText(string Summary, string Description, params FailureCode[] Failures)
{
    /// <summary>Whether its answers say in headers what was searched.</summary>
    public bool IsSearch { get; init; }

    /// <summary>Whether it takes the header that limits how long it may take.</summary>
    public bool HasDeadline { get; init; } = true;

    /// <summary>Whether it takes the headers that say what is done with images.</summary>
    public bool TakesImages { get; init; }

    /// <summary>Whether its answers say in headers how the items of a call without a search were read.</summary>
    public bool SaysHowItRead { get; init; }

    /// <summary>Whether its answers are encrypted and signed where that is asked for.</summary>
    public bool ProtectsAnswer { get; init; }

    /// <summary>Whether its answers have a signed receipt in a header.</summary>
    public bool GivesReceipt { get; init; }

    /// <summary>A content type its answer has beside JSON, with an example.</summary>
    public (string Type, string Example)? Text { get; init; }
}

/// <summary>Every operation by its id.</summary>
internal static class Operations
{
    private static readonly (string, string) Message =
        (AnswerProtection.Jose, "eyJhbGciOiJFQ0RILUVTK0EyNTZLVyJ9.a.b.c.d");
    private static readonly FailureCode[] Body = [BodyTooLarge, UnsupportedMediaType];
    private static readonly FailureCode[] Changing = [Overloaded];
    private static readonly FailureCode[] Searching = [Overloaded];
    private static readonly FailureCode[] Enrolling = [.. Body, .. Changing, GalleryFull];

    private static readonly FailureCode[] Governed = [Unknown, AgreementsUnavailable];
    private static readonly FailureCode[] Signing =
        [.. Body, .. Governed, InvalidDocument, PersonRequired, Conflict];

    public static IReadOnlyDictionary<string, OperationText> ById { get; } = new Dictionary<string, OperationText>
    {
        ["createEncounterNoIds"] = new("Create an encounter of a new person",
            "Both ids are generated and answered.", [Conflict, .. Enrolling])
        { TakesImages = true },
        ["createEncounterNoId"] = new("Create an encounter of a person",
            "The encounter's id is generated and answered; the person need not exist.", [Conflict, .. Enrolling])
        {
            TakesImages = true,
        },
        ["createEncounter"] = new("Create an encounter under given ids",
            "409 where the person has an encounter of this id already.", [Conflict, .. Enrolling])
        {
            TakesImages = true,
        },
        ["readEncounter"] = new("Read an encounter", "The samples as they were enrolled.", Unknown)
        {
            ProtectsAnswer = true,
        },
        ["updateEncounter"] = new("Replace an encounter",
            "404 where it does not exist; nothing is created.", [Unknown, Conflict, .. Enrolling])
        {
            TakesImages = true,
        },
        ["listTasks"] = new("List tasks",
            "Work that was handed over, in the order of its acceptance: the caller's own; an administrator sees "
            + "everybody's, with counts."),
        ["redeliverDeadTasks"] = new("Send dead letters again",
            "Every result of the caller that is sent no more is sent from now on; an administrator does so for all."),
        ["deleteEncounter"] = new("Delete an encounter",
            "A person without encounters does not exist any more.", [Unknown, .. Changing])
        { GivesReceipt = true },
        ["updateEncounterStatus"] = new("Set the status of an encounter",
            "INACTIVE takes it out of every search and keeps it.", [Unknown, Conflict, GalleryFull, .. Changing]),
        ["updateEncounterGalleries"] = new("Set the galleries of an encounter",
            "It is in these galleries afterwards and in no other.",
            [Unknown, Conflict, GalleryFull, .. Body, .. Changing]),
        ["readAllEncounters"] = new("Read every encounter of a person",
            "The samples as they were enrolled.", Unknown)
        { ProtectsAnswer = true },
        ["deleteAll"] = new("Delete a person", "With every encounter.", [Unknown, .. Changing])
        { GivesReceipt = true },
        ["mergeEncounter"] = new("Merge two persons",
            "Every encounter of the source becomes one of the target; the source does not exist afterwards.",
            [Unknown, Conflict, GalleryFull, .. Changing]),
        ["moveEncounter"] = new("Move an encounter",
            "One encounter of the source becomes one of the target.",
            [Unknown, Conflict, GalleryFull, .. Changing]),
        ["readTemplate"] = new("Read the templates of an encounter",
            "All of them, or those of a type, a position or a format.", Unknown)
        {
            ProtectsAnswer = true,
            Text = Message,
        },
        ["identify"] = new("Search with samples",
            "The people of a gallery that are most like the probe. An empty list says that there is no candidate, "
            + "and only a complete search says so: 503 where a part was not searched and the rest has none.",
            [Unknown, .. Body, .. Searching, Incomplete])
        {
            TakesImages = true,
            IsSearch = true,
        },
        ["identifyFromId"] = new("Search with a person's samples",
            "As identify, with the active encounters of a person who is enrolled; that person is found too.",
            [Unknown, .. Body, .. Searching, Incomplete])
        {
            IsSearch = true,
        },
        ["identifyFromEncounterId"] = new("Search with an encounter's samples",
            "As identify, with one encounter that is enrolled; its person is found too.",
            [Unknown, .. Body, .. Searching, Incomplete])
        {
            IsSearch = true,
        },
        ["verifyFromId"] = new("Compare samples with a person",
            "The decision says that the score reaches the threshold, nothing more. 404 where the person is not in the "
            + "gallery, 400 where no two samples can be compared: what was not compared is not different.",
            [Unknown, .. Body, .. Searching])
        { TakesImages = true, SaysHowItRead = true },
        ["verifyFromBio"] = new("Compare samples with samples",
            "Nothing is read and nothing is stored. 400 where no two samples can be compared.",
            [.. Body, .. Searching])
        { TakesImages = true, SaysHowItRead = true },
        ["readGalleries"] = new("List the galleries", "A gallery exists while an encounter names it."),
        ["readGalleryContent"] = new("List who is in a gallery",
            "In the order of the ids, by pages. Whoever goes on from the last member of a page (afterPersonId and "
            + "afterEncounterId) misses nobody who stays while others are enrolled and deleted; an offset does. As CSV "
            + "(RFC 4180) where Accept says text/csv first. There an id that starts with = + - @ or ' has a ' before "
            + "it, so that no spreadsheet takes it for a formula.", Unknown)
        {
            Text = ("text/csv", "PersonId,encounterId\nP-1,E-1\n"),
        },
        ["readTaskStatus"] = new("Read the status of a task", "404: no call makes a task yet.", Unknown),
        ["redeliverTaskResult"] = new("Deliver a task's result again", "404: no call makes a task yet.", Unknown),
        ["batchIdentify"] = new("Search with many probes",
            "One probe in each line; the answers come while the probes are still being sent, in any order, and name "
            + "the probe's id and line. A line that cannot be searched with has an error in its answer.",
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
            [.. Body, .. Searching])
        {
            TakesImages = true,
            SaysHowItRead = true,
            ProtectsAnswer = true,
            Text = Message,
        },
        ["explainCandidate"] = new("Take a candidate apart",
            "For an examiner's screen: each stage's numbers, both sets of minutiae and which were paired, which "
            + "bits of the iris codes differ.", [Unknown, .. Body, .. Searching])
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
            [Unknown, MayNotDecide, ProbeNeeded, .. Body, .. Searching])
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
        ["createSubscription"] = new("Subscribe to a gallery",
            "Keeps a probe: whoever comes into the gallery later and resembles it raises an alert, once for each "
            + "encounter (docs/subscriptions.md). The agreement must allow to search the gallery now and then.",
            [SubscriptionsNotKept, SubscriptionNotKept, CallbackRefused, TasksFull, .. Body])
        { TakesImages = true },
        ["listSubscriptions"] = new("List the caller's subscriptions",
            "In the order in which they were made, without their samples.", [SubscriptionsNotKept])
        { HasDeadline = false },
        ["readSubscription"] = new("Read a subscription", "Without its samples.", [Unknown, SubscriptionsNotKept])
        { HasDeadline = false },
        ["deleteSubscription"] = new("End a subscription",
            "Its samples are erased. Alerts that were raised stay.", [Unknown, SubscriptionsNotKept])
        { HasDeadline = false },
        ["readAlerts"] = new("Read the caller's alerts",
            "Those after a number, in the order in which they were raised. Whoever has seen n never finds anything new "
            + "at or before n.", [SubscriptionsNotKept])
        { HasDeadline = false },
        ["streamAlerts"] = new("Follow the caller's alerts",
            "A stream of server-sent events, each with the alert's number as its id: a caller that comes again sends "
            + "the last one in `Last-Event-ID` and misses none.", [SubscriptionsNotKept, Overloaded])
        { HasDeadline = false },
        ["seeAlert"] = new("Say that an alert was seen", "Doing it again keeps the first time.",
            [Unknown, SubscriptionsNotKept])
        { HasDeadline = false },
        ["makePack"] = new("Make a pack of a gallery",
            "The gallery, or some of its persons, as one file that is signed here and encrypted for the recipient: "
            + "`import` makes a data directory of it, which answers alike until the pack expires (docs/packs.md).",
            [PackNotMade, Overloaded, .. Body])
        { HasDeadline = false },
        ["reportPackHits"] = new("Report the hits of a copy",
            "What searches of a copy found, signed by the copy. Each hit counts once, however often it is reported.",
            [Unknown, PackReportRefused, PackNotMade, .. Body])
        { HasDeadline = false },
        ["readPackHits"] = new("Read the hits of a pack's copies", "In the order in which they were reported.",
            [Unknown, PackNotMade])
        { HasDeadline = false },
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
}
