using MatchCluster.Api.Http;
using MatchCluster.Matching.Model;

namespace MatchCluster.Api.Osia.Contract;

/// <summary>OSIA's BiometricType and BiometricSubType against the engine's places on a body.</summary>
internal static class Positions
{
    public static BiometricType TypeOf(Modality modality) =>
        modality == Modality.Finger ? BiometricType.Finger : BiometricType.Iris;

    public static BiometricSubType SubTypeOf(BiometricPosition position) => position.Modality == Modality.Finger
        ? (BiometricSubType)position.Finger
        : position.Eye switch
        {
            1 => BiometricSubType.EyeRight,
            2 => BiometricSubType.EyeLeft,
            _ => BiometricSubType.EyeUndef,
        };

    public static BiometricPosition UnknownOf(Modality modality) =>
        modality == Modality.Finger ? BiometricPosition.UnknownFinger : BiometricPosition.UnknownEye;

    /// <summary>The modality of a type that can be compared; the failure names the ones that can.</summary>
    public static Mapped<Modality?> ModalityOf(BiometricType type, string path) => type switch
    {
        BiometricType.Finger => (Modality?)Modality.Finger,
        BiometricType.Iris => (Modality?)Modality.Iris,
        _ => new Failure(FailureCode.UnsupportedBiometricData,
            $"{path}.biometricType: {Words<BiometricType>.Of(type)} is not supported, wanted FINGER or IRIS"),
    };

    /// <summary>The fingers that a label stands for together (a slap), or null where it is none of those.</summary>
    public static IReadOnlyList<int>? GroupOf(BiometricSubType? subType) => subType switch
    {
        BiometricSubType.PlainRightFourFingers => [2, 3, 4, 5],
        BiometricSubType.PlainLeftFourFingers => [7, 8, 9, 10],
        BiometricSubType.PlainThumbs => [1, 6],
        BiometricSubType.RightIndexAndMiddle => [2, 3],
        BiometricSubType.RightMiddleAndRing => [3, 4],
        BiometricSubType.RightRingAndLittle => [4, 5],
        BiometricSubType.LeftIndexAndMiddle => [7, 8],
        BiometricSubType.LeftMiddleAndRing => [8, 9],
        BiometricSubType.LeftRingAndLittle => [9, 10],
        BiometricSubType.RightIndexAndLeftIndex => [2, 7],
        BiometricSubType.RightIndexAndMiddleAndRing => [2, 3, 4],
        BiometricSubType.RightMiddleAndRingAndLittle => [3, 4, 5],
        BiometricSubType.LeftIndexAndMiddleAndRing => [7, 8, 9],
        BiometricSubType.LeftMiddleAndRingAndLittle => [8, 9, 10],
        _ => null,
    };

    /// <summary>
    /// One finger or one eye; absent, UNKNOWN and EYE_UNDEF leave the place to the template.
    /// </summary>
    public static Mapped<BiometricPosition> Read(BiometricSubType? subType, Modality modality, string path)
    {
        switch (modality, subType)
        {
            case (_, null or BiometricSubType.Unknown):
                return UnknownOf(modality);
            case (Modality.Finger, <= BiometricSubType.LeftLittle):
                return BiometricPosition.OfFinger((int)subType);
            case (Modality.Iris, BiometricSubType.EyeRight):
                return BiometricPosition.RightEye;
            case (Modality.Iris, BiometricSubType.EyeLeft):
                return BiometricPosition.LeftEye;
            case (Modality.Iris, BiometricSubType.EyeUndef):
                return BiometricPosition.UnknownEye;
            default:
                string wanted = modality == Modality.Finger
                    ? "one finger, RIGHT_THUMB ... LEFT_LITTLE, or fingers of one slap"
                    : "one eye, EYE_RIGHT or EYE_LEFT";
                return new Failure(FailureCode.InvalidBiometricData,
                    $"{path}.biometricSubType: found {Words<BiometricSubType>.Of(subType.Value)}, wanted {wanted}");
        }
    }
}
