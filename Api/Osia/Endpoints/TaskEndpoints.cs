using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MatchCluster.Api.Osia.Endpoints;

/// <summary>Tasks of the asynchronous form. No call makes one yet, so that every task is unknown.</summary>
internal static class TaskEndpoints
{
    public static void MapTasks(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/tasks/{taskId}/status", ReadStatus).WithName("readTaskStatus").WithTags("Task")
            .Needs(Scopes.TaskRead);
        v1.MapPost("/tasks/{taskId}/redeliver", Redeliver).WithName("redeliverTaskResult").WithTags("Task")
            .Needs(Scopes.TaskUpdate);
    }

    private static Results<Ok<TaskStatusWord>, OsiaFailed> ReadStatus(string taskId, [AsParameters] OsiaCall call) =>
        new OsiaFailed(Unknown());

    private static Results<NoContent, OsiaFailed> Redeliver(string taskId, [AsParameters] OsiaCall call) =>
        new OsiaFailed(Unknown());

    private static Failure Unknown() => new(FailureCode.Unknown, "unknown task");
}
