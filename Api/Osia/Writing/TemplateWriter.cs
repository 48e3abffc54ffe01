using MatchCluster.Api.Http;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Api.Osia.Writing;

/// <summary>
/// Stored samples as OSIA's computed data, in the format they were supplied in or another one.
/// </summary>
internal static class TemplateWriter
{
    /// <summary>The sample's template; null where it holds nothing of the finger that is asked for.</summary>
    /// <param name="sample">The sample as it is stored.</param>
    /// <param name="wanted">The format, or null for its own.</param>
    /// <param name="finger">The one finger of a record that is asked for, or null for the whole of it.</param>
    public static Parsed<OsiaComputedData?> Write(Sample sample, TemplateFormat? wanted, BiometricPosition? finger)
    {
        TemplateFormat format = wanted ?? sample.Format;
        if (format == sample.Format && finger is null)
        {
            return Computed(sample, sample.Position, format, sample.Template.ToArray());
        }

        Decoded<DecodedSample> decoded = SampleDecoder.Decode(sample, 0);
        if (!decoded.IsAccepted)
        {
            return Unreadable(decoded.Rejection);
        }

        IReadOnlyList<FingerView> views = decoded.Value.Fingers;
        FingerView[] asked = [.. views.Where(view => finger is null || view.Position == finger)];
        if (finger is not null && asked.Length == 0)
        {
            return (OsiaComputedData?)null;
        }

        bool isWhole = format == sample.Format && asked.Length == views.Count;
        Parsed<byte[]> bytes = isWhole ? sample.Template.ToArray() : Convert(sample, decoded.Value, asked, format);
        return bytes.IsFailed
            ? bytes.Failure : Computed(sample, finger ?? sample.Position, format, bytes.Value);
    }

    /// <summary>The one view of a sample in a card format; null where it holds nothing of the finger.</summary>
    public static Parsed<OsiaComputedData?> WriteCard(Sample sample, CardSize size, BiometricPosition? finger)
    {
        Decoded<DecodedSample> decoded = SampleDecoder.Decode(sample, 0);
        if (!decoded.IsAccepted)
        {
            return Unreadable(decoded.Rejection);
        }

        FingerView[] asked = [.. decoded.Value.Fingers.Where(view => finger is null || view.Position == finger)];
        if (asked.Length == 0)
        {
            return (OsiaComputedData?)null;
        }

        string name = CardFormats.NameOf(size);
        Parsed<byte[]> bytes = Written(sample, name, () => CardMinutiae.Encode(size, asked));
        return bytes.IsFailed ? bytes.Failure
            : Computed(sample, finger ?? sample.Position, sample.Format, bytes.Value) with { TemplateFormat = name };
    }

    private static OsiaComputedData Computed(
        Sample sample, BiometricPosition place, TemplateFormat format, byte[] template) => new()
        {
            BiometricType = Positions.TypeOf(place.Modality),
            BiometricSubType = Positions.SubTypeOf(place),
            Instance = sample.Instance,
            Template = template,
            TemplateFormat = TemplateFormats.NameOf(format),
            Quality = sample.Quality,
        };

    private static Parsed<byte[]> Convert(
        Sample sample, DecodedSample decoded, FingerView[] views, TemplateFormat wanted) => Written(
            sample, TemplateFormats.NameOf(wanted),
            () => ModalityTable.Of(wanted).Encode(wanted, decoded with { Fingers = views }, sample.Position));

    private static Parsed<byte[]> Written(Sample sample, string format, Func<byte[]> write)
    {
        try
        {
            return write();
        }
        catch (ArgumentException unrepresentable)
        {
            // The writers throw what a format has no room for; here the caller chose the format. Their parameters
            // are no words of the caller's.
            string reason = unrepresentable.Message.Replace(
                $" (Parameter '{unrepresentable.ParamName}')", "", StringComparison.Ordinal);
            return new Failure(FailureCode.InvalidParameter,
                $"templateFormat: {sample.Position} cannot be written as {format}: {reason}");
        }
    }

    private static Failure Unreadable(Rejection rejection) =>
        new(FailureCode.StorageFailed, $"a stored template cannot be read: {rejection}");
}
