namespace MatchCluster.Matching.Irises;

/// <summary>
/// One technique of counting; a struct, so that the walk over the rotations is compiled for it.
/// </summary>
internal interface IBitCounter
{
    /// <summary>Counts one rotation.</summary>
    /// <param name="probe">Code then mask, a multiple of 8 words each, at least 8.</param>
    /// <param name="row">Code then mask of the gallery row, as many words as the probe has.</param>
    /// <returns>|(code xor code) and mask and mask| and |mask and mask|.</returns>
    static abstract (int Differing, int Valid) Count(ReadOnlySpan<ulong> probe, ReadOnlySpan<ulong> row);
}
