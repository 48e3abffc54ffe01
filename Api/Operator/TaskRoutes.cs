using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Tasks;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tasks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Operator;

/// <summary>Tasks for the page and for operators: which there are, and dead letters that are sent again.</summary>
internal static class TaskRoutes
{
    private const int MostListed = 1000;
    private const int DefaultListed = 100;

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

        try
        {
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
            return TypedResults.Ok(new TaskPage([.. tasks.Select(LineOf)], counts));
        }
        catch (StoreException fault)
        {
            return new ProblemFailed(Failure.Of(fault.Outage));
        }
    }

    private static async Task<Results<Ok<RedeliverAnswer>, ProblemFailed>> RedeliverAsync(
        TaskDesk desk, HttpContext http)
    {
        int again = 0;
        string? after = null;
        try
        {
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
        catch (StoreException fault)
        {
            return new ProblemFailed(Failure.Of(fault.Outage));
        }
    }

    private static TaskLine LineOf(TaskRecord task) => new(
        task.Id, task.Kind, task.Partner.Length == 0 ? null : task.Partner, task.State.ToString(), task.Priority,
        task.Attempts, task.Due, task.Created, task.Changed);
}
