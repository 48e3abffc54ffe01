using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Turns;

/// <summary>
/// A queue that is fair to partners: start-time fair queueing (P. Goyal, H. Vin, H. Cheng, "Start-time fair queueing",
/// SIGCOMM 1996) by cost, with some credit for whoever asked for less than its share. What one partner asks goes in
/// the order in which it came. Not safe for several threads.
/// </summary>
/// <remarks>
/// <para>Each partner f with weight w has a tag: the cost of all that it was served, divided by w. The partner with the
/// lowest tag is served next, and the clock of the queue is the highest tag that was served so far. A partner that
/// begins to wait takes up its old tag again, but none that is further than credit / w before the clock: nobody saves
/// up more than the credit.</para>
/// <para>Bound. Whenever the clock moves, the lowest tag of all who wait moves it, so that all tags are at the
/// clock or after it; a new tag is at most credit / w before it; and a tag grows only by being served, when it was at
/// most the clock, by l / w where l is the cost of the dearest item. So the tags of two partners f and g who wait
/// always differ by at least -(C / w_f + l_g / w_g) and at most l_f / w_f + C / w_g. Over any time in which both wait,
/// what each was served divided by its weight is the difference of its tags. Hence the two services differ by no more
/// than (l_f + C) / w_f + (l_g + C) / w_g, however fast or slow the server is and whatever the others ask.</para>
/// <para>Delay. Who has waited since the clock last moved has a tag at or after it; a partner below its share has
/// a lower one. So its item goes before everything of partners that always wait, and waits only for what has begun and
/// for others that are below their shares.</para>
/// <para>Each look costs O(log n) of n partners. A partner without waiting items is forgotten once its tag says nothing
/// any more; at most <see cref="MostPartners"/> are told apart at a time, and all after them share one tag: who
/// comes under ever new names has no more than so many shares.</para>
/// </remarks>
/// <typeparam name="T">What waits.</typeparam>
public sealed class FairQueue<T>
{
    /// <summary>Partners told apart at a time: more than any installation has, half a MB.</summary>
    public const int MostPartners = 4096;

    /// <summary>
    /// Cost that a partner below its share may catch up at once: ten searches of ten fingers and two eyes, 64 of two
    /// fingers. Without it, searches that come in a bunch would take turns with those of somebody who always waits.
    /// </summary>
    public const double Credit = 128;

    private readonly Dictionary<ulong, Flow> flows = [];
    private readonly SortedSet<Flow> backlogged = new(Comparer<Flow>.Create(CompareHeads));
    private readonly SortedSet<Flow> idle = new(Comparer<Flow>.Create(CompareIdle));
    private readonly LinkedList<Entry> arrivals = [];
    private Flow? rest;
    private double clock;
    private long came;

    /// <summary>Items that wait.</summary>
    public int Count => arrivals.Count;

    /// <summary>Partners that are told apart now; those who wait, and those whose last service still counts.</summary>
    public int Partners => flows.Count;

    /// <summary>The item that has waited longest; only where one waits.</summary>
    public T Oldest => arrivals.First!.Value.Item;

    /// <summary>The item whose turn is next; only where one waits.</summary>
    public T Next => backlogged.Min!.Waiting.First!.Value.Item;

    /// <summary>Adds an item.</summary>
    /// <param name="item">What waits.</param>
    /// <param name="standing">Whose it is; the priority does not count here.</param>
    /// <param name="cost">What serving it takes; less than one unit counts as one.</param>
    /// <returns>Its place, to take it out.</returns>
    public Place Add(T item, Standing standing, double cost)
    {
        Flow flow = FlowOf(standing.Partner);
        bool wasWaiting = flow.Waiting.Count > 0;
        double earliest = clock - (Credit / standing.Weight);
        if (!wasWaiting)
        {
            idle.Remove(flow);
            flow.Tag = Math.Max(flow.Tag, earliest);
        }

        Entry entry = new(item, flow, Math.Max(1, cost) / standing.Weight, standing.Weight, came++);
        Place place = new(flow.Waiting.AddLast(entry), arrivals.AddLast(entry));
        if (!wasWaiting)
        {
            backlogged.Add(flow);
        }

        return place;
    }

