using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Synthesis;

/// <summary>
/// One person who does not exist: ten fingers and two eyes, each of which can be captured any number of
/// times. Impression 0 is the enrolment, 1 and up are later captures; every one is a capture of the same
/// master.
/// </summary>
/// <remarks>
/// A finger's master is made on first use and kept here. It is immutable, so that two threads that ask at
/// once at worst make it twice. An eye's texture is made again for each capture: that is as fast as
/// keeping it.
/// </remarks>
public sealed class SyntheticPerson
{
    private const ulong TraitStream = 0;
    private const ulong FingerStream = 100;
    private const ulong EyeStream = 200;
    private const ulong MasterStream = 0;
    private const ulong CaptureStream = 1;

    private readonly ulong seed;
    private readonly FingerMaster?[] fingers = new FingerMaster?[10];
    private readonly HandTraits hands;

    internal SyntheticPerson(ulong seed, int index)
    {
        this.seed = seed;
        PersonId = $"SYN-{index:D8}";
        var random = new StableRandom(StableRandom.Derive(seed, TraitStream));
        YearOfBirth = 1940 + random.Below(70);
        Sex = random.Chance(0.5) ? Sex.Male : Sex.Female;
        hands = new HandTraits(
            Size: (Sex == Sex.Male ? 1.04 : 0.96) + (0.04 * random.Gaussian()),
            Whorls: random.Gaussian(),
            Skin: random.Gaussian());
    }

    /// <summary>"SYN-" and the index with eight digits.</summary>
    public string PersonId { get; }

    /// <summary>Year of birth, 1940..2009.</summary>
    public int YearOfBirth { get; }

    public Sex Sex { get; }

    /// <summary>One capture of a finger.</summary>
    /// <param name="fingerCode">1 right thumb ... 10 left little (ISO/IEC 19794-2).</param>
    /// <param name="impression">0 is the enrolment, 1 and up are later captures.</param>
    /// <exception cref="ArgumentOutOfRangeException">The code is not 1..10 or the impression is
    /// negative.</exception>
    public FingerView Finger(int fingerCode, int impression)
    {
        ulong seed = PlaceSeed(FingerStream, fingerCode, 10, impression);
        return FingerCapture.Take(Master(fingerCode), CaptureSeed(seed, impression), fingerCode, impression);
    }

    /// <summary>
    /// One capture of an eye, encoded in a shape. Shapes of one impression share its conditions.
    /// </summary>
    /// <param name="eyeCode">1 right, 2 left (ISO/IEC 19794-6).</param>
    /// <param name="impression">0 is the enrolment, 1 and up are later captures.</param>
    /// <param name="shape">The code's shape.</param>
    /// <exception cref="ArgumentOutOfRangeException">The code is not 1 or 2 or the impression is
    /// negative.</exception>
    /// <exception cref="ArgumentException">The shape is not valid.</exception>
    public IrisCode Iris(int eyeCode, int impression, IrisShape shape)
    {
        ulong seed = PlaceSeed(EyeStream, eyeCode, 2, impression);
        if (!shape.IsValid)
        {
            throw new ArgumentException(
                $"found iris shape {shape}, wanted one that IrisShape.IsValid accepts", nameof(shape));
        }

        return IrisCapture.Take(
            StableRandom.Derive(seed, MasterStream), CaptureSeed(seed, impression), eyeCode, shape);
    }

    /// <summary>The master print that every capture of a finger is made from.</summary>
    internal FingerMaster Master(int fingerCode) =>
        this.fingers[fingerCode - 1] ??= new FingerMaster(
            StableRandom.Derive(PlaceSeed(FingerStream, fingerCode, 10, 0), MasterStream),
            fingerCode,
            hands);

    private static ulong CaptureSeed(ulong placeSeed, int impression) =>
        StableRandom.Derive(placeSeed, CaptureStream + (ulong)impression);

    private ulong PlaceSeed(ulong stream, int code, int codes, int impression)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(code, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code, codes);
        ArgumentOutOfRangeException.ThrowIfNegative(impression);
        return StableRandom.Derive(this.seed, stream + (ulong)code);
    }
}
