using MatchCluster.Api.Hosting;
using MatchCluster.Api.Options;

return await CommandLine.RunAsync(
    args, Console.Error, (options, cancel) => Server.RunAsync(options, Console.Error, cancel));
