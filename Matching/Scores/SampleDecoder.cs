using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Scores;

/// <summary>What one sample holds: finger views or iris codes, each with its place on the body.</summary>
public sealed record DecodedSample(IReadOnlyList<FingerView> Fingers, IReadOnlyList<IrisCode> Irises)
{
    /// <summary>What was read though its format, or its label, does not allow it.</summary>
    public IReadOnlyList<Forgiven> Forgiven { get; init; } = [];

    /// <summary>The places of its views or codes, each once.</summary>
    public IReadOnlyList<BiometricPosition> Places =>
        [.. Fingers.Select(view => view.Position).Concat(Irises.Select(code => code.Position)).Distinct()];
}

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
        if (sample.Position.Modality == Modality.Finger)
        {
            Decoded<FingerRecord> record = FingerRecords.Decode(sample.Format, sample.Template.Span);
            return record.IsAccepted
                ? new DecodedSample(record.Value.Views, []) { Forgiven = record.Value.Forgiven }
                : record.Rejection;
        }

        Decoded<IrisCode> code = IrisTemplates.Decode(
            sample.Format, sample.Template.Span, out IReadOnlyList<Forgiven> forgiven);
        return code.IsAccepted ? new DecodedSample([], [code.Value]) { Forgiven = forgiven } : code.Rejection;
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
        return new DecodedSample(
            [.. read.Fingers.Select(view => view.Position.IsUnknown ? view with { Position = label } : view)],
            [.. read.Irises.Select(code => code.Position.IsUnknown ? code with { Position = label } : code)])
        {
            Forgiven = others == 0 ? read.Forgiven
                : [.. read.Forgiven, new Forgiven(ForgivenKind.OtherFinger, others, -1, OtherFinger(places, label))],
        };
    }

    private static int OtherFinger(IReadOnlyList<BiometricPosition> places, BiometricPosition label) =>
        places.First(place => !place.IsUnknown && place != label).Finger;
}
