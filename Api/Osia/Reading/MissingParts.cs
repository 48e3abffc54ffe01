using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Matching;
using MatchCluster.Matching.Model;

namespace MatchCluster.Api.Osia.Reading;

/// <summary>OSIA's <c>missing</c> of an item to the engine's and back.</summary>
internal static class MissingParts
{
    /// <summary>What an item says is missing of it.</summary>
    /// <param name="item">Its missing is not empty.</param>
    /// <param name="modality">The modality of its type.</param>
    /// <param name="sample">Index of the sample that came with it, or null.</param>
    /// <param name="path">The item in the body.</param>
    public static Parsed<MissingItem> Read(OsiaBiometricData item, Modality modality, int? sample, string path)
    {
        return FaultOf(item, path) is { } fault ? fault : new MissingItem
        {
            Modality = modality,
            Place = WordOf(item.BiometricSubType),
            Instance = item.Instance,
            Sample = sample,
            Parts = [.. item.Missing!.Select(part => new MissingPart(
                WordOf(part!.BiometricSubType),
                part.Presence is { } presence ? ReasonOf(presence) : null))],
        };
    }

    /// <summary>What is wrong with the list itself; null where nothing is, or where there is no list.</summary>
    public static Failure? FaultOf(OsiaBiometricData item, string path) =>
        item.Missing is { Count: > Limits.MissingParts } many
            ? new Failure(FailureCode.InvalidBiometricData,
                $"{path}.missing: found {many.Count} parts, wanted at most {Limits.MissingParts}")
        : item.Missing is { } parts && parts.Any(part => part is null)
            ? new Failure(FailureCode.InvalidBiometricData, $"{path}.missing: found null, wanted objects")
        : null;

    /// <summary>
    /// What is missing of the sample of this index, as OSIA says it; null where nothing is missing.
    /// </summary>
    public static IReadOnlyList<OsiaMissing>? Of(IReadOnlyList<MissingItem> items, int sample) =>
        items.FirstOrDefault(item => item.Sample == sample) is { } found ? Of(found) : null;

    /// <summary>The item of a capture that gave no sample.</summary>
    public static OsiaBiometricData ItemOf(MissingItem item, string encounterId) => new()
    {
        BiometricType = Positions.TypeOf(item.Modality),
        BiometricSubType = SubTypeOf(item.Place),
        Instance = item.Instance,
        EncounterId = encounterId,
        Missing = Of(item),
    };

    private static IReadOnlyList<OsiaMissing> Of(MissingItem item) => [.. item.Parts.Select(part => new OsiaMissing
    {
        BiometricSubType = SubTypeOf(part.Place),
        Presence = part.Reason is { } reason ? PresenceOf(reason) : null,
    })];

    private static string? WordOf(BiometricSubType? subType) =>
        subType is { } place ? EnumWords<BiometricSubType>.Of(place) : null;

    private static BiometricSubType? SubTypeOf(string? word) =>
        word is not null && EnumWords<BiometricSubType>.TryRead(word, out BiometricSubType place) ? place : null;

    private static MissingReason ReasonOf(Presence presence) => presence switch
    {
        Presence.Bandaged => MissingReason.Bandaged,
        Presence.Amputated => MissingReason.Amputated,
        _ => MissingReason.Damaged,
    };

    private static Presence PresenceOf(MissingReason reason) => reason switch
    {
        MissingReason.Bandaged => Presence.Bandaged,
        MissingReason.Amputated => Presence.Amputated,
        _ => Presence.Damaged,
    };
}
