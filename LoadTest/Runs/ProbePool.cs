using MatchCluster.LoadTest.Client;
using MatchCluster.LoadTest.Workload;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.LoadTest.Runs;

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

    private static readonly bool[] MatedOrNot = [true, false];

    private readonly LoadOptions options;
    private readonly IReadOnlyList<Partner> callers;
    private readonly SyntheticPopulation population;
    private readonly Dictionary<(RequestKind Kind, bool Mated, int Fingers), PreparedRequest[]> probes = [];
    private PreparedRequest[] enrolments = [];

    private ProbePool(LoadOptions options)
    {
        this.options = options;
        callers = options.Callers;
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
        (RequestKind Kind, bool Mated, int Fingers)[] classes =
        [
            .. pool.callers.SelectMany(ClassesOf).Distinct().OrderBy(one => (!one.Mated, one.Kind, one.Fingers)),
        ];
        int total = (each * classes.Length) + enrolments;
        int done = 0;
        foreach ((RequestKind kind, bool mated, int fingers) in classes)
        {
            pool.probes[(kind, mated, fingers)] = Make(each, i => pool.Probe(kind, mated, fingers, i), cancel);
            progress(done += each, total);
        }

        pool.enrolments = Make(enrolments, pool.Enrolment, cancel);
        progress(total, total);
        return pool;
    }

    /// <summary>The bodies of this pool for other callers, who ask nothing that these do not ask.</summary>
    public ProbePool For(LoadOptions other)
    {
        ProbePool shared = new(other) { enrolments = enrolments };
        foreach ((var kind, PreparedRequest[] bodies) in probes)
        {
            shared.probes[kind] = bodies;
        }

        return shared;
    }

    public PreparedRequest Draw(Random random) => Draw(DrawCaller(random), random);

    /// <summary>Number of a caller, by the shares; a lone one costs no draw.</summary>
    public int DrawCaller(Random random)
    {
        double point = callers.Count == 1 ? 0 : random.NextDouble();
        int number = 0;
        while (number < callers.Count - 1 && point >= callers[number].Share)
        {
            point -= callers[number++].Share;
        }

        return number;
    }

    /// <summary>What a caller asks.</summary>
    public PreparedRequest Draw(int number, Random random)
    {
        Partner caller = callers[number];
        RequestKind kind = caller.Mix.Draw(random);
        PreparedRequest[] bodies = probes[ClassOf(caller, kind, random.NextDouble() < caller.Mated)];
        return bodies[random.Next(bodies.Length)];
    }

    /// <summary>A body to enrol; the caller names the person.</summary>
    public PreparedRequest DrawEnrolment(Random random) => enrolments[random.Next(enrolments.Length)];

    /// <summary>Eyes alone have no fingers: they are one class whatever a caller's fingers are.</summary>
    private static (RequestKind Kind, bool Mated, int Fingers) ClassOf(Partner caller, RequestKind kind, bool mated) =>
        (kind, mated, kind == RequestKind.Iris ? 0 : caller.Fingers);

    private static IEnumerable<(RequestKind Kind, bool Mated, int Fingers)> ClassesOf(Partner caller) =>
        caller.Mix.Kinds.SelectMany(kind => MatedOrNot
            .Where(mated => mated ? caller.Mated > 0 : caller.Mated < 1)
            .Select(mated => ClassOf(caller, kind, mated)));

    private static PreparedRequest[] Make(
        int count, Func<int, PreparedRequest> make, CancellationToken cancel)
    {
        var made = new PreparedRequest[count];
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancel }, i => made[i] = make(i));
        return made;
    }

    private int SizeFor(double requests) => requests <= 0 ? 0 : (int)Math.Clamp(requests, 1, options.Pool);

    private PreparedRequest Probe(RequestKind kind, bool mated, int fingers, int number)
    {
        // Seeded by its place, so that the pool does not depend on the order in which threads fill it.
        var random = new Random(HashCode(options.Seed, (int)kind, mated ? 1 : 0, number));
        SyntheticPerson person = population.Person(
            mated ? random.Next(options.People) : options.People + number);
        int impression = 1 + random.Next(Impressions);
        return new PreparedRequest(
            kind,
            OsiaBodies.Identify(person, impression, fingers, kind != RequestKind.Finger),
            mated ? person.PersonId : null);
    }

    private PreparedRequest Enrolment(int number) => new(
        RequestKind.Enrol,
        OsiaBodies.Encounter(population.Person(EnrolOffset + number), ServerClient.EnrolGallery),
        null);

    /// <summary>
    /// A seed from several numbers; unlike that of System.HashCode it is equal in every process.
    /// </summary>
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