    /// <summary>Takes out an item that waits; what it would have cost is not counted.</summary>
    /// <exception cref="InvalidOperationException">It does not wait any more.</exception>
    public void Remove(Place place)
    {
        ArgumentNullException.ThrowIfNull(place);
        if (place.OfFlow.List is null)
        {
            throw new InvalidOperationException("the item does not wait any more");
        }

        Flow flow = place.OfFlow.Value.Flow;
        backlogged.Remove(flow);
        Drop(place.OfFlow, place.OfAll);
        Keep(flow, place.OfFlow.Value.Weight);
    }

    /// <summary>Takes the item whose turn is next; only where one waits.</summary>
    /// <param name="isFree">Serving it costs nothing, because whoever asked has gone.</param>
    public T Take(Func<T, bool>? isFree = null)
    {
        Flow flow = backlogged.Min!;
        LinkedListNode<Entry> first = flow.Waiting.First!;
        Entry entry = first.Value;
        backlogged.Remove(flow);
        Drop(first, entry.OfAll!);
        if (isFree?.Invoke(entry.Item) != true)
        {
            clock = Math.Max(clock, flow.Tag);
            flow.Tag += entry.Share;
        }

        Keep(flow, entry.Weight);
        while (idle.Min is { } last && last.Settled <= clock)
        {
            Forget(last);
        }

        return entry.Item;
    }

    /// <summary>Nothing waits and nothing is served: whoever comes now owes nothing.</summary>
    public void EndBusyTime()
    {
        if (Count == 0)
        {
            flows.Clear();
            idle.Clear();
            rest = null;
            clock = 0;
        }
    }

    private static int CompareHeads(Flow a, Flow b) =>
        a.Tag != b.Tag ? a.Tag.CompareTo(b.Tag)
        : a.Waiting.First!.Value.Came.CompareTo(b.Waiting.First!.Value.Came);

    private static int CompareIdle(Flow a, Flow b) =>
        a.Settled != b.Settled ? a.Settled.CompareTo(b.Settled) : a.Number.CompareTo(b.Number);

    private Flow FlowOf(ulong partner)
    {
        if (flows.TryGetValue(partner, out Flow? known))
        {
            return known;
        }

        if (flows.Count >= MostPartners)
        {
            return rest ??= NewFlow();
        }

        Flow flow = NewFlow();
        flow.Partner = partner;
        flows.Add(partner, flow);
        return flow;
    }

    private Flow NewFlow() => new() { Tag = double.NegativeInfinity, Number = came };

    private void Drop(LinkedListNode<Entry> ofFlow, LinkedListNode<Entry> ofAll)
    {
        ofFlow.List!.Remove(ofFlow);
        arrivals.Remove(ofAll);
    }

    /// <summary>Puts a flow, which is in no order, where it belongs.</summary>
    private void Keep(Flow flow, int weight)
    {
        if (flow.Waiting.Count > 0)
        {
            backlogged.Add(flow);
            return;
        }

        flow.Settled = flow.Tag + (Credit / weight);
        if (flow.Settled <= clock)
        {
            Forget(flow);
        }
        else
        {
            idle.Add(flow);
        }
    }

    private void Forget(Flow flow)
    {
        idle.Remove(flow);
        if (flow == rest)
        {
            rest = null;
        }
        else
        {
            flows.Remove(flow.Partner);
        }
    }

    /// <summary>The place of an item that waits.</summary>
    public sealed class Place
    {
        internal Place(LinkedListNode<Entry> ofFlow, LinkedListNode<Entry> ofAll)
        {
            OfFlow = ofFlow;
            OfAll = ofAll;
            ofFlow.Value.OfAll = ofAll;
        }

        internal LinkedListNode<Entry> OfFlow { get; }

        internal LinkedListNode<Entry> OfAll { get; }
    }

    internal sealed record Entry(T Item, Flow Flow, double Share, int Weight, long Came)
    {
        public LinkedListNode<Entry>? OfAll { get; set; }
    }

    internal sealed class Flow
    {
        public ulong Partner { get; set; }

        public long Number { get; init; }

        public double Tag { get; set; }

        /// <summary>The clock from which on its tag says nothing any more.</summary>
        public double Settled { get; set; }

        public LinkedList<Entry> Waiting { get; } = [];
    }
}
