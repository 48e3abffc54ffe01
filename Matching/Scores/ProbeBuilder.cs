using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Scores;

/// <summary>
/// Decodes samples and prepares what a search or an enrolment needs of them. CPU work: callers run it off request
/// threads where it is bulk.
/// </summary>
public static class ProbeBuilder
{
    /// <summary>The probe of the samples, or the rejection that names the sample by its index.</summary>
    public static Decoded<Probe> Build(IReadOnlyList<Sample> samples) => throw new NotImplementedException();
}
