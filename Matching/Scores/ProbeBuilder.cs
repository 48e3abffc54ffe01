using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Scores;

/// <summary>
/// Decodes samples and prepares what a search needs of them, once for every partition. CPU work of about a
/// millisecond a finger, for one of the engine's threads (<see cref="Scan.EngineCalls"/>).
/// </summary>
public static class ProbeBuilder
{
    /// <summary>
    /// The probe of the samples, or the rejection that names the sample by its index: one that is not what it claims,
    /// an eye with too few valid bits to be compared with any, or fingers none of which can be compared.
    /// </summary>
    /// <remarks>
    /// A finger that cannot be compared beside others that can is left out: a record of a missing finger is
    /// often one without minutiae. A template that is there twice under one label is one sample.
    /// </remarks>
    public static Decoded<Probe> Build(IReadOnlyList<Sample> samples)
    {
        if (samples.Count is 0 or > Limits.SamplesPerEncounter)
        {
            return new Rejection(-1, $"{samples.Count} samples", $"1 to {Limits.SamplesPerEncounter}");
        }

        List<DecodedSample> decoded = [];
        for (int i = 0; i < samples.Count; i++)
        {
            Decoded<DecodedSample> sample = SampleDecoder.Decode(samples[i], i);
            if (!sample.IsAccepted)
            {
                return sample.Rejection;
            }

            decoded.Add(sample.Value);
        }

        // Counted before anything is prepared, which is what costs.
        int rows = decoded.Sum(sample => sample.Fingers.Count + sample.Irises.Count);
        if (rows > Limits.RowsPerProbe)
        {
            return new Rejection(-1, $"{rows} views and codes", $"at most {Limits.RowsPerProbe} of a probe");
        }

        Prepared prepared = new();
        for (int i = 0; i < decoded.Count; i++)
        {
            if (prepared.Add(decoded[i]) is { } insufficient)
            {
                return insufficient with { Found = $"{insufficient.Found} (sample {i})" };
            }
        }

        return prepared.HasAny ? prepared.ToProbe() : prepared.Uncomparable!;
    }

    /// <summary>
    /// The probe of samples that are stored, the first ones first: what cannot be compared is left out, and so is what
    /// would pass <see cref="Limits.RowsPerProbe"/>.
    /// </summary>
    public static Decoded<Probe> OfStored(IEnumerable<Sample> samples)
    {
        Prepared prepared = new();
        int rows = 0;
        Rejection? last = null;
        foreach (Sample sample in samples)
        {
            Decoded<DecodedSample> decoded = SampleDecoder.Decode(sample, 0);
            if (!decoded.IsAccepted)
            {
                last = decoded.Rejection;
                continue;
            }

            int more = decoded.Value.Fingers.Count + decoded.Value.Irises.Count;
            if (rows + more <= Limits.RowsPerProbe)
            {
                rows += more;
                last = prepared.Add(decoded.Value) ?? last;
            }
        }

        return prepared.HasAny ? prepared.ToProbe()
            : prepared.Uncomparable ?? last ?? new Rejection(-1, "no sample", "at least one");
    }

    /// <summary>What is wrong with an eye that no other can be compared with; null where nothing is.</summary>
    internal static Rejection? Insufficient(IrisCode code)
    {
        int valid = code.ValidBits;
        int enough = IrisScorer.MinValidBits(code.Shape);
        return valid >= enough ? null : new Rejection(
            -1, $"an insufficient eye, {valid} valid bits of {code.Shape.Bits}", $"at least {enough} valid bits");
    }

    /// <summary>What is wrong with a finger that no other can be compared with; null where nothing is.</summary>
    internal static Rejection? Insufficient(FingerTemplate finger) => finger.IsComparable ? null
        : Insufficient(finger.Minutiae, finger.Cylinders);

    /// <summary>
    /// What is wrong with a view that no other finger can be compared with, found at a fraction of
    /// the cost of preparing it; null where nothing is.
    /// </summary>
    internal static Rejection? Insufficient(FingerView view)
    {
        ReadOnlySpan<PlacedMinutia> minutiae = MinutiaeSelection.Best(view);
        int cylinders = CylinderBuilder.Build(minutiae, FingerTemplate.LeastCylinders).Length;
        return cylinders >= FingerTemplate.LeastCylinders ? null : Insufficient(minutiae.Length, cylinders);
    }

    /// <summary>The rejection of a finger with so few minutiae that have a neighbourhood.</summary>
    private static Rejection Insufficient(int minutiae, int cylinders) => new(
        -1, $"an insufficient finger, {minutiae} minutiae of which {cylinders} have a neighbourhood",
        $"at least {FingerTemplate.LeastCylinders} with {MccParameters.MinNeighbours} others or more around them");

    /// <summary>What is prepared so far.</summary>
    private sealed class Prepared
    {
        private readonly List<FingerProbe> fingers = [];
        private readonly List<IrisProbe> irises = [];

        public bool HasAny => fingers.Count + irises.Count > 0;

        /// <summary>What is wrong with the first finger that was left out.</summary>
        public Rejection? Uncomparable { get; private set; }

        /// <summary>Null, or what is wrong with an eye; it was left out.</summary>
        public Rejection? Add(DecodedSample sample)
        {
            Rejection? wrong = null;
            foreach (IrisCode code in sample.Irises)
            {
                if (Insufficient(code) is { } insufficient)
                {
                    // No rotation of no eye could be compared: an answer would be "nobody", which is not what it means.
                    wrong ??= insufficient;
                    continue;
                }

                IrisProbe iris = new(code);
                if (!irises.Exists(other => other.Position == iris.Position && ProbePlaces.AreSame(other, iris)))
                {
                    irises.Add(iris);
                }
            }

            foreach (FingerView view in sample.Fingers)
            {
                FingerProbe finger = new(view.Position, FingerTemplate.Prepare(view));
                if (Insufficient(finger.Template) is { } insufficient)
                {
                    Uncomparable ??= insufficient;
                }
                else if (!fingers.Exists(
                    other => other.Position == finger.Position && ProbePlaces.AreSame(other, finger)))
                {
                    fingers.Add(finger);
                }
            }

            return wrong;
        }

        public Probe ToProbe() => new(fingers, irises);
    }
}
