using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Requests;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;
using MatchCluster.Matching.Templates.Wrappers;

namespace MatchCluster.Api.Osia.Reading;

/// <summary>One biometric item: a sample, what is missing of one, or why it is neither.</summary>
internal static class BiometricItem
{
    /// <summary>
    /// Adds what the item holds. For an item that this server cannot use (a face, an address that may not be
    /// fetched, a format that is not read) the failure is <see cref="FailureCode.UnsupportedBiometricData"/>.
    /// </summary>
    public static Failure? Read(OsiaBiometricData? item, string path, BiometricItems read, NotStored notStored)
    {
        if (item is null)
        {
            return new Failure(FailureCode.InvalidBiometricData, $"{path}: found null, wanted an object");
        }

        if (IsProtected(item))
        {
            return NotSupported($"{path}.{(item.Encryption is not null ? "encryption" : "integrity")}");
        }

        Parsed<Modality?> modality = Positions.ModalityOf(item.BiometricType, path);
        if (modality.IsFailed)
        {
            return modality.Failure;
        }

        bool canBeUsed = HasSample(item) || item.Missing is { Count: > 0 };
        if (BesideTemplate(item) is { } other && (!canBeUsed || notStored.RefusesUnsupported))
        {
            return item.Template is null ? NotSupported($"{path}.{other}")
                : new Failure(FailureCode.UnsupportedBiometricData,
                    $"{path}.{other}: not used, because a template is beside it; send one of the two");
        }

        if (item.Instance is not null && Identifiers.Check($"{path}.instance", item.Instance) is { } badInstance)
        {
            return badInstance;
        }

        return ReadContent(item, modality.Value!.Value, path, read, notStored);
    }

    /// <summary>Encrypted or signed: what it is worth without that is not ours to decide.</summary>
    public static bool IsProtected(OsiaBiometricData? item) =>
        item is { Encryption: not null } or { Integrity: not null };

    /// <summary>What cannot be used of an item, in a word.</summary>
    public static string NameOf(OsiaBiometricData item) =>
        !Positions.IsCompared(item.BiometricType)
            ? EnumWords<BiometricType>.Of(item.BiometricType)
            : item.Template is null ? BesideTemplate(item) ?? "template" : "templateFormat";

    private static Failure? ReadContent(
        OsiaBiometricData item, Modality modality, string path, BiometricItems read, NotStored notStored)
    {
        bool isMissing = item.Missing is { Count: > 0 };
        IReadOnlyList<int>? group = Positions.GroupOf(item.BiometricSubType, modality);
        bool both = item.Template is null && Positions.IsBothEyes(item.BiometricSubType, modality);
        Parsed<BiometricPosition> position = group is not null || both
            ? Positions.UnknownOf(modality) : Positions.Read(item.BiometricSubType, modality, path);
        if (position.IsFailed)
        {
            return position.Failure;
        }

        if (!HasSample(item) && !isMissing)
        {
            return new Failure(FailureCode.InvalidBiometricData, $"{path}.template: missing; {Wanted(modality)}");
        }

        int? sample = HasSample(item) ? read.Samples.Count : null;
        Parsed<MissingItem> missing = isMissing ? MissingParts.Read(item, modality, sample, path) : default;
        Failure? failure = missing.Failure
            ?? (item.Extracted is not null ? AddExtracted(item, position.Value, group, path, read, notStored)
                : item.Template is null ? null
                : ReadTemplate(item, modality, position.Value, group, path, read, notStored));
        if (failure is not null)
        {
            return failure;
        }

        if (missing.Value is { } part)
        {
            read.Missing.Add(part);
        }

        Note(item, notStored);
        return null;
    }

    private static bool HasSample(OsiaBiometricData item) => item.Template is not null || item.Extracted is not null;

    /// <summary>What was extracted of an image; it goes the way of a template that was sent.</summary>
    private static Failure? AddExtracted(
        OsiaBiometricData item, BiometricPosition position, IReadOnlyList<int>? group, string path, BiometricItems read,
        NotStored notStored)
    {
        int first = read.Samples.Count;
        foreach (ExtractedTemplate extracted in item.Extracted!)
        {
            Sample sample = new()
            {
                Position = group is null && !position.IsUnknown ? position : extracted.Position,
                Format = extracted.Format,
                Template = extracted.Template,
                Instance = item.Instance,
                Quality = extracted.Quality,
            };
            // A slap's label was used up: it said which finger is which.
            if (Keep(sample, null, path, read, notStored) is { } failure)
            {
                return failure;
            }
        }

        if (item.Kept is { } picture)
        {
            read.Pictures.Add(picture with { Samples = [.. Enumerable.Range(first, read.Samples.Count - first)] });
        }

        return null;
    }

    /// <summary>Adds a sample where it belongs, or says why it belongs nowhere.</summary>
    private static Failure? Keep(
        Sample sample, IReadOnlyList<int>? group, string path, BiometricItems read, NotStored notStored)
    {
        Parsed<Sample> placed = SampleCheck.Place(sample, group, path, notStored);
        if (!placed.IsFailed)
        {
            read.Samples.Add(placed.Value);
        }

        return placed.Failure;
    }

