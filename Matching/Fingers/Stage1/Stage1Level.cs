namespace MatchCluster.Matching.Fingers.Stage1;

/// <summary>Widths of the first stage's vectors; the distance is the same integer in every one.</summary>
internal enum Stage1Level
{
    /// <summary>64-bit registers: every CPU.</summary>
    Scalar,

    Vector128,

    Vector256,

    Vector512,
}

internal static class Stage1Levels
{
    /// <summary>The widest this CPU and runtime support.</summary>
    public static Stage1Level Widest =>
        SlotLanes512.IsSupported ? Stage1Level.Vector512
        : SlotLanes256.IsSupported ? Stage1Level.Vector256
        : SlotLanes128.IsSupported ? Stage1Level.Vector128
        : Stage1Level.Scalar;

    public static bool IsSupported(Stage1Level level) => level <= Widest;
}
