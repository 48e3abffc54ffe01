using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;

namespace MatchCluster.Api.Osia.Contract;

/// <summary>OSIA's BiometricType and BiometricSubType against the engine's places on a body.</summary>
internal static class Positions
{
    public static BiometricType TypeOf(Modality modality) => modality switch
    {
        Modality.Finger => BiometricType.Finger,
        Modality.Iris => BiometricType.Iris,
    };

    public static BiometricSubType SubTypeOf(BiometricPosition position) => position.Modality switch
    {
        Modality.Finger => (BiometricSubType)position.Finger,
        Modality.Iris => position.Eye switch
        {
            1 => BiometricSubType.EyeRight,
            2 => BiometricSubType.EyeLeft,
            _ => BiometricSubType.EyeUndef,
        },
    };

    public static BiometricPosition UnknownOf(Modality modality) => ModalityTable.Of(modality).Unknown;

    /// <summary>The modality of a type that can be compared; the failure names the ones that can.</summary>
    public static Parsed<Modality?> ModalityOf(BiometricType type, string path)
    {
        foreach (ModalityRules rules in ModalityTable.All)
        {
            if (TypeOf(rules.Modality) == type)
            {
                return (Modality?)rules.Modality;
            }
        }

        string wanted = string.Join(" or ", ModalityTable.All.Select(
            rules => EnumWords<BiometricType>.Of(TypeOf(rules.Modality))));
        return new Failure(FailureCode.UnsupportedBiometricData,
            $"{path}.biometricType: {EnumWords<BiometricType>.Of(type)} is not supported, wanted {wanted}");
    }

    /// <summary>Whether samples of a type can be compared.</summary>
    public static bool IsCompared(BiometricType type) =>
        ModalityTable.All.Any(rules => TypeOf(rules.Modality) == type);

    /// <summary>The fingers that a label stands for together (a slap), or null where it is none of those.</summary>
    public static IReadOnlyList<int>? GroupOf(BiometricSubType? subType, Modality modality) =>
        SlapOf(subType, modality) is { } code ? SlapPositions.FromLeft(code) : null;

    /// <summary>The code of a label of several fingers (<see cref="SlapPositions"/>), or null.</summary>
    public static int? SlapOf(BiometricSubType? subType, Modality modality) => modality switch
    {
        Modality.Finger => SlapOf(subType),
        Modality.Iris => null,
    };

    /// <summary>The label of a slap's code; null for none.</summary>
    public static BiometricSubType? LabelOf(int? slap) => slap is null ? null
        : Enum.GetValues<BiometricSubType>().Where(each => SlapOf(each) == slap)
            .Select(each => (BiometricSubType?)each).FirstOrDefault();

    /// <summary>Whether a label stands for both eyes: one picture of them, or none that could be captured.</summary>
    public static bool IsBothEyes(BiometricSubType? subType, Modality modality) => modality switch
    {
        Modality.Finger => false,
        Modality.Iris => subType == BiometricSubType.EyeBoth,
    };

    private static int? SlapOf(BiometricSubType? subType) => subType switch
    {
        BiometricSubType.PlainRightFourFingers => SlapPositions.RightFour,
        BiometricSubType.PlainLeftFourFingers => SlapPositions.LeftFour,
        BiometricSubType.PlainThumbs => SlapPositions.Thumbs,
        BiometricSubType.RightIndexAndMiddle => 40,
        BiometricSubType.RightMiddleAndRing => 41,
        BiometricSubType.RightRingAndLittle => 42,
        BiometricSubType.LeftIndexAndMiddle => 43,
        BiometricSubType.LeftMiddleAndRing => 44,
        BiometricSubType.LeftRingAndLittle => 45,
        BiometricSubType.RightIndexAndLeftIndex => 46,
        BiometricSubType.RightIndexAndMiddleAndRing => 47,
        BiometricSubType.RightMiddleAndRingAndLittle => 48,
        BiometricSubType.LeftIndexAndMiddleAndRing => 49,
        BiometricSubType.LeftMiddleAndRingAndLittle => 50,
        _ => null,
    };

    /// <summary>
    /// One finger or one eye; absent, UNKNOWN and EYE_UNDEF leave the place to the template.
    /// </summary>
    public static Parsed<BiometricPosition> Read(BiometricSubType? subType, Modality modality, string path)
    {
        BiometricPosition? found = subType is null or BiometricSubType.Unknown ? UnknownOf(modality)
            : modality switch
            {
                Modality.Finger => FingerOf(subType.Value),
                Modality.Iris => EyeOf(subType.Value),
            };
        return found is { } position ? position : new Failure(FailureCode.InvalidBiometricData,
            $"{path}.biometricSubType: found {EnumWords<BiometricSubType>.Of(subType!.Value)}, "
            + $"wanted {Wanted(modality)}");
    }

    private static BiometricPosition? FingerOf(BiometricSubType subType) =>
        subType <= BiometricSubType.LeftLittle ? BiometricPosition.OfFinger((int)subType) : null;

    private static BiometricPosition? EyeOf(BiometricSubType subType) => subType switch
    {
        BiometricSubType.EyeRight => BiometricPosition.RightEye,
        BiometricSubType.EyeLeft => BiometricPosition.LeftEye,
        BiometricSubType.EyeUndef => BiometricPosition.UnknownEye,
        _ => null,
    };

    private static string Wanted(Modality modality) => modality switch
    {
        Modality.Finger => "one finger, RIGHT_THUMB ... LEFT_LITTLE, or fingers of one slap",
        Modality.Iris => "one eye, EYE_RIGHT or EYE_LEFT",
    };
}
