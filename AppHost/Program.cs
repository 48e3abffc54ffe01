using MatchCluster.AppHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Projects;

if (args is [GarnetProgram.Verb, .. string[] rest])
{
    return await GarnetProgram.RunAsync(rest);
}

// The whole cluster on one command: Redis, silos, the api, and what fills and loads it. Every program is started here
// as a person would start it (docs/cluster.md); what this adds is the wiring and the dashboard. Nothing of it speaks
// HTTPS: no development certificate is handed to the programs.
IDistributedApplicationBuilder builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
{
    Args = args,
    TrustDeveloperCertificate = false,
});

// The dashboard asks this process several times a second: those requests are no news.
builder.Services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning));
AppHostSettings settings = AppHostSettings.Read(builder.Configuration, builder.AppHostDirectory);

IResourceBuilder<IResourceWithConnectionString> redis = builder.AddClusterRedis(settings);
Aspire.Hosting.Orleans.OrleansService orleans = builder.AddOrleans("cluster")
    .WithClusterId("matchcluster")
    .WithServiceId("matchcluster")
    .WithClustering(redis)
    .WithGrainDirectory(redis)
    .WithGrainStorage("catalogue", redis);

IResourceBuilder<ProjectResource> api = builder.AddProject<Api>(Members.Api, launchProfileName: null)
    .WithMember(orleans, redis, "api-1")
    .WithArgs("--cluster")
    .WithListenAddress(settings.ApiPort, Members.Api)
    .WithUrlForEndpoint("http", url => url.DisplayText = "Operator page");
api.WithUrlForEndpoint("http", at => new ResourceUrlAnnotation { Url = "/mc/v1/stats", DisplayText = "Partitions" });

for (int number = 1; number <= settings.Silos; number++)
{
    // Resources of their own and not replicas of one: partitions are placed by a silo's name, so that each has one.
    builder.AddProject<Silo>($"silo-{number}", launchProfileName: null)
        .WithMember(orleans, redis, $"silo-{number}")
        .WithArgs("--partitions", $"{settings.Partitions}", "--threads", $"{settings.ThreadsPerSilo}")
        .WithArgs("--drain-seconds", $"{ClusterLifetime.SiloDrain.TotalSeconds:0}")
        .WithListenAddress(port: null, "silo")
        .WithArgs("--orleans-dashboard", "true")
        .WithUrlForEndpoint("http", url => (url.Url, url.DisplayText) = ("/health", "Health"))
        .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/orleans/", DisplayText = "Orleans" });
}

api.WithLoad(builder, settings);
builder.AddClusterLifetime();
await builder.Build().RunAsync();
return 0;
