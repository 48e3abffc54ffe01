using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Scores;

/// <summary>What one sample holds: finger views or iris codes, each with its place on the body.</summary>
internal sealed record DecodedSample(IReadOnlyList<FingerView> Fingers, IReadOnlyList<IrisCode> Irises);

/// <summary>
/// Decodes a sample and settles where it is from. The sample's position (the caller's word) and the record's own
/// must agree; either may be unknown, and then the other holds.
/// </summary>
internal static class SampleDecoder
{
    /// <param name="sample">The supplied template.</param>
    /// <param name="index">Its index among the samples, for the rejection.</param>
    public static Decoded<DecodedSample> Decode(Sample sample, int index) =>
        sample.Position.Modality == Modality.Finger ? Finger(sample, index) : Iris(sample, index);

    private static Decoded<DecodedSample> Finger(Sample sample, int index)
    {
        Decoded<FingerRecord> record = FingerRecords.Decode(sample.Format, sample.Template.Span);
        if (!record.IsAccepted)
        {
            return Named(record.Rejection, index);
        }

        List<FingerView> views = [];
        foreach (FingerView view in record.Value.Views)
        {
            if (sample.Position.IsUnknown || view.Position == sample.Position)
            {
                views.Add(view);
            }
            else if (view.Position.IsUnknown)
            {
                views.Add(view with { Position = sample.Position });
            }
        }

        if (views.Count == 0)
        {
            string found = record.Value.Views.Count == 0
                ? "a record without a view"
                : "a record of " + string.Join(", ", record.Value.Views.Select(v => v.Position).Distinct());
            return Named(new Rejection(-1, found, $"a view of {sample.Position}"), index);
        }

        return new DecodedSample(views, []);
    }

    private static Decoded<DecodedSample> Iris(Sample sample, int index)
    {
        Decoded<IrisCode> code = IrisTemplates.Decode(sample.Format, sample.Template.Span);
        if (!code.IsAccepted)
        {
            return Named(code.Rejection, index);
        }

        BiometricPosition own = code.Value.Position;
        if (!own.IsUnknown && !sample.Position.IsUnknown && own != sample.Position)
        {
            return Named(new Rejection(-1, $"a template of {own}", $"one of {sample.Position}"), index);
        }

        return new DecodedSample([], [own.IsUnknown ? code.Value with { Position = sample.Position } : code.Value]);
    }

    private static Rejection Named(Rejection rejection, int index) =>
        rejection with { Found = $"{rejection.Found} (sample {index})" };
}
