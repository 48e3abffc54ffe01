using MatchCluster.Api.Http;
using MatchCluster.Matching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Api.Osia;

/// <summary>Decodes a template at the door and settles where on the body it is from.</summary>
internal static class SampleCheck
{
    /// <summary>
    /// The sample with its place: the caller's where the template states none, the template's where the
    /// caller states none. Two that differ are a mix-up of fingers or eyes, which nothing later would notice.
    /// </summary>
    public static Mapped<Sample> Place(Sample sample, string path)
    {
        Modality modality = TemplateFormats.ModalityOf(sample.Format);
        int limit = modality == Modality.Finger ? Limits.FingerTemplateBytes : Limits.IrisTemplateBytes;
        if (sample.Template.Length > limit)
        {
            return new Failure(FailureCode.RejectedTemplate,
                $"{path}.template: found {sample.Template.Length} bytes, wanted at most {limit}");
        }

        Mapped<BiometricPosition[]> own = modality == Modality.Finger ? FingersOf(sample, path) : EyeOf(sample, path);
        if (own.IsFailed)
        {
            return own.Failure;
        }

        // A record of several fingers without a subtype stands for all of them and keeps the unknown
        // position.
        if (sample.Position.IsUnknown)
        {
            return own.Value.Length == 1 ? sample with { Position = own.Value[0] } : sample;
        }

        return own.Value.Any(position => position.IsUnknown || position == sample.Position) ? sample
            : new Failure(FailureCode.InvalidBiometricData,
                $"{path}.biometricSubType: found {sample.Position}, but the template says "
                + string.Join(", ", own.Value));
    }

    private static Mapped<BiometricPosition[]> FingersOf(Sample sample, string path)
    {
        Decoded<FingerRecord> record = FingerRecords.Decode(sample.Format, sample.Template.Span);
        if (!record.IsAccepted)
        {
            return Rejected(record.Rejection, sample, path);
        }

        return record.Value.Views.Select(view => view.Position).Distinct().ToArray();
    }

    private static Mapped<BiometricPosition[]> EyeOf(Sample sample, string path)
    {
        Decoded<IrisCode> code = IrisTemplates.Decode(sample.Format, sample.Template.Span);
        return code.IsAccepted ? new[] { code.Value.Position } : Rejected(code.Rejection, sample, path);
    }

    private static Failure Rejected(Rejection rejection, Sample sample, string path) => new(
        FailureCode.RejectedTemplate, $"{path}.template ({TemplateFormats.NameOf(sample.Format)}): {rejection}");
}
