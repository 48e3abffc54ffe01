using System.CommandLine;

namespace MatchCluster.ServiceDefaults.Hosting;

/// <summary>
/// The options of a cluster's member for people. Each is a setting too, in the form in which an Aspire host or a
/// container gives it; what the command line says counts.
/// </summary>
public sealed class MemberCommandLine
{
    private readonly List<(Option<string?> Option, string Key)> all = [];

    public MemberCommandLine()
    {
        Redis = Add("--redis", "MatchCluster:Redis", "HOST:PORT",
            "Redis of the cluster, with StackExchange.Redis' options behind commas. Or ConnectionStrings__redis");
        Name = Add("--name", "Orleans:Name", "NAME",
            "Name of this member, one of its own and the same at every start: partitions are placed by it. "
                + "Or Orleans__Name");
        Cluster = Add("--cluster-id", "Orleans:ClusterId", "ID",
            "Members of one cluster have the same. Default: matchcluster. Or Orleans__ClusterId");
        Store = Add("--store", "MatchCluster:Store", "NAME",
            "Name of the gallery store in Redis. Default: gallery. Or MatchCluster__Store");
        Address = Add("--address", "Orleans:Endpoints:AdvertisedIPAddress", "IP",
            "Where other members reach this one. What they say to each other is neither encrypted nor "
                + "authenticated: a private network. Default: 127.0.0.1");
        Port = Add("--port", "Orleans:Endpoints:SiloPort", "PORT",
            "Port for other members, the same at every start if it can be; 0 takes a free one. Default: 11111");
    }

    public Option<string?> Redis { get; }

    public Option<string?> Name { get; }

    public Option<string?> Cluster { get; }

    public Option<string?> Store { get; }

    public Option<string?> Address { get; }

    public Option<string?> Port { get; }

    public IEnumerable<Option> All => all.Select(pair => pair.Option);

    /// <summary>One more that is read as a setting.</summary>
    public Option<string?> Add(string name, string key, string help, string description)
    {
        Option<string?> option = new(name) { Description = description, HelpName = help };
        all.Add((option, key));
        return option;
    }

    /// <summary>What was given, as settings.</summary>
    public Dictionary<string, string?> Settings(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        return all.Where(pair => parsed.GetResult(pair.Option) is not null)
            .ToDictionary(pair => pair.Key, pair => parsed.GetValue(pair.Option));
    }
}
