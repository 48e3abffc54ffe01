using System.Net.Sockets;
using MatchCluster.Grains.Catalogue;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Grains.Members;

/// <summary>What made a start fail, in one sentence: the innermost reason of what the host throws.</summary>
internal static class StartFailures
{
    public static string Sentence(Exception failed)
    {
        Exception[] chain = [.. Chain(failed)];
        if (chain.OfType<StartRefusedException>().FirstOrDefault() is { } refused)
        {
            return refused.Message;
        }

        if (chain.OfType<ClusterRefusedException>().FirstOrDefault() is { } unwanted)
        {
            return unwanted.Message;
        }

        if (chain.OfType<StoreException>().FirstOrDefault() is { } store)
        {
            return store.Message;
        }

        return chain.OfType<SocketException>().FirstOrDefault()?.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse =>
                "the port for other members is in use; give another one (--port), or 0 for a free one",
            SocketError.AddressNotAvailable =>
                "the address for other members (--address) is none of this machine",
            _ => chain[^1].Message.ReplaceLineEndings(" "),
        };
    }

    private static IEnumerable<Exception> Chain(Exception? failed)
    {
        for (Exception? at = failed; at is not null; at = at is AggregateException { InnerExceptions: [{ } first, ..] }
            ? first : at.InnerException)
        {
            yield return at;
        }
    }
}
