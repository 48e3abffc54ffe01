using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Requests;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Writing;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Api.Osia.Endpoints;

/// <summary>Which templates of an encounter are asked for, and in which format.</summary>
internal sealed record TemplateSelection
{
    private BiometricType? Type { get; init; }

    private BiometricSubType? SubType { get; init; }

    private string? Instance { get; init; }

    private TemplateFormat? Format { get; init; }

    /// <summary>A card format, in which one finger is written; its samples are stored as records.</summary>
    private CardSize? Card { get; init; }

    public static Parsed<TemplateSelection> Read(TemplateQuery query)
    {
        BiometricType type = default;
        if (query.BiometricType is not null && !EnumWords<BiometricType>.TryRead(query.BiometricType, out type))
        {
            return Failure.Invalid(
                "biometricType", query.BiometricType, string.Join(", ", EnumWords<BiometricType>.All));
        }

        BiometricSubType subType = default;
        if (query.BiometricSubType is not null
            && !EnumWords<BiometricSubType>.TryRead(query.BiometricSubType, out subType))
        {
            return Failure.Invalid(
                "biometricSubType", query.BiometricSubType, "RIGHT_THUMB ... LEFT_LITTLE, EYE_RIGHT, EYE_LEFT");
        }

        TemplateFormat? format = null;
        CardSize? card = null;
        if (query.TemplateFormat is { } name)
        {
            card = CardFormats.Read(name);
            format = card is null ? TemplateFormats.Read(name) : CardFormats.StoredAs;
            if (format is null)
            {
                return Failure.Invalid("templateFormat", name, TemplateFormats.Names);
            }
        }

        if (query.Instance is not null && Identifiers.Check("instance", query.Instance) is { } badInstance)
        {
            return badInstance;
        }

        return new TemplateSelection
        {
            Type = query.BiometricType is null ? null : type,
            SubType = query.BiometricSubType is null ? null : subType,
            Instance = query.Instance,
            Format = format,
            Card = card,
        };
    }

    /// <summary>A format selects its own modality: asking for ISO_19794_2 asks for fingers.</summary>
    public Parsed<List<OsiaComputedData>> Of(IReadOnlyList<Sample> samples)
    {
        List<OsiaComputedData> selected = [];
        foreach (Sample sample in samples.Where(IsAskedFor))
        {
            Parsed<OsiaComputedData?> written = Card is { } size
                ? TemplateWriter.WriteCard(sample, size, Finger) : TemplateWriter.Write(sample, Format, Finger);
            if (written.Failure is { } failure)
            {
                return failure;
            }

            if (written.Value is { } data)
            {
                selected.Add(data);
            }
        }

        return selected.Count > 0 ? selected : new Failure(FailureCode.Unknown, "unknown biometrics");
    }

    /// <summary>
    /// The finger that is asked for: it may lie in a record of several, under another label or none.
    /// </summary>
    private BiometricPosition? Finger => SubType is >= BiometricSubType.RightThumb and <= BiometricSubType.LeftLittle
        ? BiometricPosition.OfFinger((int)SubType) : null;

    private bool IsAskedFor(Sample sample) =>
        (Type is null || Type == Positions.TypeOf(sample.Position.Modality))
        && (SubType is null || SubType == Positions.SubTypeOf(sample.Position)
            || Finger?.Modality == sample.Position.Modality)
        && (Instance is null || Instance == sample.Instance)
        && (Format is null || TemplateFormats.ModalityOf(Format.Value) == sample.Position.Modality);
}
