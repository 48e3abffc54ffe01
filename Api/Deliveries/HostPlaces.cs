using System.Collections.Concurrent;

namespace MatchCluster.Api.Deliveries;

/// <summary>
/// How many deliveries go to one server at a time, so that one that hangs takes few places and others are not held up.
/// A server whose last attempt failed gets one at a time until one succeeds.
/// </summary>
/// <param name="most">Deliveries to a healthy server at a time.</param>
internal sealed class HostPlaces(int most)
{
    // As many as there are servers on the list: callers cannot make more.
    private readonly ConcurrentDictionary<string, Host> hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A place, which is left once; null where all are taken.</summary>
    public Place? Take(Uri address)
    {
        Host host = hosts.GetOrAdd(address.GetLeftPart(UriPartial.Authority), _ => new Host());
        lock (host)
        {
            if (host.Inside >= (host.IsFailing ? 1 : most))
            {
                return null;
            }

            host.Inside++;
            return new Place(host);
        }
    }

    /// <summary>Its own lock.</summary>
    internal sealed class Host
    {
        public int Inside { get; set; }

        public bool IsFailing { get; set; }
    }

    /// <summary>One delivery on its way.</summary>
    internal sealed class Place(Host host)
    {
        /// <param name="isAnswered">Whether the server answered at all; null where nobody waited for it.</param>
        public void Leave(bool? isAnswered)
        {
            lock (host)
            {
                host.Inside--;
                host.IsFailing = isAnswered is { } answered ? !answered : host.IsFailing;
            }
        }
    }
}
