using System.ComponentModel;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Tasks;
using MatchCluster.Matching.Tasks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Osia.Endpoints;

/// <summary>Tasks of the asynchronous form. Each partner sees its own alone.</summary>
internal static class TaskEndpoints
{
    public static void MapTasks(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/tasks/{taskId}/status", ReadStatusAsync).WithName("readTaskStatus").WithTags("Task")
            .Needs(Scopes.TaskRead);
        v1.MapPost("/tasks/{taskId}/redeliver", RedeliverAsync).WithName("redeliverTaskResult").WithTags("Task")
            .Needs(Scopes.TaskUpdate);
    }

    private static async Task<Results<Ok<TaskStatusWord>, OsiaFailed>> ReadStatusAsync(
        string taskId, [AsParameters] OsiaTaskCall call, TaskDesk desk, HttpContext http)
    {
        Parsed<TaskRecord> task = await desk.ReadAsync(taskId, http.Caller().Partner, http.RequestAborted);
        return task.IsFailed ? new OsiaFailed(task.Failure) : TypedResults.Ok(WordOf(task.Value.State));
    }

    /// <summary>A result that is on its way is delivered without being asked for again.</summary>
    private static async Task<Results<NoContent, OsiaFailed>> RedeliverAsync(
        string taskId, [AsParameters] OsiaTaskCall call, TaskDesk desk, HttpContext http)
    {
        Parsed<TaskRecord> task = await desk.ReadAsync(taskId, http.Caller().Partner, http.RequestAborted);
        if (task.IsFailed || task.Value.State is TaskState.Done or TaskState.Cancelled or TaskState.Failed)
        {
            return new OsiaFailed(task.Failure ?? new Failure(FailureCode.Unknown, "the result was delivered"));
        }

        await desk.RedeliverAsync(taskId, http.RequestAborted);
        return TypedResults.NoContent();
    }

    private static TaskStatusWord WordOf(TaskState state) => state switch
    {
        TaskState.Waiting or TaskState.Paused => TaskStatusWord.Pending,
        TaskState.Scheduled => TaskStatusWord.ResponseScheduled,
        TaskState.Retrying => TaskStatusWord.ResponseRetry,
        TaskState.Done => TaskStatusWord.Completed,
        _ => TaskStatusWord.ResponseError,
    };
}

/// <summary>The query parameters of a call about a task.</summary>
internal sealed record OsiaTaskCall(
    [property: Description("The caller's, for its own tracing.")]
    [FromQuery(Name = "transactionId")] string TransactionId);
