using static MatchCluster.Api.Http.Failures.FailureCode;
using static MatchCluster.Api.OpenApi.OperationParts;

namespace MatchCluster.Api.OpenApi;

/// <summary>Operations of tasks, jobs, change logs, packs and subscriptions by their ids.</summary>
internal static class WorkOperations
{
    public static IReadOnlyDictionary<string, OperationText> ById { get; } = new Dictionary<string, OperationText>
    {
        ["createJob"] = new("Begin a job",
            "Work over a whole gallery, kept until it is done, below every search in priority. deduplicate compares "
            + "every person of the gallery with every other one. batch-identify searches with each line of the body: "
            + "probes as the batch search has them (application/x-ndjson), or references (text/csv with the columns "
            + "personId, encounterId, id). accuracy does so with probes whose person is known, and counts the errors "
            + "(docs/jobs.md). With an Idempotency-Key a repeated call gets the first job.",
            [TransactionConflict, TasksFull, TasksOfPartnerFull, Unknown, .. Body]),
        ["listJobs"] = new("List jobs",
            "The caller's own, in the order of their acceptance; an administrator sees everybody's."),
        ["readJob"] = new("Read a job", "Its state, how much is done, its rate and what is left.", [Unknown]),
        ["pauseJob"] = new("Pause a job", "It keeps what it has and goes on when it is resumed.", [Unknown, Conflict]),
        ["resumeJob"] = new("Resume a job", "It goes on where it was saved last.", [Unknown, Conflict]),
        ["cancelJob"] = new("Cancel a job", "It does not go on; what it found can be read.", [Unknown, Conflict]),
        ["readJobResults"] = new("Read the results of a job",
            "Persons that are one, group by group, with the evidence of each link; answers line by line; or how each "
            + "labelled probe scored, and their figures. Of a job under way what it has found so far.", [Unknown]),
        ["readJobReport"] = new("Read the report of a job", "The results and their figures as one page.", [Unknown]),
        ["listTasks"] = new("List tasks",
            "Work that was handed over, in the order of its acceptance: the caller's own; an administrator sees "
            + "everybody's, with counts."),
        ["redeliverDeadTasks"] = new("Send dead letters again",
            "Every result of the caller that is sent no more is sent from now on; an administrator does so for all."),
        ["createSubscription"] = new("Subscribe to a gallery",
            "Keeps a probe: whoever comes into the gallery later and resembles it raises an alert, once for each "
            + "encounter (docs/subscriptions.md). The agreement must allow to search the gallery now and then. "
            + "Of kind wrapBack it tells the owner of a gallery of searches by others that meet its persons, and with "
            + "a threshold of their enrolments.",
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
        {
            HasDeadline = false,
        },
        ["reportPackHits"] = new("Report the hits of a copy",
        "What searches of a copy found, signed by the copy. Each hit counts once, however often it is reported.",
        [Unknown, PackReportRefused, PackNotMade, .. Body])
        {
            HasDeadline = false,
        },
        ["readPackHits"] = new("Read the hits of a pack's copies", "In the order in which they were reported.",
        [Unknown, PackNotMade])
        {
            HasDeadline = false,
        },
        ["enrolIfUnique"] = new("Enrol a new person if nobody like it is enrolled",
            "A search of every gallery of the encounter and the enrolment as one act, also where two callers bring the "
            + "same person at once: enrolled, or duplicate with the candidates. What cannot be decided (an incomplete "
            + "search, nothing comparable) is a failure, and nobody is enrolled; the same transactionId asked again "
            + "gets the first enrolment.", [Conflict, Unavailable, .. Enrolling])
        {
            IsSearch = true,
            TakesImages = true,
        },
    };
}
