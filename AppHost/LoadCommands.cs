using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace MatchCluster.AppHost;

/// <summary>What the load generators run with, and whether there is something to load.</summary>
internal sealed class LoadRuns
{
    /// <summary>The command line of each resource's next start, without the address of the api.</summary>
    public ConcurrentDictionary<string, string[]> Arguments { get; } = new(StringComparer.Ordinal);

    /// <summary>What is started before the api answers would only fail.</summary>
    public bool ApiIsHealthy { get; set; }
}

/// <summary>A command that starts a load generator with what a person typed.</summary>
internal sealed record LoadCommand
{
    /// <summary>The command's name for programs: small letters and dashes.</summary>
    public required string Name { get; init; }

    /// <summary>Text of the button.</summary>
    public required string Title { get; init; }

    public required string Description { get; init; }

    /// <summary>Name of one of Fluent's icons.</summary>
    public required string Icon { get; init; }

    public required IReadOnlyList<InteractionInput> Inputs { get; init; }

    /// <summary>What is wrong with what was typed; null where nothing is.</summary>
    public required Func<InteractionInputCollection, string?> Wrong { get; init; }

    /// <summary>The generator's command line from it.</summary>
    public required Func<InteractionInputCollection, string[]> Arguments { get; init; }
}

internal static class LoadCommands
{
    public static IResourceBuilder<ProjectResource> WithStart(
        this IResourceBuilder<ProjectResource> generator, LoadRuns runs, LoadCommand command) => generator.WithCommand(
        command.Name, command.Title,
        async context =>
        {
            if (command.Wrong(context.Arguments) is { } wrong)
            {
                return CommandResults.Failure(wrong);
            }

            string resource = generator.Resource.Name;
            runs.Arguments[resource] = command.Arguments(context.Arguments);
            ExecuteCommandResult started = await Commands(context).ExecuteCommandAsync(
                resource, KnownResourceCommands.StartCommand, context.CancellationToken);
            return started.Success
                ? CommandResults.Success($"{resource} runs with {string.Join(' ', runs.Arguments[resource])}")
                : started;
        },
        new CommandOptions
        {
            Description = command.Description,
            Arguments = command.Inputs,
            ValidateArguments = context =>
            {
                if (command.Wrong(context.Inputs) is { } wrong)
                {
                    context.AddValidationError(Blamed(command, wrong), wrong);
                }

                return Task.CompletedTask;
            },
            IconName = command.Icon,
            IsHighlighted = true,
            UpdateState = context => runs.ApiIsHealthy && !IsActive(context.ResourceSnapshot)
                ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
        });

    public static IResourceBuilder<ProjectResource> WithStop(
        this IResourceBuilder<ProjectResource> generator, string name, string title, string description) =>
        generator.WithCommand(
            name, title,
            context => Commands(context).ExecuteCommandAsync(
                generator.Resource.Name, KnownResourceCommands.StopCommand, context.CancellationToken),
            new CommandOptions
            {
                Description = description,
                IconName = "Stop",
                IsHighlighted = true,
                UpdateState = context => context.ResourceSnapshot.State?.Text == KnownResourceStates.Running
                    ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
            });

    /// <summary>It was started and has not ended.</summary>
    private static bool IsActive(CustomResourceSnapshot snapshot)
    {
        string? state = snapshot.State?.Text;
        return state is not null && state != KnownResourceStates.NotStarted
            && !KnownResourceStates.TerminalStates.Contains(state);
    }

    /// <summary>The input whose label the reason begins with.</summary>
    private static string Blamed(LoadCommand command, string wrong) => command.Inputs
        .First(input => wrong.StartsWith($"{input.Label}:", StringComparison.Ordinal)).Name;

    private static ResourceCommandService Commands(ExecuteCommandContext context) =>
        context.Services.GetRequiredService<ResourceCommandService>();
}
