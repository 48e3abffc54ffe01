using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// The store itself cannot be used; the message says why and what to do, for the operator. It may name files and
/// servers: callers are told <see cref="Outage"/>.
/// </summary>
public sealed class StoreException : Exception
{
    public StoreException(string message)
        : base(message)
    {
    }

    public StoreException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public StoreException()
    {
    }

    /// <param name="outage">What callers are told.</param>
    /// <param name="where">The file or server, for the operator.</param>
    /// <param name="inner">What caused it, where there is something.</param>
    public StoreException(Outage outage, string where, Exception? inner = null)
        : base($"{where}: {outage.Reason}", inner) => told = outage;

    /// <summary>The message names files: it is for the operator alone.</summary>
    private static readonly Outage Unnamed = new(
        "a store of this server cannot be used; the reason stands in the server's log", MayRetry: true);

    private readonly Outage? told;

    /// <summary>
    /// What callers are told: the reason without names of files and servers, and whether trying again may
    /// help.
    /// </summary>
    public Outage Outage => told ?? Unnamed;
}
