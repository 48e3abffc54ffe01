using System.Diagnostics.CodeAnalysis;

namespace MatchCluster.Matching.Model;

/// <summary>
/// One place on a body: a finger by its ISO/IEC 19794-2 code (0 unknown, 1 right thumb ... 10 left little) or an eye
/// by its ISO/IEC 19794-6 code (0 undefined, 1 right, 2 left). Both share one byte so that a row can name its place.
/// </summary>
public readonly record struct BiometricPosition
{
    private const byte LastFinger = 10;
    private const byte FirstEye = 16;
    private const byte LastEye = FirstEye + 2;

    private BiometricPosition(byte code) => Code = code;

    /// <summary>The byte that is stored and sent: 0..10 fingers, 16..18 eyes.</summary>
    public byte Code { get; }

    /// <summary>What the codes are of; every modality has a range of them.</summary>
    public Modality Modality => Code switch
    {
        <= LastFinger => Modality.Finger,
        >= FirstEye and <= LastEye => Modality.Iris,
        _ => throw new InvalidOperationException($"found position code {Code}, wanted a finger's or an eye's"),
    };

    public bool IsUnknown => Code is 0 or FirstEye;

    /// <summary>Finger code 0..10; meaningful for fingers only.</summary>
    public int Finger => Code;

    /// <summary>Eye code 0..2; meaningful for eyes only.</summary>
    public int Eye => Code - FirstEye;

    public static BiometricPosition UnknownFinger => new(0);

    public static BiometricPosition RightEye => new(FirstEye + 1);

    public static BiometricPosition LeftEye => new(FirstEye + 2);

    public static BiometricPosition UnknownEye => new(FirstEye);

    /// <summary>A finger by its standard code.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The code is not 0..10.</exception>
    public static BiometricPosition OfFinger(int code)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(code);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code, LastFinger);
        return new((byte)code);
    }

    /// <summary>An eye by its standard code.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The code is not 0..2.</exception>
    public static BiometricPosition OfEye(int code)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(code);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code, LastEye - FirstEye);
        return new((byte)(FirstEye + code));
    }

    /// <summary>Reads the stored byte back.</summary>
    public static bool TryFromCode(byte code, [NotNullWhen(true)] out BiometricPosition? position)
    {
        position = code is <= LastFinger or (>= FirstEye and <= LastEye) ? new(code) : null;
        return position is not null;
    }

    /// <summary>The corresponding finger of the other hand; an eye or an unknown finger gives itself.</summary>
    public BiometricPosition OtherHand => Code switch
    {
        >= 1 and <= 5 => new((byte)(Code + 5)),
        >= 6 and <= LastFinger => new((byte)(Code - 5)),
        _ => this,
    };

    /// <summary>The eye of the other side; a finger or an unknown eye gives itself.</summary>
    public BiometricPosition OtherEye => Code switch
    {
        FirstEye + 1 => LeftEye,
        LastEye => RightEye,
        _ => this,
    };

    /// <summary>
    /// True where two samples may be compared: same modality, and the same place or one whose place is unknown.
    /// </summary>
    public bool IsComparableWith(BiometricPosition other) =>
        Modality == other.Modality && (Code == other.Code || IsUnknown || other.IsUnknown);

    /// <summary>The OSIA BiometricSubType of this place.</summary>
    public override string ToString() => Code switch
    {
        0 => "UNKNOWN",
        1 => "RIGHT_THUMB",
        2 => "RIGHT_INDEX",
        3 => "RIGHT_MIDDLE",
        4 => "RIGHT_RING",
        5 => "RIGHT_LITTLE",
        6 => "LEFT_THUMB",
        7 => "LEFT_INDEX",
        8 => "LEFT_MIDDLE",
        9 => "LEFT_RING",
        10 => "LEFT_LITTLE",
        FirstEye => "EYE_UNDEF",
        FirstEye + 1 => "EYE_RIGHT",
        LastEye => "EYE_LEFT",
        _ => throw new InvalidOperationException($"found position code {Code}, wanted a finger's or an eye's"),
    };
}
