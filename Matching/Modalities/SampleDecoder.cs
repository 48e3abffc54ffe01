using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Modalities;

/// <summary>
/// Decodes a sample and settles where it is from, for the door as for every load. The sample's position (the caller's
/// label) and the record's own must agree; either may be unknown, and then the other holds. A record of several
/// fingers counts as all of them where its label is one of them.
/// </summary>
public static class SampleDecoder
{
    /// <summary>Decodes a sample and settles its place.</summary>
    /// <param name="sample">The supplied template.</param>
    /// <param name="index">Its index among the samples, for the rejection.</param>
    public static Decoded<DecodedSample> Decode(Sample sample, int index)
    {
        Decoded<DecodedSample> read = Read(sample);
        Decoded<DecodedSample> placed = read.IsAccepted ? Place(read.Value, sample.Position) : read;
        return placed.IsAccepted
            ? placed
            : placed.Rejection with { Found = $"{placed.Rejection.Found} (sample {index})" };
    }

    /// <summary>What the template says, whatever its label.</summary>
    public static Decoded<DecodedSample> Read(Sample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return sample.Decoding.For(sample) is { } kept ? kept
            : ModalityTable.Of(sample.Position.Modality).Decode(sample.Format, sample.Template.Span);
    }

    /// <summary>
    /// The sample with what <see cref="Read"/> made of its template, so that whoever gets it in this process decodes
    /// nothing again.
    /// </summary>
    public static Sample Keep(Sample sample, DecodedSample read)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return sample with { Decoding = KeptDecoding.Of(sample, read) };
    }

    /// <summary>
    /// The decoded sample under the caller's label. What states no place gets the label; a label that nothing
    /// in the template has is a mix-up of fingers or eyes, which nothing later would notice.
    /// </summary>
    public static Decoded<DecodedSample> Place(DecodedSample read, BiometricPosition label)
    {
        ArgumentNullException.ThrowIfNull(read);
        IReadOnlyList<BiometricPosition> places = read.Places;
        if (label.IsUnknown)
        {
            return read;
        }

        if (!places.Any(place => place.IsUnknown || place == label))
        {
            string found = places.Count == 0 ? "nothing" : string.Join(", ", places);
            return new Rejection(-1, $"a template of {found}", $"one of {label}");
        }

        int others = read.Fingers.Count(view => !view.Position.IsUnknown && view.Position != label);
        return read.At(label) with
        {
            Forgiven = others == 0 ? read.Forgiven
                : [.. read.Forgiven, new Forgiven(ForgivenKind.OtherFinger, others, -1, OtherFinger(places, label))],
        };
    }

    private static int OtherFinger(IReadOnlyList<BiometricPosition> places, BiometricPosition label) =>
        places.First(place => !place.IsUnknown && place != label).Finger;
}