    private static Failure? ReadTemplate(
        OsiaBiometricData item, Modality modality, BiometricPosition position, IReadOnlyList<int>? group, string path,
        BiometricItems read, NotStored notStored)
    {
        if (CardFormats.Read(item.TemplateFormat) is { } size
            && TemplateFormats.ModalityOf(CardFormats.StoredAs) == modality)
        {
            return ReadCard(item, size, position, group, path, read, notStored);
        }

        TemplateFormat? format = item.TemplateFormat is { } name ? TemplateFormats.Read(name, modality) : null;
        if (format is null)
        {
            return new Failure(
                item.TemplateFormat is null ? FailureCode.InvalidBiometricData : FailureCode.UnsupportedBiometricData,
                $"{path}.templateFormat: {(item.TemplateFormat is null ? "missing" : "not supported")}; "
                + Wanted(modality));
        }

        Parsed<ReadOnlyMemory<byte>> template = Unwrapped(item.Template!, path, notStored);
        if (template.IsFailed)
        {
            return template.Failure;
        }

        Sample sample = new()
        {
            Position = position,
            Format = format.Value,
            Template = template.Value,
            Instance = item.Instance,
            Quality = item.Quality is >= 0 and <= 100 ? (int)item.Quality : null,
        };
        return Keep(sample, group, path, read, notStored);
    }

    /// <summary>Minutiae of a card, kept as a record that states the label's finger.</summary>
    private static Failure? ReadCard(
        OsiaBiometricData item, CardSize size, BiometricPosition position, IReadOnlyList<int>? group, string path,
        BiometricItems read, NotStored notStored)
    {
        Parsed<ReadOnlyMemory<byte>> template = Unwrapped(item.Template!, path, notStored);
        if (template.IsFailed)
        {
            return template.Failure;
        }

        Decoded<FingerRecord> card = CardMinutiae.Decode(size, template.Value.Span);
        if (!card.IsAccepted)
        {
            return new Failure(
                FailureCode.RejectedTemplate, $"{path}.template ({CardFormats.NameOf(size)}): {card.Rejection}");
        }

        Sample sample = new()
        {
            Position = position,
            Format = CardFormats.StoredAs,
            Template = FingerRecords.Encode(
                CardFormats.StoredAs, [.. card.Value.Views.Select(view => view with { Position = position })]),
            Instance = item.Instance,
            Quality = item.Quality is >= 0 and <= 100 ? (int)item.Quality : null,
        };
        notStored.Add("biometricData.templateFormat");
        notStored.Forgive(path, card.Value.Forgiven);
        return Keep(sample, group, path, read, notStored);
    }

    /// <summary>The record inside a CBEFF wrapper; a template without one is itself.</summary>
    private static Parsed<ReadOnlyMemory<byte>> Unwrapped(byte[] template, string path, NotStored notStored)
    {
        Decoded<WrappedBlocks> blocks = BirWrapper.Unwrap(template);
        if (!blocks.IsAccepted)
        {
            return new Failure(FailureCode.RejectedTemplate, $"{path}.template: {blocks.Rejection}");
        }

        notStored.AddIf(blocks.Value.Wrapper is not null, "biometricData.template: its wrapper");
        return blocks.Value.Blocks is [var only] ? only
            : new Failure(
                FailureCode.RejectedTemplate,
                $"{path}.template: found a wrapper round {blocks.Value.Blocks.Count} records, wanted one in each item");
    }

    private static string Wanted(Modality modality) =>
        $"wanted template and templateFormat, one of {TemplateFormats.NamesOf(modality)}";

    /// <summary>The first of what only a template can stand in for, or null.</summary>
    private static string? BesideTemplate(OsiaBiometricData item) => item.Image is not null ? "image"
        : item.ImageRef is not null ? "imageRef"
        : item.TemplateRef is not null ? "templateRef"
        : null;

    private static Failure NotSupported(string name) => new(FailureCode.UnsupportedBiometricData,
        $"{name}: not supported: nothing here makes a template of it; send the template itself, in template and "
        + "templateFormat, or a finger's or an iris's picture in image, as plain base64");

    private static void Note(OsiaBiometricData item, NotStored notStored)
    {
        if (item.Extracted is null)
        {
            NoteImage(item, notStored);
        }

        LeaveOutIf(item.Image is not null, "biometricData.image", notStored);
        LeaveOutIf(item.ImageRef is not null, "biometricData.imageRef", notStored);
        LeaveOutIf(item.TemplateRef is not null, "biometricData.templateRef", notStored);
        notStored.AddIf(item.CaptureDate is not null, "biometricData.captureDate");
        notStored.AddIf(item.CaptureDevice is not null, "biometricData.captureDevice");
        notStored.AddIf(item.ImpressionType is not null, "biometricData.impressionType");
        notStored.AddIf(item.Metadata is not null, "biometricData.metadata");
        notStored.AddIf(item.Comment is not null, "biometricData.comment");
        notStored.AddIf(item.Quality is < 0 or > 100, "biometricData.quality");
        notStored.AddIf(item.QualityFormat is not null, "biometricData.qualityFormat");
        notStored.AddIf(item.Algorithm is not null, "biometricData.algorithm");
        notStored.AddIf(item.Vendor is not null, "biometricData.vendor");
    }

    /// <summary>What is said of an image is of use where one is extracted, and of none otherwise.</summary>
    private static void NoteImage(OsiaBiometricData item, NotStored notStored)
    {
        notStored.AddIf(item.Width is not null, "biometricData.width");
        notStored.AddIf(item.Height is not null, "biometricData.height");
        notStored.AddIf(item.Bitdepth is not null, "biometricData.bitdepth");
        notStored.AddIf(item.MimeType is not null, "biometricData.mimeType");
        notStored.AddIf(item.Resolution is not null, "biometricData.resolution");
        notStored.AddIf(item.Compression is not null, "biometricData.compression");
    }

    private static void LeaveOutIf(bool sent, string name, NotStored notStored)
    {
        if (sent)
        {
            notStored.LeaveOut(name);
        }
    }
}
