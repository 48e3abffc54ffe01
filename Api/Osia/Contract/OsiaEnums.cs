using System.Text.Json.Serialization;

namespace MatchCluster.Api.Osia.Contract;

// The enumerations of OSIA ABIS 1.6.0, spelled as C# spells them; EnumWords<T> turns RightIndex into RIGHT_INDEX.

[JsonConverter(typeof(WordConverter<StatusWord>))]
internal enum StatusWord
{
    Active,
    Inactive,
}

[JsonConverter(typeof(WordConverter<BiometricType>))]
internal enum BiometricType
{
    Face,
    Finger,
    Iris,
    Signature,
    Unknown,
}

[JsonConverter(typeof(WordConverter<Presence>))]
internal enum Presence
{
    Bandaged,
    Amputated,
    Damaged,
}

[JsonConverter(typeof(WordConverter<CompressionType>))]
internal enum CompressionType
{
    None,
    Wsq,
    Jpeg,
    Jpeg2000,
    Png,
}

[JsonConverter(typeof(WordConverter<TaskStatusWord>))]
internal enum TaskStatusWord
{
    Pending,
    ResponseScheduled,
    ResponseError,
    ResponseRetry,
    Completed,
}

[JsonConverter(typeof(WordConverter<ImpressionType>))]
internal enum ImpressionType
{
    LiveScanPlain,
    LiveScanRolled,
    NonliveScanPlain,
    NonliveScanRolled,
    LatentImpression,
    LatentTracing,
    LatentPhoto,
    LatentLift,
    LiveScanSwipe,
    LiveScanVerticalRoll,
    LiveScanPalm,
    NonliveScanPalm,
    LatentPalmImpression,
    LatentPalmTracing,
    LatentPalmPhoto,
    LatentPalmLift,
    LiveScanOpticalContactlessPlain,
    Other,
    Unknown,
}

[JsonConverter(typeof(WordConverter<BiometricSubType>))]
internal enum BiometricSubType
{
    // Unknown and the ten fingers carry the codes of ISO/IEC 19794-2.
    Unknown = 0,
    RightThumb = 1,
    RightIndex = 2,
    RightMiddle = 3,
    RightRing = 4,
    RightLittle = 5,
    LeftThumb = 6,
    LeftIndex = 7,
    LeftMiddle = 8,
    LeftRing = 9,
    LeftLittle = 10,
    PlainRightFourFingers,
    PlainLeftFourFingers,
    PlainThumbs,
    UnknownPalm,
    RightFullPalm,
    RightWritersPalm,
    LeftFullPalm,
    LeftWritersPalm,
    RightLowerPalm,
    RightUpperPalm,
    LeftLowerPalm,
    LeftUpperPalm,
    RightOther,
    LeftOther,
    RightInterdigital,
    RightThenar,
    RightHypothenar,
    LeftInterdigital,
    LeftThenar,
    LeftHypothenar,
    RightIndexAndMiddle,
    RightMiddleAndRing,
    RightRingAndLittle,
    LeftIndexAndMiddle,
    LeftMiddleAndRing,
    LeftRingAndLittle,
    RightIndexAndLeftIndex,
    RightIndexAndMiddleAndRing,
    RightMiddleAndRingAndLittle,
    LeftIndexAndMiddleAndRing,
    LeftMiddleAndRingAndLittle,
    EyeUndef,
    EyeRight,
    EyeLeft,
    EyeBoth,
    Portrait,
    LeftProfile,
    RightProfile,
}
