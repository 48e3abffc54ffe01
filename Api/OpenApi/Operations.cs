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

    /// <summary>A content type its answer has beside JSON, with an example.</summary>
    public (string Type, string Example)? Text { get; init; }
}

/// <summary>Every operation by its id.</summary>
internal static class Operations
{
    private static readonly FailureCode[] Body = [BodyTooLarge, UnsupportedMediaType];
    private static readonly FailureCode[] Changing = [Overloaded];
    private static readonly FailureCode[] Searching = [Overloaded];
    private static readonly FailureCode[] Enrolling = [.. Body, .. Changing, GalleryFull];

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
        ["readEncounter"] = new("Read an encounter", "The samples as they were enrolled.", Unknown),
        ["updateEncounter"] = new("Replace an encounter",
            "404 where it does not exist; nothing is created.", [Unknown, Conflict, .. Enrolling])
        {
            TakesImages = true,
        },
        ["deleteEncounter"] = new("Delete an encounter",
            "A person without encounters does not exist any more.", [Unknown, .. Changing]),
        ["updateEncounterStatus"] = new("Set the status of an encounter",
            "INACTIVE takes it out of every search and keeps it.", [Unknown, Conflict, GalleryFull, .. Changing]),
        ["updateEncounterGalleries"] = new("Set the galleries of an encounter",
            "It is in these galleries afterwards and in no other.",
            [Unknown, Conflict, GalleryFull, .. Body, .. Changing]),
        ["readAllEncounters"] = new("Read every encounter of a person",
            "The samples as they were enrolled.", Unknown),
        ["deleteAll"] = new("Delete a person", "With every encounter.", [Unknown, .. Changing]),
        ["mergeEncounter"] = new("Merge two persons",
            "Every encounter of the source becomes one of the target; the source does not exist afterwards.",
            [Unknown, Conflict, GalleryFull, .. Changing]),
        ["moveEncounter"] = new("Move an encounter",
            "One encounter of the source becomes one of the target.",
            [Unknown, Conflict, GalleryFull, .. Changing]),
        ["readTemplate"] = new("Read the templates of an encounter",
            "All of them, or those of a type, a position or a format.", Unknown),
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
        },
        ["explainCandidate"] = new("Take a candidate apart",
            "For an examiner's screen: each stage's numbers, both sets of minutiae and which were paired, which "
            + "bits of the iris codes differ.", [Unknown, .. Body, .. Searching])
        { TakesImages = true, SaysHowItRead = true },
        ["readHeldPerson"] = new("Read a person of any identifier",
            "As readAllEncounters, with the person in the query: older versions stored identifiers that are refused "
            + "today, and what was stored can be read, enrolled anew under another one and deleted.", Unknown),
        ["deleteHeldPerson"] = new("Delete a person of any identifier",
            "As deleteAll, with the person in the query.", [Unknown, .. Changing]),
        ["deleteHeldEncounter"] = new("Delete an encounter of any identifier",
            "As deleteEncounter, with both identifiers in the query.", [Unknown, .. Changing]),
        ["readGalleryState"] = new("Read what a gallery holds, as a hash",
            "Encounters and state hash of a gallery, or of ALL. The hash depends on what is held and not on how it "
            + "came: adding an encounter and deleting it gives the former one. Audit rows of searches carry the same "
            + "hash, of what they searched.", Unknown)
        {
            HasDeadline = false,
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
