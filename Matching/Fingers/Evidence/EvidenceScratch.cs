namespace MatchCluster.Matching.Fingers.Evidence;

/// <summary>Working memory of one thread's third stage, allocated once: some 15 KiB.</summary>
internal sealed class EvidenceScratch
{
    public ulong[] Candidates { get; } = new ulong[MinutiaPairing.MaxCandidates];

    /// <summary>Chosen pairs, highest relaxed similarity first.</summary>
    public int[] Order { get; } = new int[MccParameters.MaxRelaxedPairs];

    /// <summary>Paired minutiae of the alignment that is tried.</summary>
    public MinutiaPair[] Tried { get; } = new MinutiaPair[Limits.MinutiaeScored];

    /// <summary>Paired minutiae of the best alignment.</summary>
    public MinutiaPair[] Best { get; } = new MinutiaPair[Limits.MinutiaeScored];

    /// <summary>What the paired minutiae of the round before pull.</summary>
    public Pull[] Pulls { get; } = new Pull[Limits.MinutiaeScored];

    /// <summary>The gallery row that is compared.</summary>
    public PrintShape Row { get; } = new();

    /// <summary>Where its minutiae come to lie.</summary>
    public double[] MovedX { get; } = new double[Limits.MinutiaeScored];

    public double[] MovedY { get; } = new double[Limits.MinutiaeScored];

    /// <summary>Takes the plain forms, which the others must equal.</summary>
    public bool IsPlain { get; init; }
}
