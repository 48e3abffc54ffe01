using MatchCluster.Api.Http;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Api.Osia;

/// <summary>
/// Stored samples as OSIA's computed data, in the format they were supplied in or another one.
/// </summary>
internal static class TemplateWriter
{
    /// <summary>The sample's template in a format (null: its own).</summary>
    public static Mapped<OsiaComputedData> Write(Sample sample, TemplateFormat? wanted)
    {
        Mapped<byte[]> bytes = wanted is null || wanted == sample.Format
            ? sample.Template.ToArray()
            : Convert(sample, wanted.Value);
        return bytes.IsFailed ? bytes.Failure : new OsiaComputedData
        {
            BiometricType = Positions.TypeOf(sample.Position.Modality),
            BiometricSubType = Positions.SubTypeOf(sample.Position),
            Instance = sample.Instance,
            Template = bytes.Value,
            TemplateFormat = TemplateFormats.NameOf(wanted ?? sample.Format),
            Quality = sample.Quality,
        };
    }

    private static Mapped<byte[]> Convert(Sample sample, TemplateFormat wanted)
    {
        try
        {
            return TemplateFormats.ModalityOf(wanted) == Modality.Finger
                ? ConvertFinger(sample, wanted) : ConvertIris(sample, wanted);
        }
        catch (ArgumentException unrepresentable)
        {
            // The writers throw what a format has no room for; here the caller chose the format.
            return new Failure(FailureCode.InvalidParameter,
                $"templateFormat: {sample.Position} cannot be written as {TemplateFormats.NameOf(wanted)}: "
                + unrepresentable.Message);
        }
    }

    private static Mapped<byte[]> ConvertFinger(Sample sample, TemplateFormat wanted)
    {
        Decoded<FingerRecord> record = FingerRecords.Decode(sample.Format, sample.Template.Span);
        if (!record.IsAccepted)
        {
            return Unreadable(record.Rejection);
        }

        IEnumerable<FingerView> views = record.Value.Views.Select(
            view => view.Position.IsUnknown ? view with { Position = sample.Position } : view);
        return FingerRecords.Encode(wanted, [.. views]);
    }

    private static Mapped<byte[]> ConvertIris(Sample sample, TemplateFormat wanted)
    {
        Decoded<IrisCode> code = IrisTemplates.Decode(sample.Format, sample.Template.Span);
        if (!code.IsAccepted)
        {
            return Unreadable(code.Rejection);
        }

        IrisCode placed = code.Value with { Position = sample.Position };
        return wanted == TemplateFormat.OpenIrisJson
            ? IrisTemplates.EncodeOpenIrisJson(placed) : IrisTemplates.EncodeMatchCluster(placed);
    }

    private static Failure Unreadable(Rejection rejection) =>
        new(FailureCode.StorageFailed, $"a stored template cannot be read: {rejection}");
}
