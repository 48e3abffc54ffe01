using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Api.Osia.Reading;

/// <summary>
/// Decodes a template at the door. The rules are the engine's (<see cref="SampleDecoder"/>); here they get the item's
/// place in the body.
/// </summary>
internal static class SampleCheck
{
    /// <summary>
    /// The sample with its place: the caller's where it names one, else the template's where that holds one finger or
    /// eye. A record of several fingers without a label stands for all of them and keeps the unknown position.
    /// </summary>
    /// <param name="sample">The sample as it was sent.</param>
    /// <param name="group">The fingers that the caller's label stands for together, or null.</param>
    /// <param name="path">The item in the body.</param>
    /// <param name="notStored">Collects what was forgiven.</param>
    public static Parsed<Sample> Place(Sample sample, IReadOnlyList<int>? group, string path, NotStored notStored)
    {
        Decoded<DecodedSample> read = SampleDecoder.Read(sample);
        if (!read.IsAccepted)
        {
            return Rejected(read.Rejection, sample, path);
        }

        IReadOnlyList<BiometricPosition> places = read.Value.Places;
        Decoded<DecodedSample> placed = SampleDecoder.Place(read.Value, sample.Position);
        if (!placed.IsAccepted)
        {
            return Misplaced(path, sample.Position.ToString(), places);
        }

        if (group is not null && places.Any(place => !place.IsUnknown && !group.Contains(place.Finger)))
        {
            return Misplaced(path, "another slap", places);
        }

        notStored.Forgive(path, placed.Value.Forgiven);
        notStored.AddIf(group is not null, "biometricData.biometricSubType");
        Sample known = sample.Position.IsUnknown && group is null && places.Count == 1
            ? sample with { Position = places[0] } : sample;
        return Compact(SampleDecoder.Keep(known, read.Value), placed.Value, notStored);
    }

    /// <summary>Keeps only the codes of a template that is too large as a whole.</summary>
    private static Sample Compact(Sample sample, DecodedSample decoded, NotStored notStored)
    {
        ReadOnlyMemory<byte> stored = ModalityTable.Of(sample.Format)
            .Compact(sample.Format, sample.Template, decoded);
        if (stored.Equals(sample.Template))
        {
            return sample;
        }

        notStored.Add("biometricData.template: all but its codes");
        return sample with { Template = stored };
    }

    private static Failure Misplaced(string path, string label, IReadOnlyList<BiometricPosition> places) => new(
        FailureCode.InvalidBiometricData,
        $"{path}.biometricSubType: found {label}, but the template says {string.Join(", ", places)}");

    private static Failure Rejected(Rejection rejection, Sample sample, string path)
    {
        string hex = Base64Text.WasHex(sample.Template.Span) ? "; the text is hexadecimal, wanted base64" : "";
        return new Failure(
            FailureCode.RejectedTemplate,
            $"{path}.template ({TemplateFormats.NameOf(sample.Format)}): {rejection}{hex}");
    }
}
