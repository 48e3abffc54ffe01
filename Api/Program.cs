using MatchCluster.Api.Hosting;
using MatchCluster.Api.Options;

return await CommandLine.RunAsync(
    args, Console.Error, (options, cancel) => options.Cluster is { } settings
        ? ClusterServer.RunAsync(options, settings, Console.Error, cancel)
        : Server.RunAsync(options, Console.Error, cancel));
