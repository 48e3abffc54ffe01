using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Scores;

/// <summary>
/// Decodes samples and prepares what a search needs of them, once for every partition. CPU work of about a
/// millisecond a finger: bulk callers run it on the engine's threads.
/// </summary>
public static class ProbeBuilder
{
    /// <summary>The probe of the samples, or the rejection that names the sample by its index.</summary>
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

            fingers.AddRange(decoded.Value.Fingers.Select(v => new FingerProbe(v.Position, FingerTemplate.Prepare(v))));
            irises.AddRange(decoded.Value.Irises.Select(c => new IrisProbe(c)));
        }

        return new Probe(fingers, irises);
    }
}
