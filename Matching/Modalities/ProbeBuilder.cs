using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Modalities;

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
        int rows = decoded.Sum(sample => sample.Count);
        if (rows > Limits.RowsPerProbe)
        {
            return new Rejection(-1, $"{rows} views and codes", $"at most {Limits.RowsPerProbe} of a probe");
        }

        ProbeParts prepared = new();
        for (int i = 0; i < decoded.Count; i++)
        {
            if (Prepare(decoded[i], prepared) is { } insufficient)
            {
                return insufficient with { Found = $"{insufficient.Found} (sample {i})" };
            }
        }

        return prepared.HasAny ? prepared.ToProbe(samples) : prepared.Uncomparable!;
    }

    /// <summary>
    /// The probe of samples that are stored, the first ones first: what cannot be compared is left out, and so is what
    /// would pass <see cref="Limits.RowsPerProbe"/>.
    /// </summary>
    public static Decoded<Probe> OfStored(IEnumerable<Sample> samples)
    {
        ProbeParts prepared = new();
        int rows = 0;
        Rejection? last = null;
        List<Sample> used = [];
        foreach (Sample sample in samples)
        {
            Decoded<DecodedSample> decoded = SampleDecoder.Decode(sample, 0);
            if (!decoded.IsAccepted)
            {
                last = decoded.Rejection;
                continue;
            }

            int more = decoded.Value.Count;
            if (rows + more <= Limits.RowsPerProbe)
            {
                rows += more;
                used.Add(sample);
                last = Prepare(decoded.Value, prepared) ?? last;
            }
        }

        return prepared.HasAny ? prepared.ToProbe(used)
            : prepared.Uncomparable ?? last ?? new Rejection(-1, "no sample", "at least one");
    }

    /// <summary>A sample holds what one modality reads; the others find nothing in it.</summary>
    private static Rejection? Prepare(DecodedSample sample, ProbeParts parts)
    {
        Rejection? wrong = null;
        foreach (ModalityRules rules in ModalityTable.All)
        {
            wrong = rules.Prepare(sample, parts) ?? wrong;
        }

        return wrong;
    }
}
