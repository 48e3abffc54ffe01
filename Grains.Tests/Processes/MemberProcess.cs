using MatchCluster.Benchmarks.Runner;

namespace MatchCluster.Grains.Tests.Processes;

/// <summary>A silo or an api as its users run it: a process of its own that can be killed.</summary>
internal sealed class MemberProcess : ProgramProcess
{
    private MemberProcess(
        string name, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
        : base(
            name, DotNet, ["exec", Path.Combine(AppContext.BaseDirectory, $"MatchCluster.{program}.dll"), .. arguments],
            environment)
    {
    }

    /// <param name="name">Its name in the cluster.</param>
    /// <param name="program">"Silo" or "Api".</param>
    /// <param name="redis">Port of Redis.</param>
    /// <param name="more">More of its command line.</param>
    public static MemberProcess Start(string name, string program, int redis, params string[] more) =>
        Start(new Dictionary<string, string>(), name, program, redis, more);

    /// <inheritdoc cref="Start(string, string, int, string[])"/>
    /// <param name="environment">More of its environment.</param>
    public static MemberProcess Start(
        IReadOnlyDictionary<string, string> environment, string name, string program, int redis, params string[] more)
    {
        // Several members on few cores: a heap of its own per core only makes them slower to start.
        Dictionary<string, string> all = new(environment);
        all.TryAdd("DOTNET_gcServer", "0");
        return new MemberProcess(
            name, program,
            [
                "--redis", $"127.0.0.1:{redis}", "--name", name, "--port", "0", "--urls", "http://127.0.0.1:0", .. more,
            ],
            all);
    }
}
