using MatchCluster.LoadTest.Runs;

namespace MatchCluster.LoadTest.Capacity;

/// <summary>
/// Searches through a cluster, event by event. Each search goes to every silo at once; a silo that is free takes what
/// waits into one pass; the answer is there when the last silo's part is. Equal model and seed give equal
/// latencies.
/// </summary>
/// <remarks>
/// A part that was asked for twice is done when either copy is; the copy that still waits then is dropped, one that is
/// being scanned is scanned to its end.
/// </remarks>
internal sealed class ClusterSimulation
{
    private const double Warm = 0.1;

    private readonly ClusterModel model;
    private readonly Random random;
    private readonly PriorityQueue<Event, (double Time, long Order)> events = new();
    private readonly Silo[] silos;
    private readonly double[] arrived;
    private readonly int[] missing;
    private readonly bool[] done;
    private readonly double[] latency;
    private long order;

    private ClusterSimulation(ClusterModel model, int searches, int seed)
    {
        this.model = model;
        random = new Random(seed);
        silos = [.. Enumerable.Range(0, model.Silos).Select(_ => new Silo())];
        arrived = new double[searches];
        latency = new double[searches];
        missing = new int[searches];
        done = new bool[(long)searches * model.Silos];
    }

    private enum Kind
    {
        Arrival,
        Hedge,
        PassEnds,
    }

    /// <summary>Latencies in milliseconds, sorted; the first tenth, while queues fill, is left out.</summary>
    /// <exception cref="ArgumentException">More comes in than the silos can ever answer.</exception>
    public static double[] Run(ClusterModel model, int searches, int seed)
    {
        if (model.Utilisation >= 1)
        {
            throw new ArgumentException(
                $"found a load of {model.Utilisation:P0} of what the silos can answer, wanted less than 100 %",
                nameof(model));
        }

        ClusterSimulation simulation = new(model, searches, seed);
        simulation.Run();
        double[] counted = simulation.latency[(int)(searches * Warm)..];
        Array.Sort(counted);
        return counted;
    }

    private void Run()
    {
        PoissonArrivals arrivals = new(model.SearchesPerSecond, random);
        for (int search = 0; search < arrived.Length; search++)
        {
            arrived[search] = arrivals.Next().TotalMilliseconds;
            missing[search] = model.Silos;
            At(arrived[search] + (model.MessageMs / 2), new Event(Kind.Arrival, search, 0));
        }

        while (events.TryDequeue(out Event next, out (double Time, long Order) when))
        {
            switch (next.Kind)
            {
                case Kind.Arrival:
                    Arrive(next.Search, when.Time);
                    break;
                case Kind.Hedge:
                    Hedge(next.Search, when.Time);
                    break;
                case Kind.PassEnds:
                    End(next.Silo, when.Time);
                    break;
            }
        }
    }

    private void Arrive(int search, double now)
    {
        for (int silo = 0; silo < silos.Length; silo++)
        {
            silos[silo].Waiting.AddLast(new Part(search, silo));
            Begin(silo, now);
        }

        if (model.HedgeMs is { } after && silos.Length > 1)
        {
            At(now + after, new Event(Kind.Hedge, search, 0));
        }
    }

    /// <summary>Each silo holds the copy of its neighbour's part.</summary>
    private void Hedge(int search, double now)
    {
        for (int share = 0; share < silos.Length; share++)
        {
            if (!done[Index(search, share)])
            {
                int other = (share + 1) % silos.Length;
                silos[other].Waiting.AddLast(new Part(search, share));
                Begin(other, now);
            }
        }
    }

    /// <summary>A pass is over one share: parts of another wait for the next.</summary>
    private void Begin(int number, double now)
    {
        Silo silo = silos[number];
        if (silo.Pass.Count > 0)
        {
            return;
        }

        LinkedListNode<Part>? node = silo.Waiting.First;
        while (node is not null && silo.Pass.Count < model.MostTogether)
        {
            LinkedListNode<Part>? after = node.Next;
            bool isLate = done[Index(node.Value.Search, node.Value.Share)];
            if (isLate || silo.Pass.Count == 0 || silo.Pass[0].Share == node.Value.Share)
            {
                silo.Waiting.Remove(node);
                if (!isLate)
                {
                    silo.Pass.Add(node.Value);
                }
            }

            node = after;
        }

        if (silo.Pass.Count > 0)
        {
            bool slow = random.NextDouble() < model.SlowChance;
            double takes = model.PassMs(silo.Pass.Count) * (slow ? model.SlowFactor : 1);
            At(now + takes, new Event(Kind.PassEnds, 0, number));
        }
    }

    private void End(int number, double now)
    {
        Silo silo = silos[number];
        foreach (Part part in silo.Pass)
        {
            long index = Index(part.Search, part.Share);
            if (done[index])
            {
                continue;
            }

            done[index] = true;
            if (--missing[part.Search] == 0)
            {
                latency[part.Search] =
                    now + (model.MessageMs / 2) + (model.GatherMs * model.Silos) - arrived[part.Search];
            }
        }

        silo.Pass.Clear();
        Begin(number, now);
    }

    private long Index(int search, int share) => ((long)search * model.Silos) + share;

    /// <summary>Events of one time happen in the order they were planned: nothing is left to the heap.</summary>
    private void At(double time, Event what) => events.Enqueue(what, (time, order++));

    private readonly record struct Event(Kind Kind, int Search, int Silo);

    private readonly record struct Part(int Search, int Share);

    private sealed class Silo
    {
        public LinkedList<Part> Waiting { get; } = new();

        /// <summary>What is being scanned; empty while idle.</summary>
        public List<Part> Pass { get; } = [];
    }
}
