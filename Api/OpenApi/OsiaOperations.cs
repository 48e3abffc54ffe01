using static MatchCluster.Api.Http.Failures.FailureCode;
using static MatchCluster.Api.OpenApi.OperationParts;

namespace MatchCluster.Api.OpenApi;

/// <summary>OSIA's operations by their ids.</summary>
internal static class OsiaOperations
{
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
            [Unknown, .. Body, .. Overloads, Incomplete])
        {
            TakesImages = true,
            IsSearch = true,
        },
        ["identifyFromId"] = new("Search with a person's samples",
            "As identify, with the active encounters of a person who is enrolled; that person is found too.",
            [Unknown, .. Body, .. Overloads, Incomplete])
        {
            IsSearch = true,
        },
        ["identifyFromEncounterId"] = new("Search with an encounter's samples",
            "As identify, with one encounter that is enrolled; its person is found too.",
            [Unknown, .. Body, .. Overloads, Incomplete])
        {
            IsSearch = true,
        },
        ["verifyFromId"] = new("Compare samples with a person",
            "The decision says that the score reaches the threshold, nothing more. 404 where the person is not in the "
            + "gallery, 400 where no two samples can be compared: what was not compared is not different.",
            [Unknown, .. Body, .. Overloads])
        { TakesImages = true, SaysHowItRead = true },
        ["verifyFromBio"] = new("Compare samples with samples",
            "Nothing is read and nothing is stored. 400 where no two samples can be compared.",
            [.. Body, .. Overloads])
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
        ["readTaskStatus"] = new("Read the status of a task",
            "PENDING until it is executed, RESPONSE_SCHEDULED, RESPONSE_RETRY or RESPONSE_ERROR until its result is "
            + "delivered, COMPLETED then.", Unknown),
        ["redeliverTaskResult"] = new("Deliver a task's result again",
            "Of a task whose result could not be delivered; 404 where there is none.", Unknown),
    };
}
