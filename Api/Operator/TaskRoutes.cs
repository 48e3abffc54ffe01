using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Tasks;
using MatchCluster.Matching.Tasks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Operator;

/// <summary>Tasks for the page and for operators: which there are, and dead letters that are sent again.</summary>
internal static class TaskRoutes
{
    private const int MostListed = 1000;
    private const int DefaultListed = 100;

    /// <summary>Dead letters of a list of which the reason is said: each is read whole for it.</summary>
    private const int MostReasons = 100;

    public static void Map(IEndpointRouteBuilder mc)
    {
        mc.MapGet("/tasks", ListAsync).WithName("listTasks").Needs(Scopes.TaskRead);
        mc.MapPost("/tasks/redeliver", RedeliverAsync).WithName("redeliverDeadTasks").Needs(Scopes.TaskUpdate);
    }

    private static async Task<Results<Ok<TaskPage>, ProblemFailed>> ListAsync(
        TaskDesk desk, HttpContext http, [FromQuery(Name = "taskState")] string? taskState = null,
        [FromQuery(Name = "kind")] string? kind = null, [FromQuery(Name = "afterTaskId")] string? afterTaskId = null,
        [FromQuery(Name = "limit")] int limit = DefaultListed)
    {
        if (limit is < 1 or > MostListed)
        {
            return new ProblemFailed(Failure.Invalid("limit", $"{limit}", $"1..{MostListed}"));
        }

        if (taskState is not null && !Enum.GetNames<TaskState>().Contains(taskState))
        {
            return new ProblemFailed(
                Failure.Invalid("taskState", taskState, string.Join(", ", Enum.GetNames<TaskState>())));
        }

        if (!desk.IsOpen)
        {
            return TypedResults.Ok(new TaskPage([], null));
        }

        string? partner = http.SeenPartner();
        IReadOnlyList<TaskRecord> tasks = await desk.Store.ListAsync(
            new TaskQuery(
                partner, kind is null ? null : [kind],
                taskState is null ? null : [Enum.Parse<TaskState>(taskState)], afterTaskId,
                limit),
            http.RequestAborted);
        IReadOnlyDictionary<string, long>? counts = partner is not null ? null
            : (await desk.Store.CountAsync(http.RequestAborted))
                .GroupBy(count => count.Key.State)
                .ToDictionary(group => group.Key.ToString(), group => group.Sum(count => count.Value));
        TaskLine[] lines = await Task.WhenAll(
            tasks.Select((task, i) => LineAsync(desk.Store, task, i < MostReasons, http.RequestAborted)));
        return TypedResults.Ok(new TaskPage(lines, counts));
    }

    private static async Task<Results<Ok<RedeliverAnswer>, ProblemFailed>> RedeliverAsync(
        TaskDesk desk, HttpContext http)
    {
        int again = 0;
        string? after = null;
        while (desk.IsOpen)
        {
            IReadOnlyList<TaskRecord> dead = await desk.Store.ListAsync(
                new TaskQuery(http.SeenPartner(), TaskKinds.Delivered, [TaskState.Dead], after, MostListed),
                http.RequestAborted);
            foreach (TaskRecord task in dead)
            {
                again += await desk.RedeliverAsync(task.Id, http.RequestAborted) ? 1 : 0;
            }

            if (dead.Count < MostListed)
            {
                break;
            }

            after = dead[^1].Id;
        }

        return TypedResults.Ok(new RedeliverAnswer(again));
    }

    private static async Task<TaskLine> LineAsync(
        ITaskStore store, TaskRecord task, bool isExplained, CancellationToken cancel) => new(
        task.Id, task.Kind, task.Partner.Length == 0 ? null : task.Partner, task.State.ToString(), task.Priority,
        task.Attempts, task.Due, task.Created, task.Changed,
        isExplained && task.State == TaskState.Dead && await store.ReadAsync(task.Id, cancel) is { } whole
            ? TaskNotes.Read(whole)?.Reason : null);
}
