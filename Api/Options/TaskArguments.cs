using System.CommandLine;
using MatchCluster.Api.Tasks;
using MatchCluster.Matching.Tasks;

namespace MatchCluster.Api.Options;

/// <summary>The options about work that is handed over.</summary>
internal sealed class TaskArguments
{
    private const int MostTasks = 10_000_000;
    private const int MostGibibytes = 1024;
    private const int MostDays = 365;

    private readonly Option<int?> tasks = CallbackArguments.Whole(
        "--most-tasks", "COUNT", MostTasks, (int)TaskLimits.Default.Tasks,
        "Tasks that are kept and not over yet; more are refused (503, Retry-After; docs/tasks.md)");

    private readonly Option<int?> size = CallbackArguments.Whole(
        "--most-task-gib", "GIB", MostGibibytes, (int)(TaskLimits.Default.Bytes >> 30),
        "GiB that all kept tasks take");

    private readonly Option<int?> share = CallbackArguments.Whole(
        "--task-share", "PERCENT", 100, TaskLimits.Default.PartnerPercent,
        "Percent of --most-tasks and --most-task-gib that one partner may take; 100 lets one take all");

    private readonly Option<int?> days = CallbackArguments.Whole(
        "--task-days", "DAYS", MostDays, TaskSettings.Default.KeptDays,
        "Days that a task's status can be read after its end, and that a result that nobody took is kept");

    public IEnumerable<Option> All => [tasks, size, share, days];

    public TaskSettings Read(ParseResult said) => TaskSettings.Default with
    {
        Limits = new TaskLimits(said.GetValue(tasks)!.Value, (long)said.GetValue(size)!.Value << 30)
        {
            PartnerPercent = said.GetValue(share)!.Value,
        },
        KeptDays = said.GetValue(days)!.Value,
    };
}
