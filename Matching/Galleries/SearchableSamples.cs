using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Galleries;

/// <summary>
/// Says which samples of an encounter no search can find. They are stored as they are, and whoever enrols
/// them is told.
/// </summary>
public static class SearchableSamples
{
    /// <summary>
    /// Why a sample is not searchable, with what was found and wanted: a finger with too few minutiae that have
    /// neighbours, an eye with too few valid bits; null where it is, or where it is no template at all, which its
    /// decoder says.
    /// </summary>
    public static Rejection? WhyNot(Sample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        Decoded<DecodedSample> decoded = SampleDecoder.Decode(sample, 0);
        return decoded.IsAccepted
            ? ModalityTable.Of(sample.Position.Modality).Insufficient(decoded.Value) : null;
    }
}
