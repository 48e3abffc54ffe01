using System.CommandLine;

namespace MatchCluster.Grains.Members;

/// <summary>
/// The options of a cluster's member for people. Each is a setting too, in the form in which an Aspire host or a
/// container gives it; what the command line says counts.
/// </summary>
public sealed class MemberCommandLine
{
    private readonly List<(Option<string?> Option, string Key)> all = [];

    public MemberCommandLine()
    {
        Add(MemberKeys.Redis, "HOST:PORT",
            "Redis of the cluster, with StackExchange.Redis' options behind commas. Or ConnectionStrings__redis");
        Add(MemberKeys.Name, "NAME",
            "Name of this member, one of its own and the same at every start: partitions are placed by it. "
                + "Or Orleans__Name");
        Add(MemberKeys.ClusterId, "ID",
            $"Members of one cluster have the same. Default: {MemberOptions.DefaultCluster}. Or Orleans__ClusterId");
        Add(MemberKeys.Store, "NAME",
            $"Name of the gallery store in Redis. Default: {MemberOptions.DefaultStore}. Or MatchCluster__Store");
        Add(MemberKeys.Address, "IP",
            "Where other members reach this one. What they say to each other is neither encrypted nor "
                + "authenticated: a private network. Default: 127.0.0.1");
        Add(MemberKeys.SiloPort, "PORT",
            "Port for other members, the same at every start if it can be; 0 takes a free one. Default: "
                + $"{MemberOptions.DefaultSiloPort}");
    }

    public IEnumerable<Option> All => all.Select(pair => pair.Option);

    /// <summary>One more option that is read as a setting.</summary>
    public void Add(string key, string help, string description) =>
        all.Add((new(MemberKeys.OptionOf(key)) { Description = description, HelpName = help }, key));

    /// <summary>What was given, as settings.</summary>
    public Dictionary<string, string?> Settings(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        return all.Where(pair => parsed.GetResult(pair.Option) is not null)
            .ToDictionary(pair => pair.Key, pair => parsed.GetValue(pair.Option));
    }
}
