using MatchCluster.Api.Hosting;
using MatchCluster.Api.Options;

return await CommandLine.RunAsync(args, Server.RunAsync);
