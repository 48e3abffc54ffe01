using MatchCluster.Api.Http;
using MatchCluster.Matching;
using MatchCluster.Matching.Model;

namespace MatchCluster.Api.Osia;

/// <summary>
/// OSIA's biometric items to the engine's samples. Every template is decoded here once, so that what is wrong
/// with it is said with the item's place in the body.
/// </summary>
internal static class BiometricDataReader
{
    /// <summary>The samples of the items; items that only state a missing finger give none.</summary>
    public static Mapped<List<Sample>> Read(
        IReadOnlyList<OsiaBiometricData?> items, string path, NotStored notStored)
    {
        if (items.Count > Limits.SamplesPerEncounter)
        {
            return new Failure(FailureCode.InvalidBiometricData,
                $"{path}: found {items.Count} items, wanted at most {Limits.SamplesPerEncounter}");
        }

        List<Sample> samples = new(items.Count);
        for (int i = 0; i < items.Count; i++)
        {
            if (ReadItem(items[i], $"{path}[{i}]", samples, notStored) is { } failure)
            {
                return failure;
            }
        }

        return samples.Count <= Limits.SamplesPerEncounter ? samples
            : new Failure(FailureCode.InvalidBiometricData,
                $"{path}: found {samples.Count} fingers and eyes, wanted at most {Limits.SamplesPerEncounter}");
    }

    /// <summary>The same to search with: at least one sample is wanted.</summary>
    public static Mapped<List<Sample>> ReadProbe(IReadOnlyList<OsiaBiometricData?> items, string path)
    {
        Mapped<List<Sample>> samples = Read(items, path, new NotStored());
        return !samples.IsFailed && samples.Value.Count == 0
            ? new Failure(FailureCode.InvalidBiometricData, $"{path}: found no template, wanted at least one")
            : samples;
    }

    private static Failure? ReadItem(OsiaBiometricData? item, string path, List<Sample> samples, NotStored notStored)
    {
        if (item is null)
        {
            return new Failure(FailureCode.InvalidBiometricData, $"{path}: found null, wanted an object");
        }

        if (Unsupported(item, path) is { } unsupported)
        {
            return unsupported;
        }

        Mapped<Modality?> modality = Positions.ModalityOf(item.BiometricType, path);
        if (modality.IsFailed)
        {
            return modality.Failure;
        }

        Mapped<BiometricPosition> position = Positions.Read(item.BiometricSubType, modality.Value!.Value, path);
        if (position.IsFailed)
        {
            return position.Failure;
        }

        if (item.Instance is not null && Identifiers.Check($"{path}.instance", item.Instance) is { } badInstance)
        {
            return badInstance;
        }

        Note(item, notStored);
        if (item.Template is null)
        {
            return item.Missing is { Count: > 0 } ? null
                : new Failure(FailureCode.InvalidBiometricData,
                    $"{path}.template: missing; {Wanted(modality.Value.Value)}");
        }

        return ReadTemplate(item, modality.Value.Value, position.Value, path, samples);
    }

    private static Failure? ReadTemplate(
        OsiaBiometricData item, Modality modality, BiometricPosition position, string path, List<Sample> samples)
    {
        TemplateFormat? format = item.TemplateFormat is { } name ? TemplateFormats.Read(name, modality) : null;
        if (format is null)
        {
            return new Failure(
                item.TemplateFormat is null ? FailureCode.InvalidBiometricData : FailureCode.UnsupportedBiometricData,
                $"{path}.templateFormat: {(item.TemplateFormat is null ? "missing" : "not supported")}; "
                + Wanted(modality));
        }

        Sample sample = new()
        {
            Position = position,
            Format = format.Value,
            Template = item.Template,
            Instance = item.Instance,
            Quality = item.Quality is >= 0 and <= 100 ? (int)item.Quality : null,
        };
        Mapped<Sample> placed = SampleCheck.Place(sample, path);
        if (placed.IsFailed)
        {
            return placed.Failure;
        }

        samples.Add(placed.Value);
        return null;
    }

    private static string Wanted(Modality modality) =>
        $"wanted template and templateFormat, one of {TemplateFormats.NamesOf(modality)}";

    private static Failure? Unsupported(OsiaBiometricData item, string path)
    {
        string? name = item.Image is not null ? "image"
            : item.ImageRef is not null ? "imageRef"
            : item.TemplateRef is not null ? "templateRef"
            : item.Encryption is not null ? "encryption"
            : item.Integrity is not null ? "integrity"
            : null;
        return name is null ? null
            : new Failure(FailureCode.UnsupportedBiometricData,
                $"{path}.{name}: not supported in this version; send the template itself, in template and "
                + "templateFormat, as plain base64");
    }

    private static void Note(OsiaBiometricData item, NotStored notStored)
    {
        notStored.AddIf(item.Missing is not null, "biometricData.missing");
        notStored.AddIf(item.CaptureDate is not null, "biometricData.captureDate");
        notStored.AddIf(item.CaptureDevice is not null, "biometricData.captureDevice");
        notStored.AddIf(item.ImpressionType is not null, "biometricData.impressionType");
        notStored.AddIf(item.Width is not null, "biometricData.width");
        notStored.AddIf(item.Height is not null, "biometricData.height");
        notStored.AddIf(item.Bitdepth is not null, "biometricData.bitdepth");
        notStored.AddIf(item.MimeType is not null, "biometricData.mimeType");
        notStored.AddIf(item.Resolution is not null, "biometricData.resolution");
        notStored.AddIf(item.Compression is not null, "biometricData.compression");
        notStored.AddIf(item.Metadata is not null, "biometricData.metadata");
        notStored.AddIf(item.Comment is not null, "biometricData.comment");
        notStored.AddIf(item.Quality is < 0 or > 100, "biometricData.quality");
        notStored.AddIf(item.QualityFormat is not null, "biometricData.qualityFormat");
        notStored.AddIf(item.Algorithm is not null, "biometricData.algorithm");
        notStored.AddIf(item.Vendor is not null, "biometricData.vendor");
    }
}
