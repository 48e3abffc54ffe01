using System.Collections.Concurrent;

namespace MatchCluster.Api.Telemetry;

/// <summary>
/// Names of partners as a metric label. They are no personal data, but there may be many, and each is a series of its
/// own for ever: the first <see cref="Most"/> that ask have one, all others share one.
/// </summary>
internal sealed class PartnerLabels
{
    /// <summary>Partners with a series of their own.</summary>
    public const int Most = 32;

    /// <summary>Label of callers that are not told apart.</summary>
    public const string Nobody = "none";

    /// <summary>Label of all partners after the first.</summary>
    public const string Other = "other";

    private readonly ConcurrentDictionary<string, bool> known = new(StringComparer.Ordinal);
    private readonly Lock guard = new();

    /// <summary>The label of a partner.</summary>
    public string Of(string partner)
    {
        if (partner.Length == 0)
        {
            return Nobody;
        }

        if (known.ContainsKey(partner))
        {
            return partner;
        }

        lock (guard)
        {
            return known.Count < Most && known.TryAdd(partner, true) ? partner : Other;
        }
    }
}
