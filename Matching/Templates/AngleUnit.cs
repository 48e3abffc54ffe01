namespace MatchCluster.Matching.Templates;

/// <summary>
/// The unit of a record's angle byte; both count counter-clockwise from the positive x axis.
/// </summary>
internal enum AngleUnit
{
    /// <summary>360/256 degrees, ISO/IEC 19794-2: every byte is an angle.</summary>
    Turn256th,

    /// <summary>2 degrees, INCITS 378: 0..179.</summary>
    TwoDegrees,
}

/// <summary>
/// Angle bytes to 65536ths of a turn and back. A 256th is exactly 256 of them; 2 degrees are 364.09, so the
/// nearest is stored, from which rounding back gives the byte again.
/// </summary>
internal static class Angles
{
    private const int Turn = 65536;
    private const int AnsiTurn = 180;

    /// <param name="value">0..255, or 0..179 in units of 2 degrees.</param>
    /// <param name="unit">The unit of the byte.</param>
    public static ushort FromByte(byte value, AngleUnit unit) =>
        unit == AngleUnit.Turn256th
            ? (ushort)(value << 8)
            : (ushort)(((value * Turn) + (AnsiTurn / 2)) / AnsiTurn);

    /// <summary>The nearest unit, cyclically: just below a full turn is 0.</summary>
    public static byte ToByte(ushort angle, AngleUnit unit) =>
        unit == AngleUnit.Turn256th
            ? (byte)((angle + 128) >> 8)
            : (byte)(((angle * AnsiTurn) + (Turn / 2)) / Turn % AnsiTurn);
}
