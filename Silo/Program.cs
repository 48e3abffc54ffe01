using MatchCluster.Silo.Hosting;
using MatchCluster.Silo.Options;

return await CommandLine.RunAsync(
    args, Console.Error, (settings, cancel) => SiloServer.RunAsync(settings, Console.Error, cancel));
