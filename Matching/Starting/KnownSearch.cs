using System.Globalization;
using MatchCluster.Matching.Scatter;

namespace MatchCluster.Matching.Starting;

/// <summary>One search of the self-search, and what it must find.</summary>
/// <param name="Name">What it is called in a failure.</param>
/// <param name="Person">
/// Index of the person asked for; nobody is enrolled from <see cref="SelfGallery.People"/> on.
/// </param>
/// <param name="Fingers">Fingers of the probe, 0 to 2.</param>
/// <param name="Eyes">Eyes of the probe, 0 to 2.</param>
/// <param name="Wanted">Its candidates, the best first.</param>
internal sealed record KnownSearch(
    string Name, int Person, int Fingers, int Eyes, params KnownCandidate[] Wanted)
{
    private const int MostCandidates = 3;

    /// <summary>Irises are sampled first.</summary>
    public bool IsFast { get; init; }

    /// <summary>Every encounter is scored in full.</summary>
    public bool IsExhaustive { get; init; }

    /// <summary>Candidates may have any score: the best non-mated ones are held too.</summary>
    public bool HasNoThreshold { get; init; }

    /// <summary>
    /// The searches: each kind of probe with and without the stages that may rule people out, non-mated people, and
    /// people who are not enrolled. A change of scoring changes them here: <c>SelfSearchTests</c> prints what it found.
    /// </summary>
    public static IReadOnlyList<KnownSearch> All { get; } =
    [
        new("one finger", 3, 1, 0, new KnownCandidate(3, 100.00, 0.165375)),
        new("two fingers", 11, 2, 0, new KnownCandidate(11, 183.27, 0.379837, 0.093307)),
        new("two fingers, exhaustive", 20, 2, 0,
            new KnownCandidate(20, 183.27, 0.186981, 0.094727),
            new KnownCandidate(91, 12.27, 0.015442, 0.013443),
            new KnownCandidate(96, 9.92, 0.015076, 0.015320)) { IsExhaustive = true, HasNoThreshold = true },
        new("one eye", 31, 0, 1, new KnownCandidate(31, 150.00, 0.090909)),
        new("one eye, fast", 42, 0, 1, new KnownCandidate(42, 150.00, 0.218377)) { IsFast = true },
        new("two eyes", 55, 0, 2, new KnownCandidate(55, 276.89, 0.125173, 0.194891)),
        new("two eyes, fast", 60, 0, 2, new KnownCandidate(60, 281.54, 0.108166, 0.146312)) { IsFast = true },
        new("two eyes without a threshold", 61, 0, 2,
            new KnownCandidate(61, 264.02, 0.207849, 0.186061),
            new KnownCandidate(53, 24.46, 0.397503, 0.381699),
            new KnownCandidate(62, 24.19, 0.374242, 0.397135)) { HasNoThreshold = true },
        new("two fingers and an eye", 67, 2, 1, new KnownCandidate(67, 306.24, 0.058472, 0.230331, 0.176391)),
        new("two fingers and two eyes, fast", 70, 2, 2,
            new KnownCandidate(70, 360.05, 0.018906, 0.126205, 0.165942, 0.229003)) { IsFast = true },
        new("two fingers of somebody else", SelfGallery.People + 1, 2, 0),
        new("two eyes of somebody else", SelfGallery.People + 2, 0, 2),
        new("two fingers and an eye of somebody else", SelfGallery.People + 3, 2, 1),
    ];

    /// <summary>What is asked of the engine.</summary>
    public IdentifyRequest Request(Scores.Probe probe) => new()
    {
        Probe = probe,
        Gallery = SelfGallery.Name,
        FastIrises = IsFast,
        Exhaustive = IsExhaustive,
        Threshold = HasNoThreshold ? 0 : null,
        MaxCandidates = MostCandidates,
    };

    /// <summary>What was found and what was wanted; null where that is the same.</summary>
    public string? FaultOf(IdentifyAnswer answer)
    {
        if (!answer.Coverage.IsComplete)
        {
            return $"{Name}: no complete answer ({string.Join(", ", answer.Coverage.Missing)})";
        }

        IReadOnlyList<KnownCandidate> found = [.. answer.Candidates.Select(KnownCandidate.Of)];
        return found.Count == Wanted.Length && found.Zip(Wanted).All(pair => pair.First.IsLike(pair.Second))
            ? null : $"{Name}: found {Words(found)}, wanted {Words(Wanted)}";
    }

    private static string Words(IReadOnlyList<KnownCandidate> candidates) =>
        candidates.Count == 0 ? "nobody" : string.Join(", ", candidates);
}

/// <summary>A candidate whose score and comparisons are known.</summary>
/// <param name="Person">The person's index.</param>
/// <param name="Score">-10 log10 FMR, fused.</param>
/// <param name="Raw">The similarity of each finger and the Hamming distance of each eye, in the probe's order.</param>
internal sealed record KnownCandidate(int Person, double Score, params IReadOnlyList<double> Raw)
{
    /// <summary>Scores are rounded, and logarithms may differ between platforms in their last digits.</summary>
    private const double ScoreTolerance = 0.011;

    /// <summary>Kernels count in integers: a similarity or a distance that differs at all differs by more.</summary>
    private const double RawTolerance = 1e-5;

    public static KnownCandidate Of(Candidate candidate) => new(
        SelfGallery.IndexOf(candidate.PersonId), candidate.Score, [.. candidate.Details.Select(detail => detail.Raw)]);

    public bool IsLike(KnownCandidate other) => Person == other.Person
        && Math.Abs(Score - other.Score) <= ScoreTolerance && Raw.Count == other.Raw.Count
        && Raw.Zip(other.Raw).All(pair => Math.Abs(pair.First - pair.Second) <= RawTolerance);

    /// <summary>The person, its score and its comparisons, as the table above writes them.</summary>
    public override string ToString()
    {
        IEnumerable<string> raw = Raw.Select(value => value.ToString("F6", CultureInfo.InvariantCulture));
        return string.Create(CultureInfo.InvariantCulture, $"({Person}, {Score:F2}, {string.Join(", ", raw)})");
    }
}
