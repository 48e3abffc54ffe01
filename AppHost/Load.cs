using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Projects;

namespace MatchCluster.AppHost;

/// <summary>What fills and loads the api, started from the dashboard when it is wanted.</summary>
internal static class Load
{
    private const string Seed = "seed";
    private const string Ladder = "ladder";

    /// <summary>The load generator twice, waiting to be started, and the buttons that start and stop it.</summary>
    public static void WithLoad(
        this IResourceBuilder<ProjectResource> api, IDistributedApplicationBuilder builder, AppHostSettings settings)
    {
        string people = $"{settings.People}";
        api.WithGenerator(builder, Seed, "seed", "--people", people);
        api.WithGenerator(builder, Ladder, "ladder", "--people", people, "--warm-up", "3", "--html", "capacity.html");
        api.WithButton("Seed gallery", "Seed gallery: enrols synthetic people", "DatabaseArrowUp", [(Seed, "start")]);
        api.WithButton(
            "Start ladder", "Start ladder: raises the rate until the latency breaks its limit", "DataLine",
            [(Ladder, "start")]);
        api.WithButton("Stop load", "Stop load: ends seeding and load", "Stop", [(Seed, "stop"), (Ladder, "stop")]);
    }

    private static void WithGenerator(
        this IResourceBuilder<ProjectResource> api, IDistributedApplicationBuilder builder, string name,
        params string[] arguments) => builder
        .AddProject<LoadTest>(name, launchProfileName: null)
        .WithArgs([.. arguments])
        .WithArgs(context =>
        {
            context.Args.Add("--url");
            context.Args.Add(api.GetEndpoint("http"));
        })
        .WithExplicitStart()
        .WithParentRelationship(api);

    private static void WithButton(
        this IResourceBuilder<ProjectResource> api, string name, string description, string icon,
        (string Resource, string Command)[] steps) => api.WithCommand(
        name.ToLowerInvariant().Replace(' ', '-'), name,
        async context =>
        {
            ResourceCommandService commands = context.Services.GetRequiredService<ResourceCommandService>();
            List<string> failures = [];
            foreach ((string resource, string command) in steps)
            {
                ExecuteCommandResult done = await commands.ExecuteCommandAsync(
                    resource,
                    command == "start" ? KnownResourceCommands.StartCommand : KnownResourceCommands.StopCommand,
                    context.CancellationToken);
                if (!done.Success && command == "start")
                {
                    failures.Add($"{resource}: {done.Message}");
                }
            }

            return failures.Count == 0 ? CommandResults.Success() : CommandResults.Failure(string.Join("; ", failures));
        },
        new CommandOptions
        {
            Description = description,
            IconName = icon,
            IsHighlighted = true,

            // What is started before every partition answers would only fail.
            UpdateState = context => steps.All(step => step.Command == "stop")
                || context.ResourceSnapshot.HealthStatus == HealthStatus.Healthy
                ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
        });
}
