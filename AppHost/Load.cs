using Microsoft.Extensions.DependencyInjection;
using Projects;

namespace MatchCluster.AppHost;

/// <summary>What fills and loads the api: the load generator twice, each with commands of the dashboard.</summary>
internal static class Load
{
    public const string Seed = "seed";
    public const string Ladder = "ladder";

    /// <summary>
    /// Two resources and not one: the dashboard shows the first two commands of a resource as buttons and hides the
    /// others in a menu.
    /// </summary>
    public static void WithLoad(
        this IResourceBuilder<ProjectResource> api, IDistributedApplicationBuilder builder, AppHostSettings settings)
    {
        string scenarios = Path.Combine(Path.GetDirectoryName(new LoadTest().ProjectPath)!, "scenarios");
        LoadInputs inputs = new(settings, scenarios);
        ReportPages reports = new(settings.Folder("reports"), TimeProvider.System);
        LoadRuns runs = new();
        runs.Arguments[Seed] = inputs.Seed(new InteractionInputCollection([]));
        runs.Arguments[Ladder] = inputs.Ladder(new InteractionInputCollection([]), reports.NewFile());
        builder.Services.AddSingleton(runs).AddSingleton(reports).AddHostedService<LoadWatch>();

        api.WithGenerator(builder, runs, Seed, "DatabaseArrowUp")
            .WithStart(runs, new LoadCommand
            {
                Name = "seed-gallery",
                Title = "Seed gallery",
                Description = "Enrols synthetic people; those who are enrolled already stay",
                Icon = "DatabaseArrowUp",
                Inputs = inputs.ForSeed(),
                Wrong = inputs.WrongSeed,
                Arguments = inputs.Seed,
            })
            .WithStop("stop-seeding", "Stop seeding", "Ends seeding; who is enrolled stays");
        api.WithGenerator(builder, runs, Ladder, "DataLine")
            .WithStart(runs, new LoadCommand
            {
                Name = "start-ladder",
                Title = "Start ladder",
                Description = "Raises the rate of searches until the answers break the limit, and writes a report",
                Icon = "DataLine",
                Inputs = inputs.ForLadder(),
                Wrong = inputs.WrongLadder,
                Arguments = given => inputs.Ladder(given, reports.NewFile()),
            })
            .WithStop("stop-ladder", "Stop ladder", "Ends the ladder; the steps that are done are in its report");
    }

    private static IResourceBuilder<ProjectResource> WithGenerator(
        this IResourceBuilder<ProjectResource> api, IDistributedApplicationBuilder builder, LoadRuns runs, string name,
        string icon) => builder
        .AddProject<LoadTest>(name, launchProfileName: null)
        .WithArgs(context =>
        {
            foreach (string each in runs.Arguments[name])
            {
                context.Args.Add(each);
            }

            context.Args.Add("--url");
            context.Args.Add(api.GetEndpoint("http"));
        })
        .WithExplicitStart()
        .WithIconName(icon)
        .WithParentRelationship(api);
}
