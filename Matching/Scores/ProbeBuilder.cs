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
    /// or an eye with too few valid bits to be compared with any.
    /// </summary>
    public static Decoded<Probe> Build(IReadOnlyList<Sample> samples)
    {
        if (samples.Count is 0 or > Limits.SamplesPerEncounter)
        {
            return new Rejection(-1, $"{samples.Count} samples", $"1 to {Limits.SamplesPerEncounter}");
        }

        List<FingerProbe> fingers = [];
        List<IrisProbe> irises = [];
        for (int i = 0; i < samples.Count; i++)
        {
            Decoded<DecodedSample> decoded = SampleDecoder.Decode(samples[i], i);
            if (!decoded.IsAccepted)
            {
                return decoded.Rejection;
            }

            foreach (IrisCode code in decoded.Value.Irises)
            {
                IrisProbe iris = new(code);
                int enough = IrisScorer.MinValidBits(code.Shape);
                if (iris.ValidBits < enough)
                {
                    // No rotation of no eye could be compared: an answer would be "nobody", which is not what it means.
                    return new Rejection(
                        -1, $"an insufficient eye, {iris.ValidBits} valid bits of {code.Shape.Bits} (sample {i})",
                        $"at least {enough} valid bits");
                }

                irises.Add(iris);
            }

            fingers.AddRange(decoded.Value.Fingers.Select(v => new FingerProbe(v.Position, FingerTemplate.Prepare(v))));
        }

        return new Probe(fingers, irises);
    }
}
