using static MatchCluster.Api.Http.Failures.FailureCode;

namespace MatchCluster.Api.OpenApi;

/// <summary>Tasks and jobs: operations that take time, by their ids.</summary>
internal static class WorkOperations
{
    public static IReadOnlyDictionary<string, OperationText> ById { get; } = new Dictionary<string, OperationText>
    {
        ["createJob"] = new("Begin a job",
            "Work over a whole gallery, kept until it is done, below every search in priority. deduplicate compares "
            + "every person of the gallery with every other one. With an Idempotency-Key a repeated call gets the "
            + "first job.", [TransactionConflict, TasksFull, Unknown]),
        ["listJobs"] = new("List jobs",
            "The caller's own, in the order of their acceptance; an administrator sees everybody's."),
        ["readJob"] = new("Read a job", "Its state, how much is done, its rate and what is left.", [Unknown]),
        ["pauseJob"] = new("Pause a job", "It keeps what it has and goes on when it is resumed.", [Unknown, Conflict]),
        ["resumeJob"] = new("Resume a job", "It goes on where it was saved last.", [Unknown, Conflict]),
        ["cancelJob"] = new("Cancel a job", "It does not go on; what it found can be read.", [Unknown, Conflict]),
        ["readJobResults"] = new("Read the results of a job",
            "Persons that are one, group by group, with the evidence of each link; of a job under way what it has "
            + "found so far.", [Unknown]),
        ["readJobReport"] = new("Read the report of a job", "The results and their figures as one page.", [Unknown]),
        ["listTasks"] = new("List tasks",
            "Work that was handed over, in the order of its acceptance: the caller's own; an administrator sees "
            + "everybody's, with counts."),
        ["redeliverDeadTasks"] = new("Send dead letters again",
            "Every result of the caller that is sent no more is sent from now on; an administrator does so for all."),
    };
}
