using MatchCluster.Matching.Synthesis;

namespace MatchCluster.LoadTest;

/// <summary>
/// Every body the run may send, made before the clock starts so that making them costs the measurement
/// nothing. The pool is bounded: a run longer than it asks some bodies again, which a server that caches
/// answers would profit from.
/// </summary>
internal sealed class ProbePool
{
    /// <summary>Persons between those that are probed and those that are enrolled under load.</summary>
    private const int EnrolOffset = 100_000_000;

    /// <summary>Later captures 1..3 are asked; 0 is the enrolled one.</summary>
    private const int Impressions = 3;

    private readonly LoadOptions options;
    private readonly SyntheticPopulation population;
    private readonly Dictionary<(RequestKind Kind, bool Mated), PreparedRequest[]> probes = [];
    private PreparedRequest[] enrolments = [];

    private ProbePool(LoadOptions options)
    {
        this.options = options;
        population = new SyntheticPopulation((ulong)options.Seed);
    }

    /// <param name="options">The run.</param>
    /// <param name="progress">Called with requests prepared and to prepare.</param>
    /// <param name="cancel">Stops it with <see cref="OperationCanceledException"/>.</param>
    public static ProbePool Prepare(LoadOptions options, Action<int, int> progress, CancellationToken cancel)
    {
        var pool = new ProbePool(options);
        double searches = options.Rate * options.Duration.TotalSeconds;
        int each = pool.SizeFor(searches);
        int enrolments = pool.SizeFor(options.EnrolRate * options.Duration.TotalSeconds);
        (RequestKind Kind, bool Mated)[] classes =
        [
            .. options.Mix.Kinds.Where(_ => options.Mated > 0).Select(kind => (kind, true)),
            .. options.Mix.Kinds.Where(_ => options.Mated < 1).Select(kind => (kind, false)),
        ];
        int total = (each * classes.Length) + enrolments;
        int done = 0;
        foreach ((RequestKind kind, bool mated) in classes)
        {
            pool.probes[(kind, mated)] = Make(each, i => pool.Probe(kind, mated, i), cancel);
            progress(done += each, total);
        }

        pool.enrolments = Make(enrolments, pool.Enrolment, cancel);
        progress(total, total);
        return pool;
    }

    public PreparedRequest Draw(Random random)
    {
        RequestKind kind = options.Mix.Draw(random);
        PreparedRequest[] bodies = probes[(kind, random.NextDouble() < options.Mated)];
        return bodies[random.Next(bodies.Length)];
    }

    /// <summary>A body to enrol; the caller names the person.</summary>
    public PreparedRequest DrawEnrolment(Random random) => enrolments[random.Next(enrolments.Length)];

    private static PreparedRequest[] Make(
        int count, Func<int, PreparedRequest> make, CancellationToken cancel)
    {
        var made = new PreparedRequest[count];
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancel }, i => made[i] = make(i));
        return made;
    }

    private int SizeFor(double requests) => requests <= 0 ? 0 : (int)Math.Clamp(requests, 1, options.Pool);

    private PreparedRequest Probe(RequestKind kind, bool mated, int number)
    {
        // Seeded by its place, so that the pool does not depend on the order in which threads fill it.
        var random = new Random(HashCode(options.Seed, (int)kind, mated ? 1 : 0, number));
        SyntheticPerson person = population.Person(
            mated ? random.Next(options.People) : options.People + number);
        int impression = 1 + random.Next(Impressions);
        int fingers = kind == RequestKind.Iris ? 0 : options.Fingers;
        return new PreparedRequest(
            kind,
            OsiaBodies.Identify(person, impression, fingers, kind != RequestKind.Finger),
            mated ? person.PersonId : null);
    }

    private PreparedRequest Enrolment(int number) => new(
        RequestKind.Enrol,
        OsiaBodies.Encounter(population.Person(EnrolOffset + number), ServerClient.EnrolGallery),
        null);

    /// <summary>A seed from several numbers; unlike System.HashCode the same in every process.</summary>
    private static int HashCode(params ReadOnlySpan<int> numbers)
    {
        uint hash = 2166136261;
        foreach (int number in numbers)
        {
            hash = (hash ^ (uint)number) * 16777619;
            hash ^= hash >> 15;
        }

        return (int)(hash & int.MaxValue);
    }
}
