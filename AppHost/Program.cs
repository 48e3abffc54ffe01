using MatchCluster.AppHost;
using Projects;

// The whole cluster on one command: Redis, silos, the api, and what fills and loads it. Every program is started here
// as a person would start it (docs/cluster.md); what this adds is the wiring and the dashboard.
IDistributedApplicationBuilder builder = DistributedApplication.CreateBuilder(args);
AppHostSettings settings = AppHostSettings.Read(builder.Configuration);

IResourceBuilder<IResourceWithConnectionString> redis = builder.AddClusterRedis(settings);
Aspire.Hosting.Orleans.OrleansService orleans = builder.AddOrleans("cluster")
    .WithClusterId("matchcluster")
    .WithServiceId("matchcluster")
    .WithClustering(redis)
    .WithGrainDirectory(redis)
    .WithGrainStorage("catalogue", redis);

IResourceBuilder<ProjectResource> api = builder.AddProject<Api>("api", launchProfileName: null)
    .WithMember(orleans, redis, "api-1")
    .WithArgs("--cluster")
    .WithListenAddress(settings.ApiPort, "api")
    .WithUrlForEndpoint("http", url => url.DisplayText = "Operator page");
api.WithUrlForEndpoint("http", at => new ResourceUrlAnnotation { Url = "/mc/v1/stats", DisplayText = "Partitions" });

for (int number = 1; number <= settings.Silos; number++)
{
    // Resources of their own and not replicas of one: partitions are placed by a silo's name, so that each has one.
    builder.AddProject<Silo>($"silo-{number}", launchProfileName: null)
        .WithMember(orleans, redis, $"silo-{number}")
        .WithArgs("--partitions", $"{settings.Partitions}", "--threads", $"{settings.ThreadsPerSilo}")
        .WithListenAddress(port: null, "silo")
        .WithParentRelationship(redis);
}

api.WithLoad(builder, settings);
builder.AddClusterLifetime();
builder.Build().Run();
